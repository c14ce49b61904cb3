//! 识别证书: the same key again, then 下一步 (R076). No PIN.

use super::super::counter::Counter;
use super::super::step::StepHead;
use super::Beside;
use crate::desk::unblock::{UnblockView, present_key};
use crate::pages::key_in::{KeyCard, KeyPort};
use journey::step::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn PresenceStep(counter: Counter) -> impl IntoView {
    view! {
        <StepHead step=Step::KeyPresence />
        <Beside counter show=move |view| view! { <Presence counter view /> } />
    }
}

#[component]
fn Presence(counter: Counter, view: UnblockView) -> impl IntoView {
    let port = KeyPort::watch_unless(counter.busy);
    let bound = StoredValue::new(view.key_serial.clone());
    let there = Memo::new(move |_| port.bound_to(&bound.get_value()).is_some());
    let go = move |_| {
        counter.busy.set(true);
        spawn_local(async move {
            counter.take(present_key(counter.number(), bound.get_value()).await);
        });
    };
    view! {
        <KeyCard port bound=view.key_serial />
        <p class="actions actions-end">
            <button
                type="button"
                class="button button-primary button-large"
                disabled=move || counter.resting() || !there.get()
                on:click=go
            >
                "下一步"
            </button>
        </p>
    }
}
