//! `/staff/dispatch`: verified keys that wait for their courier (R153, R154: the key and its password go apart).

use super::asked::Asked;
use super::frame::StaffPage;
use super::queue::DueBadge;
use super::ship_sheet::ShipSheet;
use super::under_way::UnderWay;
use crate::components::dialog::Dialog;
use crate::components::notice::{Notice, Tone};
use crate::desk::parcels::parcels_under_way;
use crate::desk::production::dispatch_queue;
use crate::desk::review::QueueLine;
use crate::desk::staff::Role;
use leptos::prelude::*;

#[component]
pub fn DispatchPage() -> impl IntoView {
    view! {
        <StaffPage title="发货" role=Role::Dispatcher>
            <Parcels />
        </StaffPage>
    }
}

#[component]
fn Parcels() -> impl IntoView {
    let (lines, under_way) = (Asked::new(dispatch_queue), Asked::new(parcels_under_way));
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(String::new());
    let shipped = RwSignal::new(None::<String>);
    let choose = Callback::new(move |number: String| {
        chosen.set(number);
        shipped.set(None);
        open.set(true);
    });
    let done = Callback::new(move |said: String| {
        shipped.set(Some(said));
        open.set(false);
        lines.again();
        under_way.again();
    });
    let body = lines.shown(5, move |lines| {
        if lines.is_empty() {
            return view! { <p class="desk-empty">"没有待发货的证书Key。"</p> }.into_any();
        }
        let parcels = lines.into_iter().map(|line| view! { <Parcel line choose /> });
        view! { <ul class="parcels">{parcels.collect_view()}</ul> }.into_any()
    });
    view! {
        <div role="status">{move || shipped.get().map(|said| view! { <Notice tone=Tone::Good>{said}</Notice> })}</div>
        {body}
        <UnderWay lines=under_way open=choose />
        <Dialog open id="ship" title="寄送证书Key">
            <ShipSheet number=chosen.get() open done />
        </Dialog>
    }
}

#[component]
fn Parcel(line: QueueLine, choose: Callback<String>) -> impl IntoView {
    let number = line.number.clone();
    view! {
        <li class="parcel">
            <div class="parcel-words">
                <p class="parcel-holder">{line.holder_name}</p>
                <p class="case-meta">
                    <span>{line.service.title()}"·"{line.party.title()}</span>
                    <span>"订单号 "<span class="number">{line.number}</span></span>
                    <span>"制证完成 "<span class="number">{line.since.to_string()}</span></span>
                    {line.promise_due.map(|day| view! { <DueBadge promised=Some(day) /> })}
                </p>
            </div>
            <button type="button" class="button button-primary" on:click=move |_| choose.run(number.clone())>"登记发货"</button>
        </li>
    }
}
