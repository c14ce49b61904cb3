//! What was cut out of the seal sample: shown to its applicant, who takes it or uploads another scan (R040).

use super::counter::Counter;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::evidence::{SealState, seal_path};
use crate::desk::orders::accept_seal;
use journey::evidence::EvidenceKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The scan's id and what came of it.
fn seal(counter: Counter) -> Option<(String, SealState)> {
    counter.order.with(|order| {
        let sample = order.evidence.iter().find(|evidence| evidence.kind == EvidenceKind::SealSample)?;
        Some((sample.file.as_ref()?.id.clone(), sample.seal?))
    })
}

#[component]
pub fn SealPart(counter: Counter) -> impl IntoView {
    let found = Memo::new(move |_| seal(counter));
    move || {
        found.get().map(|(file, state)| match trouble(state) {
            None => view! { <SealImage counter file state /> }.into_any(),
            Some((title, text)) => view! {
                <div class="seal">
                    <Notice tone=Tone::Warning title=title>
                        <p>{text}</p>
                    </Notice>
                </div>
            }
            .into_any(),
        })
    }
}

/// Why there is no image, and what to do.
fn trouble(state: SealState) -> Option<(&'static str, &'static str)> {
    let text = match state {
        SealState::Cut | SealState::Accepted => return None,
        SealState::NoMarks => (
            "没有找到采样表的四个定位标记",
            "请使用本页下载的采样表，把纸放平，四角的黑色标记全部拍进画面后重新上传。确实无法重拍时也可以提交，由审核人员人工截取。",
        ),
        SealState::Empty => ("方框内没有签名或印章", "请在采样表的方框内签名或盖章后重新上传。"),
        SealState::Smudged => (
            "方框内过暗，无法识别签章",
            "请在光线均匀处重新扫描或拍照，避免阴影遮住方框。确实无法重拍时也可以提交，由审核人员人工截取。",
        ),
    };
    Some(text)
}

#[component]
fn SealImage(counter: Counter, file: String, state: SealState) -> impl IntoView {
    let path = seal_path(&file);
    let accept = move |_| {
        if counter.busy.get_untracked() {
            return;
        }
        counter.busy.set(true);
        let (number, file) = (counter.number(), file.clone());
        spawn_local(async move { counter.take(accept_seal(number, file).await) });
    };
    let answer = match state {
        SealState::Accepted => view! {
            <p class="drop-done">
                <Icon shape=Shape::Check />
                "已确认使用此签章"
            </p>
        }
        .into_any(),
        _ => view! {
            <p class="actions">
                <button
                    type="button"
                    class="button button-primary"
                    disabled=move || counter.resting()
                    on:click=accept
                >
                    "使用此签章"
                </button>
                <label class="button" for=format!("file-{}", EvidenceKind::SealSample.code())>
                    "重新上传采样表"
                </label>
            </p>
        }
        .into_any(),
    };
    view! {
        <div class="seal" role="group" aria-label="识别出的签章">
            <p class="seal-title">"识别出的签章"</p>
            <img class="seal-image" src=path alt="从采样表中截取的签章" />
            <p class="field-hint">"此图片将用于制作您的电子签章。请查看笔画是否完整、清晰。"</p>
            {answer}
        </div>
    }
}
