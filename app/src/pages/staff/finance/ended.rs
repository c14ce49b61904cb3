//! Replacements that cannot be made any more: what they replace has ended (A38, A39).

use crate::components::notice::Trouble;
use crate::desk::DeskError;
use crate::desk::finance::{EndedOrder, FinanceView, discontinue_order};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Ended(orders: Vec<EndedOrder>, asked: Asked<FinanceView>) -> impl IntoView {
    if orders.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="finance" aria-labelledby="ended">
            <h2 id="ended">{format!("原证书已到期的补办（{}）", orders.len())}</h2>
            <p class="muted">"补办沿用原证书的有效期。原证书在审核之后到期的，不能再制作，请终止订单并退回费用。"</p>
            <ul class="bank-lines">
                {orders.into_iter().map(|order| view! { <One order asked /> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn One(order: EndedOrder, asked: Asked<FinanceView>) -> impl IntoView {
    let session = use_session();
    let (busy, sure) = (RwSignal::new(false), RwSignal::new(false));
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(order.number.clone());
    let end = move |_| {
        if !sure.get_untracked() {
            sure.set(true);
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match discontinue_order(number.get_value()).await {
                Ok(view) => asked.put(view),
                Err(error) => {
                    session.heed(&error);
                    busy.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    let paid =
        order.paid.map_or("未到账，无需退款".to_owned(), |paid| format!("应退 {} 元", paid.yuan()));
    view! {
        <li class="bank-line">
            <p class="bank-line-head">
                <strong>{order.holder_name}</strong>
                <span class="number">{paid}</span>
            </p>
            <p class="case-meta">
                <span>"订单号 "<span class="number">{order.number}</span></span>
                <span>"原证书到期日 "<span class="number">{order.ended_at.beijing_date().to_string()}</span></span>
                <span>{order.step}</span>
            </p>
            <div class="actions">
                <button
                    type="button"
                    class="button"
                    class:button-primary=move || sure.get()
                    disabled=move || busy.get()
                    on:click=end
                >
                    {move || if sure.get() { "确认终止并退款" } else { "终止并退款" }}
                </button>
            </div>
            <Trouble error=trouble />
        </li>
    }
}
