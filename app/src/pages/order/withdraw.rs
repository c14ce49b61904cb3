//! 撤回申请 (R142, A54): free before payment, refunded before production, asked twice.

use super::counter::Counter;
use crate::components::dialog::Dialog;
use crate::desk::follow_up::{WithdrawReason, withdraw_order};
use journey::event::EventKind;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Withdraw(counter: Counter) -> impl IntoView {
    let open = RwSignal::new(false);
    let reason = RwSignal::new(None::<WithdrawReason>);
    let choose =
        move |code: &str| reason.set(WithdrawReason::ALL.into_iter().find(|reason| reason.code() == code));
    let may = Memo::new(move |_| counter.find_move(EventKind::Withdrawn).is_some());
    let consequence = move || {
        let paid = counter.order.with(|order| order.paid.as_ref().map(|paid| paid.amount));
        match paid {
            Some(amount) => {
                format!("撤回后订单结束，已支付的 {} 元将原路退回，到账时间以支付渠道为准。", amount.yuan())
            }
            None => "撤回后订单结束，填写的信息和上传的资料将不再使用。".to_owned(),
        }
    };
    view! {
        <Show when=move || may.get()>
            <p class="withdraw">
                <button
                    class="button button-quiet"
                    disabled=move || counter.resting()
                    on:click=move |_| open.set(true)
                >
                    "撤回申请"
                </button>
            </p>
        </Show>
        <Dialog open id="withdraw" title="确定撤回申请吗？">
            <p>{consequence}</p>
            <div class="field">
                <label for="withdraw-reason">"撤回原因 " <span class="field-optional">"选填"</span></label>
                <select id="withdraw-reason" on:change=move |event| choose(&event_target_value(&event))>
                    <option value="">"不说明原因"</option>
                    {WithdrawReason::ALL
                        .map(|reason| view! { <option value=reason.code()>{reason.title()}</option> })
                        .into_iter()
                        .collect_view()}
                </select>
            </div>
            <div class="actions actions-end">
                <button class="button" on:click=move |_| open.set(false)>"继续办理"</button>
                <button
                    class="button button-danger"
                    disabled=move || counter.resting()
                    on:click=move |_| {
                        open.set(false);
                        withdraw(counter, reason.get_untracked());
                    }
                >
                    "确定撤回"
                </button>
            </div>
        </Dialog>
    }
}

fn withdraw(counter: Counter, reason: Option<WithdrawReason>) {
    if counter.busy.get_untracked() {
        return;
    }
    counter.busy.set(true);
    let (number, version) = (counter.number(), counter.version());
    spawn_local(async move { counter.take(withdraw_order(number, version, reason).await) });
}
