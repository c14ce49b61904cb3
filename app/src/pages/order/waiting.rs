//! Steps where the office works and the applicant waits (R005): what is going on, until when, and what comes next.

use super::cards::{PaidCard, PromiseCard};
use super::counter::{Counter, MoveButton};
use super::facts::Facts;
use super::invoice_card::InvoiceCard;
use super::parcel_card::ParcelCard;
use super::passcode_card::PasscodeCard;
use super::step::StepHead;
use crate::components::icon::{Icon, Shape};
use crate::desk::orders::Act;
use crate::wording;
use journey::event::EventKind;
use journey::step::Step;
use leptos::prelude::*;

/// Slower than at the till: these steps take hours or days.
const LOOK_MILLIS: u64 = 15_000;

#[component]
pub fn WaitingStep(counter: Counter, step: Step) -> impl IntoView {
    counter.watch(LOOK_MILLIS);
    let service = counter.service();
    // A key that its holder has keeps its password.
    let new_key =
        counter.order.with_untracked(|order| order.steps.iter().any(|one| one.step == Step::Passcode));
    view! {
        <StepHead step service=Some(service) />
        <section class="card next">
            <Icon shape=Shape::Info />
            <div>
                <h3>"接下来"</h3>
                <p>{wording::waiting_next(service, step)}</p>
                <MoveButton counter event=EventKind::Received act=Act::ConfirmReceipt leads=true />
            </div>
        </section>
        {(step == Step::Review).then(|| view! { <PromiseCard counter /> })}
        <ParcelCard counter />
        {new_key.then(|| view! { <PasscodeCard counter /> })}
        <InvoiceCard counter />
        <PaidCard counter />
        <OrderFacts counter />
    }
}

/// 订单详情 (R124).
#[component]
pub fn OrderFacts(counter: Counter) -> impl IntoView {
    let order = counter.order;
    let party = order.with_untracked(|order| order.party);
    view! {
        <details class="card">
            <summary><Icon shape=Shape::File />"订单详情"</summary>
            <Facts details=Signal::derive(move || order.with(|order| order.details.clone())) party />
        </details>
    }
}
