//! Owns: one order on the counter: the page shows it at its step, whatever the step is.
//! Never: which step follows (the rule book says), whether a button may be there (`OrderView.moves` says).
//! Start at: `step.rs` (which component for which step), `counter.rs` (how an answer of the office reaches the page).

mod address;
pub mod agent;
mod agent_form;
mod agreements;
mod bids;
mod cards;
mod certified;
mod confirm;
pub mod counter;
mod details;
mod document;
mod draft;
mod drop_zone;
mod entry;
mod evidence;
mod facts;
mod finished;
mod form;
mod hand_off;
mod invoice_card;
mod loaded;
mod method;
mod parcel_card;
mod passcode_card;
mod payment;
mod phone_check;
mod photo;
pub mod photo_check;
mod privacy;
mod registered;
mod returned;
mod samples;
mod seal;
pub mod send_file;
mod sheet;
mod signature;
pub mod step;
mod transfer;
mod unblock;
mod upload;
mod uploaded;
mod waiting;
mod withdraw;

use crate::components::icon::{Icon, Shape};
use crate::components::idle::VisitorIdle;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::components::stepper::Stepper;
use crate::components::timeline::StatusTimeline;
use crate::desk::DeskError;
use crate::desk::orders::{OrderView, view_order};
use crate::pages::orders::status_class;
use crate::wording;
use counter::Counter;
use journey::event::EventKind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let number = move || params.with(|params| params.get("number").unwrap_or_default());
    let order = Resource::new(number, view_order);
    view! {
        <Title text="订单" />
        <div class="shell page">
            <Suspense fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match order.await {
                        Ok(view) => view! { <OrderSheet view /> }.into_any(),
                        Err(error) => view! { <Missing error retry=move || order.refetch() /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

/// The order cannot be shown to this visitor, or not now.
#[component]
fn Missing(error: DeskError, retry: impl Fn() + Send + Sync + 'static) -> impl IntoView {
    let unknown = matches!(error, DeskError::NotFound | DeskError::SignInAgain);
    view! {
        <h1 tabindex="-1">{if unknown { "请先查询订单" } else { "暂时无法显示订单" }}</h1>
        <Notice tone=if unknown { Tone::Info } else { Tone::Bad }>{wording::desk_error(&error)}</Notice>
        <p class="actions">
            <A href="/query" attr:class="button button-primary">"订单查询"</A>
            {(!unknown).then(|| view! { <button class="button" on:click=move |_| retry()>"重新载入"</button> })}
        </p>
    }
}

#[component]
fn OrderSheet(view: OrderView) -> impl IntoView {
    let counter = Counter::open(view);
    let order = counter.order;
    let agent = agent::AgentChange::of(counter);
    view! {
        <OrderHead counter />
        <agent::AgentWaiting change=agent />
        <Stepper service=order.with_untracked(|order| order.service) steps=Signal::derive(move || order.with(|order| order.steps.clone())) />
        <Trouble error=counter.trouble />
        <returned::ReturnedNotice counter />
        <step::StepView counter />
        <transfer::Replaced counter />
        <details class="card history">
            <summary><Icon shape=Shape::Clock />"办理记录"</summary>
            <StatusTimeline lines=Signal::derive(move || order.with(|order| order.history.clone())) />
        </details>
        <agreements::Agreements counter />
        <privacy::Privacy counter />
        <agent::AgentLine change=agent />
        <withdraw::Withdraw counter />
        <VisitorIdle />
    }
}

#[component]
fn OrderHead(counter: Counter) -> impl IntoView {
    let order = counter.order;
    let status = move || {
        order.with(|order| {
            let to_do = order.moves.iter().any(|offered| offered.event != EventKind::Withdrawn);
            view! { <span class=status_class(order.standing, to_do)>{order.standing.title_in(order.service)}</span> }
        })
    };
    view! {
        <div class="order-head">
            <div>
                <h1 tabindex="-1">
                    {move || order.with(|order| format!("{} · {}", order.service.title(), order.party.title()))}
                </h1>
                <p class="order-number">
                    "订单号 " <span class="number">{move || order.with(|order| order.number.clone())}</span>
                </p>
            </div>
            {status}
        </div>
    }
}
