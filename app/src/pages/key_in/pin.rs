//! 证书密码: asked with the tries that are left before the first keystroke (B06), forgotten with the question.

use super::fault::Fault;
use super::gauge::PinGauge;
use super::port::KeyPort;
use crate::browser;
use crate::key_access::AccessError;
use crate::wording;
use key::{KeyError, Pin};
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::A;

/// `submit` gets what was typed; `fault` is what came of it the last time.
#[component]
pub fn PinForm(
    port: KeyPort,
    #[prop(into)] label: String,
    #[prop(into)] busy: Signal<bool>,
    fault: RwSignal<Option<Fault>>,
    submit: Callback<Option<Pin>>,
) -> impl IntoView {
    let input: NodeRef<html::Input> = NodeRef::new();
    let alive = browser::use_alive();
    let left = move || port.inserted().and_then(|inserted| inserted.key.pin_left);
    // The helper asks in a window of its own: the page never sees the PIN.
    let itself = move || port.inserted().is_some_and(|inserted| inserted.way.asks_pin_itself());
    let locked = move || {
        left() == Some(0)
            || fault.with(|fault| matches!(fault, Some(Fault::Key(AccessError::Key(KeyError::PinLocked)))))
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if itself() {
            return submit.run(None);
        }
        let Some(input) = input.get_untracked() else { return };
        let pin = input.value();
        if pin.is_empty() {
            fault.set(Some(Fault::Key(AccessError::Key(KeyError::PinRule))));
            return browser::focus_id("key-pin");
        }
        // It stands in the page no longer than it must.
        input.set_value("");
        submit.run(Some(Pin::new(pin)));
    };
    view! {
        <form class="pin-form" novalidate on:submit=send>
            <Show when=locked>
                <div class="notice notice-bad" role="alert">
                    <div class="notice-body">
                        <p class="notice-title">"证书Key已锁定"</p>
                        <p>"证书密码多次输错。请先办理“证书解锁”，解锁后再继续，本订单不受影响。"</p>
                        <A href="/unblock" attr:class="button">"证书解锁"</A>
                    </div>
                </div>
            </Show>
            <PinField input port fault rests=Signal::derive(move || busy.get() || !alive.get() || locked()) />
            <button class="button button-primary button-large" disabled=move || busy.get() || !alive.get() || locked()>
                {move || if busy.get() { "请稍候，请勿拔出Key…".to_owned() } else { label.clone() }}
            </button>
        </form>
    }
}

/// Where the page asks itself, the field; otherwise where to type.
#[component]
fn PinField(
    input: NodeRef<html::Input>,
    port: KeyPort,
    fault: RwSignal<Option<Fault>>,
    rests: Signal<bool>,
) -> impl IntoView {
    let left = move || port.inserted().and_then(|inserted| inserted.key.pin_left);
    let itself = move || port.inserted().is_some_and(|inserted| inserted.way.asks_pin_itself());
    let tries = move || view! { <PinGauge left=left().filter(|left| *left > 0) /> };
    let error = move || {
        fault.get().map(|fault| {
            let advice = fault.advice();
            format!("{}。{}", advice.what, advice.todo)
        })
    };
    view! {
            <Show
                when=move || !itself()
                fallback=move || view! {
                    <p>"点击后，请在本机助手弹出的窗口中输入证书密码。"</p>
                    <div role="status">{tries}</div>
                    <p class="field-error" aria-live="assertive">{error}</p>
                }
            >
            <div class="field" class:field-wrong=move || fault.with(Option::is_some)>
                <label for="key-pin">"证书密码"</label>
                <p class="field-hint" id="key-pin-hint">{wording::PIN_HINT}</p>
                <input
                    node_ref=input
                    id="key-pin"
                    type="password"
                    autocomplete="off"
                    maxlength="16"
                    disabled=move || rests.get()
                    aria-describedby="key-pin-hint key-pin-error"
                    aria-invalid=move || fault.with(Option::is_some).to_string()
                />
                <div role="status">{tries}</div>
                <p id="key-pin-error" class="field-error" aria-live="assertive">{error}</p>
            </div>
            </Show>
    }
}
