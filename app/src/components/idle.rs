//! Nobody at the page for a while (A51): it asks after fifteen minutes, and ends the visit after thirty. What was typed
//! lies at the office; one press goes on.

use super::countdown::clock_text;
use super::dialog::Dialog;
use crate::browser;
use crate::desk::query::{leave, list_orders};
use journey::moment::Moment;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

/// Without a key pressed or the pointer moved.
const ASK_S: i64 = 15 * 60;
/// As the office counts (server/src/visits.rs).
const END_S: i64 = 30 * 60;

/// What the page is to show after so many idle seconds: nothing, the seconds left, or the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idle {
    Here,
    Asked { left_s: i64 },
    Over,
}

fn judge(idle_s: i64) -> Idle {
    match idle_s {
        ..ASK_S => Idle::Here,
        ASK_S..END_S => Idle::Asked { left_s: END_S - idle_s },
        _ => Idle::Over,
    }
}

#[component]
pub fn VisitorIdle() -> impl IntoView {
    let asked = RwSignal::new(false);
    let left = RwSignal::new(END_S - ASK_S);
    let last = StoredValue::new(None::<Moment>);
    let left_it = RwSignal::new(false);
    let navigate = use_navigate();
    Effect::new(move || {
        if left_it.get() {
            navigate("/query?said=idle&n=30", Default::default());
        }
    });
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
        let Some(at) = last.get_value() else { return };
        match judge((browser::now().millis() - at.millis()) / 1000) {
            Idle::Here => asked.set(false),
            Idle::Asked { left_s } => {
                left.set(left_s);
                asked.set(true);
            }
            Idle::Over => {
                last.set_value(None);
                asked.set(false);
                spawn_local(async move {
                    let _ = leave().await;
                    left_it.try_set(true);
                });
            }
        }
    });
    // However the question is closed, somebody is here: the office hears it too.
    Effect::new(move |before: Option<bool>| {
        let asked = asked.get();
        if before == Some(true) && !asked && last.get_value().is_some() {
            last.set_value(Some(browser::now()));
            spawn_local(async move {
                let _ = list_orders().await;
            });
        }
        asked
    });
    view! {
        <Dialog open=asked id="idle" title="您还在吗？">
            <p>
                "已有 15 分钟没有操作。为保护您的信息，"
                <strong class="number">{move || clock_text(left.get())}</strong>
                " 后将结束本次访问。已填写的内容已经保存，之后可通过“订单查询”继续。"
            </p>
            <div class="actions actions-end">
                <button type="button" class="button button-primary" on:click=move |_| asked.set(false)>
                    "继续办理"
                </button>
            </div>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a51_fifteen_minutes_ask_and_thirty_end() {
        assert_eq!(judge(899), Idle::Here);
        assert_eq!(judge(900), Idle::Asked { left_s: 900 });
        assert_eq!(judge(1799), Idle::Asked { left_s: 1 });
        assert_eq!(judge(1800), Idle::Over);
    }
}
