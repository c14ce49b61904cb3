//! Nobody at the desk for a while: the page asks, and signs out when nobody answers. Personal data is on this screen.

use super::session::use_session;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::wording::staff::IDLE_OUT;
use journey::moment::Moment;
use leptos::ev;
use leptos::prelude::*;

/// Without a key pressed or the pointer moved.
const IDLE_MINUTES: i64 = 10;
/// From the question to the sign-out.
const ANSWER_SECONDS: i64 = 60;

#[component]
pub fn IdleWatch() -> impl IntoView {
    let session = use_session();
    let asked = RwSignal::new(false);
    let left = RwSignal::new(ANSWER_SECONDS);
    let last = StoredValue::new(None::<Moment>);
    let here = move || {
        if !asked.get_untracked() {
            last.set_value(Some(browser::now()));
        }
    };
    Effect::new(move || {
        here();
        let key = window_event_listener(ev::keydown, move |_| here());
        let pointer = window_event_listener(ev::pointermove, move |_| here());
        let touch = window_event_listener(ev::pointerdown, move |_| here());
        on_cleanup(move || [key, pointer, touch].into_iter().for_each(|listener| listener.remove()));
    });
    browser::every(1000, move || {
        let Some(last) = last.get_value() else { return };
        let beyond = (browser::now().millis() - last.millis()) / 1000 - IDLE_MINUTES * 60;
        if session.is_busy() || beyond < 0 {
            return asked.set(false);
        }
        asked.set(true);
        left.set((ANSWER_SECONDS - beyond).max(0));
        if beyond >= ANSWER_SECONDS {
            session.leave(Some(IDLE_OUT));
        }
    });
    // Closing the question by button or Escape counts as being here.
    Effect::new(move |before: Option<bool>| {
        let asked = asked.get();
        if before == Some(true) && !asked {
            last.set_value(Some(browser::now()));
        }
        asked
    });
    view! {
        <Dialog open=asked id="idle" title="您还在吗？">
            <p>
                "已有"{IDLE_MINUTES}"分钟没有操作。为保护申请人信息，"<strong class="number">{move || left.get()}</strong>
                "秒后将自动退出登录。"
            </p>
            <div class="actions actions-end">
                <button type="button" class="button" on:click=move |_| session.leave(None)>"退出登录"</button>
                <button type="button" class="button button-primary" on:click=move |_| asked.set(false)>"继续工作"</button>
            </div>
        </Dialog>
    }
}
