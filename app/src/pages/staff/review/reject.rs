//! 拒绝: the reason goes to the applicant, the money goes back (R148).

use super::reveal::ReasonPicker;
use crate::components::notice::{Notice, Tone};
use crate::wording::staff::REJECT_REASONS;
use leptos::prelude::*;

/// Calls `decide` with the reason when the reviewer is sure.
#[component]
pub fn RejectForm(
    #[prop(into)] paid: Signal<Option<String>>,
    open: RwSignal<bool>,
    #[prop(into)] waiting: Signal<bool>,
    decide: Callback<String>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let ready = move || !waiting.get() && reason.get().trim().chars().count() >= 2;
    view! {
        <Notice tone=Tone::Warning title="拒绝后订单结束，不能恢复">
            <p>
                {move || paid.get().map(|paid| format!("已付的 ¥{paid} 将原路退回，电子发票将红冲。"))}
                "申请人会收到短信，并在订单查询中看到下面的原因。材料可以补正时，请改用“退回补正”。"
            </p>
        </Notice>
        <ReasonPicker id="reject-reason" label="拒绝原因（申请人可见）" usual=&REJECT_REASONS reason />
        <div class="actions actions-end">
            <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
            <button type="button" class="button button-danger" disabled=move || !ready()
                on:click=move |_| decide.run(reason.get_untracked().trim().to_owned())>"确认拒绝"</button>
        </div>
    }
}
