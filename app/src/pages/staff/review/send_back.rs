//! 退回补正: a last look at what goes back to the applicant, item by item.

use super::marks::Marks;
use crate::wording::field_title;
use journey::event::ReturnTarget;
use journey::party::Party;
use leptos::prelude::*;

/// Calls `decide` when the reviewer is sure.
#[component]
pub fn SendBackForm(
    marks: Marks,
    party: Party,
    open: RwSignal<bool>,
    #[prop(into)] waiting: Signal<bool>,
    decide: Callback<()>,
) -> impl IntoView {
    let name = move |target: &ReturnTarget| match target {
        ReturnTarget::Evidence(kind) => kind.title(),
        ReturnTarget::Field(field) => field_title(field, party),
    };
    let items = marks.all().into_iter().map(|mark| {
        let note = mark.note.trim().to_owned();
        view! {
            <li>
                <strong>{name(&mark.target)}</strong>"："{mark.reason.title()}
                {(!note.is_empty()).then(|| view! { <span class="send-back-note">{note}</span> })}
            </li>
        }
    });
    view! {
        <p>"申请人会收到短信，按下列各项修改后重新提交；已付费用保留，不需再付。"</p>
        <ol class="send-back">{items.collect_view()}</ol>
        <div class="actions actions-end">
            <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
            <button type="button" class="button button-primary" disabled=move || waiting.get()
                on:click=move |_| decide.run(())>"确认退回"</button>
        </div>
    }
}
