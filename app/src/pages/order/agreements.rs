//! What was agreed to with this order: version, time, the text's digest, and the text as it was (R151).

use super::counter::Counter;
use crate::components::icon::{Icon, Shape};
use crate::desk::orders::{AgreementView, agreement_path};
use leptos::prelude::*;

#[component]
pub fn Agreements(counter: Counter) -> impl IntoView {
    let agreed = Memo::new(move |_| counter.order.with(|order| order.agreements.clone()));
    let line = move |agreed: AgreementView| {
        let path = agreement_path(&counter.number(), &agreed.version);
        view! {
            <li>
                <a href=path download="数字证书服务协议.txt" rel="external">
                    "《数字证书服务协议》版本 " {agreed.version}
                </a>
                <span class="muted number">"同意于 " {agreed.at.to_string()}</span>
                <span class="muted agreed-digest">"SHA-256 " <code>{agreed.digest}</code></span>
            </li>
        }
    };
    view! {
        <Show when=move || !agreed.with(Vec::is_empty)>
            <details class="card history">
                <summary>
                    <Icon shape=Shape::File />
                    "已同意的协议"
                </summary>
                <ul class="agreed">{move || agreed.get().into_iter().map(line).collect_view()}</ul>
            </details>
        </Show>
    }
}
