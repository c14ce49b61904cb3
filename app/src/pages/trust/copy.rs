//! A fingerprint in groups of four, and a button that copies it where the browser lets it.

use crate::browser;
use crate::wording::trust::grouped;
use leptos::prelude::*;
use std::time::Duration;

/// How long 已复制 stands on the button.
const SAID: Duration = Duration::from_secs(2);

/// `what` names the digest for a screen reader; `hex` is copied as it is.
#[component]
pub fn Fingerprint(what: &'static str, hex: String) -> impl IntoView {
    let shown = grouped(&hex);
    view! {
        <div class="trust-fact">
            <dt>{what}</dt>
            <dd class="fingerprint">
                <code>{shown}</code>
                <Copy text=hex label=format!("复制 {what}") />
            </dd>
        </div>
    }
}

#[component]
pub fn Copy(#[prop(into)] text: String, #[prop(into)] label: String) -> impl IntoView {
    let alive = browser::use_alive();
    let done = RwSignal::new(false);
    let copy = move |_| {
        browser::copy(&text);
        done.set(true);
        set_timeout(
            move || {
                done.try_set(false);
            },
            SAID,
        );
    };
    view! {
        <button type="button" class="button button-quiet copy" aria-label=label class:hidden=move || !alive.get() on:click=copy>
            <span aria-live="polite">{move || if done.get() { "已复制" } else { "复制" }}</span>
        </button>
    }
}
