//! 确认订单: read everything once more, see the price that will be charged (R043, R145), confirm or go back.

use super::bids::Bids;
use super::counter::{Counter, MoveBlocked, MoveButton};
use super::facts::Facts;
use super::step::StepHead;
use super::uploaded::UploadedCard;
use crate::desk::orders::Act;
use journey::event::EventKind;
use journey::service::Service;
use journey::step::Step;
use leptos::prelude::*;

#[component]
pub fn ConfirmStep(counter: Counter) -> impl IntoView {
    let order = counter.order;
    let party = order.with_untracked(|order| order.party);
    let renewal = counter.service() == Service::Renewal;
    let answered = RwSignal::new(false);
    view! {
        <StepHead step=Step::Confirm />
        <section class="card">
            <Facts details=Signal::derive(move || order.with(|order| order.details.clone())) party />
        </section>
        <UploadedCard counter />
        <section class="card amount-due" aria-labelledby="due-title">
            <h3 id="due-title">{move || if order.with(|order| order.paid.is_some()) { "已支付" } else { "应付金额" }}</h3>
            <p class="price">
                <span class="number">{move || order.with(|order| order.price.yuan())}</span>
                " 元"
            </p>
        </section>
        {renewal.then(|| view! { <Bids answered /> })}
        <MoveBlocked counter event=EventKind::DetailsConfirmed />
        <div class="actions actions-end">
            <MoveButton counter event=EventKind::ChangeRequested act=Act::Change />
            <Show when=move || !renewal || answered.get() fallback=|| view! { <p class="blocked">"请先回答上面的问题。"</p> }>
                <MoveButton counter event=EventKind::DetailsConfirmed act=Act::ConfirmOrder leads=true />
            </Show>
        </div>
    }
}
