//! Before a renewal is paid: are there bids that nobody has opened yet (J39, B02)? Whatever the answer, the way goes on; who
//! has some learns what stays and what to mind.

use crate::components::notice::{Notice, Tone};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    Some,
    Unsure,
}

#[component]
pub fn Bids(answered: RwSignal<bool>) -> impl IntoView {
    let answer: RwSignal<Option<Answer>> = RwSignal::new(None);
    let choice = move |value: Answer, id: &'static str, words: &'static str| {
        view! {
            <label class="tick" for=id>
                <input
                    type="radio"
                    name="bids"
                    id=id
                    prop:checked=move || answer.get() == Some(value)
                    on:change=move |_| {
                        answer.set(Some(value));
                        answered.set(true);
                    }
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <section class="card">
            <fieldset class="bids">
                <legend>"是否有用这把证书Key加密、尚未开标的投标文件？"</legend>
                {choice(Answer::None, "bids-none", "没有")}
                {choice(Answer::Some, "bids-some", "有")}
                {choice(Answer::Unsure, "bids-unsure", "不清楚")}
            </fieldset>
            <div aria-live="polite">
                {move || match answer.get() {
                    Some(Answer::Some | Answer::Unsure) => Some(view! {
                        <Notice tone=Tone::Warning title="更新后仍可解密，请留意以下两点">
                            <ul>
                                <li>"更新会换用新的加密密钥，旧的加密密钥继续保留在这把Key里，已加密的文件更新后仍能解密；写入完成前会当场检验一次。"</li>
                                <li>"部分交易平台按证书序列号核对投标人。请先向交易平台确认更新后是否需要重新绑定证书，必要时等开标后再更新。"</li>
                            </ul>
                        </Notice>
                    }),
                    _ => None,
                }}
            </div>
        </section>
    }
}
