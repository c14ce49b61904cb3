//! The three verdicts, each with its confirmation. The office checks again whether this reviewer may decide.

use super::reject::RejectForm;
use super::send_back::SendBackForm;
use super::sitting::Sitting;
use crate::components::dialog::Dialog;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::review::{CaseView, Verdict, decide_review};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

#[component]
pub fn VerdictBar(view: CaseView, case: Asked<CaseView>, sitting: Sitting) -> impl IntoView {
    let Sitting { marks, seen, trouble, .. } = sitting;
    let asking = [(); 3].map(|()| RwSignal::new(false));
    let [passing, sending_back, rejecting] = asking;
    let (decide, waiting) = use_decide(&view, case, trouble, asking);
    let paid = view.paid.map(|paid| paid.yuan());
    let party = view.party;
    let view = StoredValue::new(view);
    view! {
        <div class="verdict">
            <Trouble error=trouble />
            <Show
                when=move || marks.marking.get()
                fallback=move || view! {
                    <div class="verdict-buttons">
                        <button type="button" class="button button-good" on:click=move |_| passing.set(true)>"通过"</button>
                        <button type="button" class="button" on:click=move |_| marks.marking.set(true)>"退回补正"</button>
                        <button type="button" class="button button-danger-quiet" on:click=move |_| rejecting.set(true)>"拒绝"</button>
                    </div>
                }
            >
                <p class="verdict-marking" role="status">
                    {move || match marks.count() {
                        0 => "请在资料和信息旁勾选“需补正”的各项，并选择原因。".to_owned(),
                        count => format!("已选 {count} 项需补正。"),
                    }}
                </p>
                <div class="verdict-buttons">
                    <button type="button" class="button button-primary" disabled=move || !marks.are_complete()
                        on:click=move |_| sending_back.set(true)>"退回补正"</button>
                    <button type="button" class="button" on:click=move |_| marks.drop_all()>"取消补正"</button>
                </div>
            </Show>
        </div>
        <Dialog open=passing id="pass" title="确认通过">
            <PassForm view=view.get_value() seen open=passing waiting decide=move || decide.run(Verdict::Pass) />
        </Dialog>
        <Dialog open=sending_back id="send-back" title="确认退回补正">
            <SendBackForm marks party open=sending_back waiting
                decide=Callback::new(move |()| decide.run(Verdict::Return { items: marks.items() })) />
        </Dialog>
        <Dialog open=rejecting id="reject" title="拒绝申请">
            <RejectForm paid=Signal::stored(paid.clone()) open=rejecting waiting
                decide=Callback::new(move |reason| decide.run(Verdict::Reject { reason })) />
        </Dialog>
    }
}

#[component]
fn PassForm(
    view: CaseView,
    seen: RwSignal<Vec<String>>,
    open: RwSignal<bool>,
    #[prop(into)] waiting: Signal<bool>,
    #[prop(into)] decide: Callback<()>,
) -> impl IntoView {
    let unseen: Vec<&str> = view
        .evidence
        .iter()
        .filter(|item| {
            item.file.as_ref().is_none_or(|file| !seen.with_untracked(|seen| seen.contains(&file.id)))
        })
        .map(|item| item.kind.title())
        .collect();
    let unseen = (!unseen.is_empty()).then(|| {
        view! { <Notice tone=Tone::Warning title="还有资料没有打开看过">{unseen.join("、")}</Notice> }
    });
    view! {
        {unseen}
        <p>
            "订单 "<span class="number">{view.number}</span>"（"{view.details.holder_name}
            "）的信息与鉴证资料已核对一致。通过后系统会生成证书密码并按所选方式发送，订单进入制证。"
        </p>
        <div class="actions actions-end">
            <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
            <button type="button" class="button button-good" disabled=move || waiting.get()
                on:click=move |_| decide.run(())>"确认通过"</button>
        </div>
    }
}

/// Sends a verdict; when it stands, the queue opens and says so. When it does not, the question (`asking`) closes, the
/// reason is said, and the case is read anew: somebody may have been faster.
fn use_decide(
    view: &CaseView,
    case: Asked<CaseView>,
    trouble: RwSignal<Option<DeskError>>,
    asking: [RwSignal<bool>; 3],
) -> (Callback<Verdict>, RwSignal<bool>) {
    let session = use_session();
    let navigate = StoredValue::new_local(use_navigate());
    let waiting = RwSignal::new(false);
    let (number, version) = (StoredValue::new(view.number.clone()), view.version);
    let decide = Callback::new(move |verdict: Verdict| {
        if waiting.get_untracked() {
            return;
        }
        waiting.set(true);
        trouble.set(None);
        spawn_local(async move {
            let done = done_words(&verdict);
            let number = number.get_value();
            match decide_review(number.clone(), version, verdict).await {
                Ok(()) => {
                    session.say(format!("订单 {number} {done}。"));
                    navigate.with_value(|navigate| navigate("/staff/review", Default::default()));
                }
                Err(error) => {
                    session.heed(&error);
                    for question in asking {
                        question.try_set(false);
                    }
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                    case.again();
                }
            }
        });
    });
    (decide, waiting)
}

const fn done_words(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "已通过审核",
        Verdict::Return { .. } => "已退回补正",
        Verdict::Reject { .. } => "已拒绝，费用将原路退回",
    }
}
