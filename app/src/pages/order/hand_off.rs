//! 用手机拍照上传 (B26): a QR that opens this step on the phone, whether a phone has it, and taking it back. What the phone
//! uploads appears here by itself.

use super::counter::Counter;
use crate::browser;
use crate::components::countdown::{clock_text, use_seconds_left};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::Trouble;
use crate::components::qr::Qr;
use crate::desk::DeskError;
use crate::desk::phone::{PhoneLink, PhoneState, link_phone, phone_state, revoke_phone};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often the page looks what the phone has done.
const LOOK_MILLIS: u64 = 2_000;

#[derive(Clone, Copy)]
struct HandOff {
    counter: Counter,
    link: RwSignal<Option<PhoneLink>>,
    state: RwSignal<Option<PhoneState>>,
    error: RwSignal<Option<DeskError>>,
    busy: RwSignal<bool>,
}

impl HandOff {
    fn begin(self) {
        self.busy.set(true);
        let number = self.counter.number();
        spawn_local(async move {
            let answer = link_phone(number).await;
            self.busy.try_set(false);
            self.error.try_set(answer.as_ref().err().cloned());
            if let Ok(link) = answer {
                self.state.try_set(Some(PhoneState { opened_at: None, ends_at: link.ends_at }));
                self.link.try_set(Some(link));
            }
        });
    }

    fn end(self) {
        let number = self.counter.number();
        self.link.set(None);
        self.state.set(None);
        spawn_local(async move {
            self.error.try_set(revoke_phone(number).await.err());
        });
    }

    /// The page was opened anew while a phone is at work, or the phone has done something.
    fn look(self) {
        let number = self.counter.number();
        spawn_local(async move {
            if let Ok(state) = phone_state(number).await {
                let connected = state.as_ref().is_some_and(|state| state.opened_at.is_some());
                if connected {
                    self.counter.refresh();
                }
                self.state.try_set(state);
            }
        });
    }

    fn opened(self) -> Option<bool> {
        self.state.with(|state| state.as_ref().map(|state| state.opened_at.is_some()))
    }
}

#[component]
pub fn PhoneHandOff(counter: Counter) -> impl IntoView {
    let hand_off = HandOff {
        counter,
        link: RwSignal::new(None),
        state: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    Effect::new(move || hand_off.look());
    browser::every(LOOK_MILLIS, move || {
        let alive = hand_off.state.try_with_untracked(Option::is_some) == Some(true);
        if alive && browser::in_front() && browser::online() {
            hand_off.look();
        }
    });
    let opened = Memo::new(move |_| hand_off.opened());
    view! {
        <section class="card hand-off" aria-labelledby="hand-off-title">
            <Icon shape=Shape::Phone />
            <div>
                <h3 id="hand-off-title">"用手机拍照上传"</h3>
                {move || match opened.get() {
                    None => view! { <Offer hand_off /> }.into_any(),
                    Some(false) => view! { <Scan hand_off /> }.into_any(),
                    Some(true) => view! { <Connected hand_off /> }.into_any(),
                }}
                <Trouble error=hand_off.error />
            </div>
        </section>
    }
}

#[component]
fn Offer(hand_off: HandOff) -> impl IntoView {
    view! {
        <p class="muted">"扫码后在手机上拍照，照片自动出现在本页，无需在手机上重新登录。"</p>
        <button
            type="button"
            class="button"
            disabled=move || hand_off.busy.get() || hand_off.counter.resting()
            on:click=move |_| hand_off.begin()
        >
            "显示二维码"
        </button>
    }
}

#[component]
fn Scan(hand_off: HandOff) -> impl IntoView {
    let ends_at =
        Signal::derive(move || hand_off.state.with(|state| state.as_ref().map(|state| state.ends_at)));
    let left = use_seconds_left(ends_at);
    let code = move || {
        hand_off
            .link
            .get()
            .map(|link| view! { <Qr text=link.url label="手机上传二维码" /> }.into_any())
            .unwrap_or_else(
                // The page was opened anew: the secret was on the old one only.
                || view! { <p class="muted">"已生成过二维码。如需扫描，请重新生成。"</p> }.into_any(),
            )
    };
    view! {
        <div class="qr-box">{code}</div>
        <p role="status">
            "请用手机扫描，二维码仅能使用一次，"
            <span class="number">{move || left.get().map(clock_text)}</span>
            " 后失效。"
        </p>
        <p class="actions">
            <button type="button" class="button" on:click=move |_| hand_off.begin()>"重新生成"</button>
            <button type="button" class="button button-quiet" on:click=move |_| hand_off.end()>"取消"</button>
        </p>
    }
}

#[component]
fn Connected(hand_off: HandOff) -> impl IntoView {
    view! {
        <p class="good" role="status">"手机已连接，拍摄的照片会自动出现在本页。"</p>
        <button type="button" class="button" on:click=move |_| hand_off.end()>"断开手机"</button>
    }
}
