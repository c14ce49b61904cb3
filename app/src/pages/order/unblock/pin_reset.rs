//! 重置证书密码 (R078): the new PIN goes from these fields to the key and nowhere else; the office's release goes through this
//! page sealed. Broken off anywhere, the button does it again: both possible admin PINs are offered to the key.

use super::super::counter::Counter;
use super::super::step::StepHead;
use super::Beside;
use crate::desk::orders::OrderView;
use crate::desk::unblock::{UnblockView, confirm_unblock, release_unblock};
use crate::key_access::{holder, leave_with_page, purpose, station};
use crate::pages::key_in::{Fault, FaultNotice, Inserted, KeyCard, KeyPort, NewPin, PinPair};
use journey::step::Step;
use key::Pin;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn PinResetStep(counter: Counter) -> impl IntoView {
    view! {
        <StepHead step=Step::PinReset />
        <Beside counter show=move |view| view! { <Reset counter view /> } />
    }
}

#[component]
fn Reset(counter: Counter, view: UnblockView) -> impl IntoView {
    let port = KeyPort::watch_unless(counter.busy);
    leave_with_page();
    let bound = StoredValue::new(view.key_serial.clone());
    let there = Memo::new(move |_| port.bound_to(&bound.get_value()));
    let pins = PinPair::new();
    let fault = RwSignal::new(None::<Fault>);
    let submit = move || {
        let Some(found) = there.get_untracked() else { return };
        let pin = match found.way.asks_pin_itself() {
            true => None,
            false => match pins.take() {
                None => return,
                typed => typed,
            },
        };
        counter.busy.set(true);
        fault.set(None);
        spawn_local(async move {
            match reset(counter.number(), found, pin).await {
                Ok(view) => {
                    pins.forget();
                    counter.take(Ok(view));
                }
                Err(Fault::Office(error)) => counter.take(Err(error)),
                Err(said) => {
                    counter.busy.try_set(false);
                    fault.try_set(Some(said));
                }
            }
        });
    };
    view! {
        <KeyCard port bound=view.key_serial />
        <form
            class="card key-sheet"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Show
                when=move || there.get().is_none_or(|found| !found.way.asks_pin_itself())
                fallback=|| view! { <p>"点击按钮后，请在“证书Key助手”自己的窗口中输入两次新的证书密码。"</p> }
            >
                <NewPin pins />
            </Show>
            <p class="field-hint">"新密码只写入证书Key，我们不知道也不保存。请牢记，不要告诉他人。"</p>
            <div role="alert">{move || fault.get().map(|fault| view! { <FaultNotice fault /> })}</div>
            <button
                class="button button-primary button-large"
                disabled=move || counter.resting() || there.get().is_none()
            >
                {move || if counter.busy.get() { "正在写入，请勿拔出…" } else { "重置证书密码" }}
            </button>
        </form>
    }
}

async fn reset(number: String, inserted: Inserted, pin: Option<Pin>) -> Result<OrderView, Fault> {
    let (way, key) = (inserted.way, inserted.key);
    purpose::state_order(&number);
    // The station of now: the release is good for no other.
    let here = station::hello(way).await?;
    let release = release_unblock(number.clone(), key.serial, here.key).await?;
    let proof = holder::unblock(way, key.key, release.sealed, pin).await?;
    Ok(confirm_unblock(number, proof).await?)
}
