//! 撤回申请 (R142, A54): free before payment, refunded before production, asked twice.

use super::counter::Counter;
use crate::components::dialog::Dialog;
use crate::desk::orders::Act;
use journey::event::EventKind;
use leptos::prelude::*;

#[component]
pub fn Withdraw(counter: Counter) -> impl IntoView {
    let open = RwSignal::new(false);
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
            <div class="actions actions-end">
                <button class="button" on:click=move |_| open.set(false)>"继续办理"</button>
                <button
                    class="button button-danger"
                    disabled=move || counter.resting()
                    on:click=move |_| {
                        open.set(false);
                        counter.act(Act::Withdraw);
                    }
                >
                    "确定撤回"
                </button>
            </div>
        </Dialog>
    }
}
