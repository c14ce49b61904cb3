//! 修改证书密码 (K16): at any time, by whoever knows the PIN that stands. The tries left are shown before the first keystroke,
//! and with few of them left the page stops and offers 解锁 (B06). No PIN reaches the office.

use crate::browser;
use crate::components::field::Field;
use crate::components::notice::{Notice, Tone};
use crate::desk::mandates::Purpose;
use crate::key_access::{holder, leave_with_page, purpose};
use crate::pages::key_in::{FEW, Fault, FaultNotice, KeyCard, KeyPort, NewPin, PinGauge, PinPair};
use key::Pin;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn ChangePinPage() -> impl IntoView {
    let port = KeyPort::watch();
    leave_with_page();
    let left = Memo::new(move |_| port.inserted().and_then(|inserted| inserted.key.pin_left));
    let done = RwSignal::new(false);
    let sure = RwSignal::new(false);
    let few = Memo::new(move |_| left.get().is_some_and(|left| (1..=FEW).contains(&left)));
    let there = Memo::new(move |_| port.inserted().is_some());
    view! {
        <Title text="修改证书密码" />
        <div class="shell page page-narrow">
            <p class="crumb"><A href="/key">"证书Key检测"</A> " / 修改证书密码"</p>
            <h1 tabindex="-1">"修改证书密码"</h1>
            <p class="page-lead">"首次使用请先修改初始密码。新旧密码只在您的电脑与证书Key之间传递，我们不知道也不保存。"</p>
            <noscript><Notice tone=Tone::Warning>"办理需要浏览器启用 JavaScript。"</Notice></noscript>
            <KeyCard port />
            <div role="status">{move || view! { <PinGauge left=left.get() /> }}</div>
            <Show when=move || done.get() && left.get() != Some(0)>
                <div role="status">
                    <Notice tone=Tone::Good title="密码已修改">"从现在起请使用新的证书密码。"</Notice>
                </div>
            </Show>
            <Show when=move || few.get() && !sure.get()>
                <p class="actions">
                    <button type="button" class="button" on:click=move |_| sure.set(true)>"我确定原密码，继续修改"</button>
                </p>
            </Show>
            <Show when=move || there.get() && left.get() != Some(0) && (!few.get() || sure.get())>
                <Change port done />
            </Show>
        </div>
    }
}

/// What is typed of the PIN that stands.
#[derive(Clone, Copy)]
struct OldPin {
    typed: RwSignal<String>,
    missing: RwSignal<Option<String>>,
}

impl OldPin {
    fn take(self) -> Option<Pin> {
        let typed = self.typed.get_untracked();
        if typed.is_empty() {
            self.missing.set(Some("请输入原来的证书密码。".to_owned()));
            browser::focus_id("old_pin");
            return None;
        }
        Some(Pin::new(typed))
    }
}

#[component]
fn Change(port: KeyPort, done: RwSignal<bool>) -> impl IntoView {
    let old = OldPin { typed: RwSignal::default(), missing: RwSignal::new(None) };
    let pins = PinPair::new();
    let fault = RwSignal::new(None::<Fault>);
    let alive = browser::use_alive();
    let itself = Memo::new(move |_| port.inserted().is_some_and(|inserted| inserted.way.asks_pin_itself()));
    let submit = move || {
        let Some(inserted) = port.inserted_untracked() else { return };
        let typed = match inserted.way.asks_pin_itself() {
            true => None,
            false => match old.take().and_then(|old| Some((old, pins.take()?))) {
                None => return,
                typed => typed,
            },
        };
        port.busy.set(true);
        fault.set(None);
        done.set(false);
        spawn_local(async move {
            purpose::state(Purpose::ChangePin {});
            let changed = holder::change_pin(inserted.way, inserted.key.key, typed).await;
            // Right or wrong, none of them stays on the page.
            old.typed.try_set(String::new());
            pins.forget();
            port.busy.try_set(false);
            done.try_set(changed.is_ok());
            fault.try_set(changed.err().map(Fault::from));
            // The tries that are left now.
            port.look();
        });
    };
    view! {
        <form
            class="card key-sheet"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Show
                when=move || !itself.get()
                fallback=|| view! { <p>"点击按钮后，请在“证书Key助手”自己的窗口中输入原密码和新密码。"</p> }
            >
                <Field
                    name="old_pin"
                    label="原证书密码"
                    kind="password"
                    value=old.typed
                    on_input=move |text: String| {
                        old.typed.set(text);
                        old.missing.set(None);
                    }
                    error=old.missing
                    autocomplete="current-password"
                    maxlength=16
                />
                <NewPin pins />
            </Show>
            <div role="alert">{move || fault.get().map(|fault| view! { <FaultNotice fault /> })}</div>
            <button class="button button-primary button-large" disabled=move || !alive.get() || port.busy.get()>
                {move || if port.busy.get() { "正在修改，请勿拔出…" } else { "修改证书密码" }}
            </button>
        </form>
    }
}
