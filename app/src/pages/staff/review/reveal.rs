//! 查看完整信息: masked data is shown in full for a stated reason, which is recorded (R161).

use crate::components::dialog::Dialog;
use crate::components::notice::Trouble;
use crate::desk::DeskError;
use crate::desk::review::{CaseView, reveal_details};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::session::use_session;
use crate::wording::staff::REVEAL_REASONS;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Reveal(number: String, case: Asked<CaseView>) -> impl IntoView {
    let open = RwSignal::new(false);
    let number = StoredValue::new(number);
    view! {
        <button type="button" class="button" on:click=move |_| open.set(true)>"查看完整信息"</button>
        <Dialog open id="reveal" title="查看完整信息">
            <RevealForm number=number.get_value() case open />
        </Dialog>
    }
}

#[component]
fn RevealForm(number: String, case: Asked<CaseView>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let reason = RwSignal::new(String::new());
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(number);
    let ready = move || !waiting.get() && reason.get().trim().chars().count() >= 2;
    let show = move |_| {
        waiting.set(true);
        spawn_local(async move {
            match reveal_details(number.get_value(), reason.get_untracked().trim().to_owned()).await {
                Ok(revealed) => {
                    case.put(revealed);
                    open.try_set(false);
                }
                Err(error) => {
                    session.heed(&error);
                    trouble.try_set(Some(error));
                    waiting.try_set(false);
                }
            }
        });
    };
    view! {
        <p>"请说明查看的原因。您的姓名、时间与原因会记入审计记录。"</p>
        <ReasonPicker id="reveal-reason" label="查看原因" usual=&REVEAL_REASONS reason />
        <Trouble error=trouble />
        <div class="actions actions-end">
            <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
            <button type="button" class="button button-primary" disabled=move || !ready() on:click=show>"查看"</button>
        </div>
    }
}

/// Usual reasons to click and a line to write one's own.
#[component]
pub fn ReasonPicker(
    id: &'static str,
    label: &'static str,
    usual: &'static [&'static str],
    reason: RwSignal<String>,
) -> impl IntoView {
    let chip = |usual: &'static str| {
        view! {
            <button type="button" class="chip" aria-pressed=move || (reason.get() == usual).to_string()
                on:click=move |_| reason.set(usual.to_owned())>{usual}</button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label="常用原因">{usual.iter().map(|usual| chip(usual)).collect_view()}</div>
        <div class="field">
            <label for=id>{label}</label>
            <textarea id=id rows="3" maxlength="300" prop:value=move || reason.get()
                on:input=move |event| reason.set(event_target_value(&event))></textarea>
        </div>
    }
}
