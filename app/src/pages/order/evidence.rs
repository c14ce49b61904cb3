//! 上传鉴证资料: one card a kind, 确认申请 when all are there (R020–R022, R039–R042).

use super::counter::{Counter, MoveBlocked, MoveButton};
use super::hand_off::PhoneHandOff;
use super::step::StepHead;
use super::upload::UploadCard;
use crate::desk::orders::Act;
use journey::event::EventKind;
use journey::step::Step;
use leptos::prelude::*;

#[component]
pub fn EvidenceStep(counter: Counter) -> impl IntoView {
    let kinds = counter
        .order
        .with_untracked(|order| order.evidence.iter().map(|evidence| evidence.kind).collect::<Vec<_>>());
    view! {
        <StepHead step=Step::Evidence />
        <p class="muted">"支持 JPG、PNG 图片，单个文件不超过 8 MB。资料加密保存，仅用于本次审核。"</p>
        <PhoneHandOff counter />
        <div class="uploads">
            {kinds.into_iter().map(|kind| view! { <UploadCard counter kind /> }).collect_view()}
        </div>
        <MoveBlocked counter event=EventKind::EvidenceSubmitted />
        <div class="actions actions-end">
            <MoveButton counter event=EventKind::ChangeRequested act=Act::Change />
            <MoveButton counter event=EventKind::EvidenceSubmitted act=Act::SubmitEvidence leads=true />
        </div>
    }
}
