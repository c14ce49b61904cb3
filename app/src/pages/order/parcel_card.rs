//! 证书Key寄送 (R034): courier, number, and the parcel's way as dispatch heard of it.

use super::cards::Fact;
use super::counter::Counter;
use crate::components::icon::Shape;
use crate::desk::orders::ParcelView;
use crate::desk::parcels::{ScanState, ScanView};
use leptos::prelude::*;

#[component]
pub fn ParcelCard(counter: Counter) -> impl IntoView {
    let parcel = Memo::new(move |_| counter.order.with(|order| order.parcel.clone()));
    move || {
        parcel.get().map(|ParcelView { courier, waybill, shipped_at, scans }| {
            let lost = scans.first().is_some_and(|scan| matches!(scan.state, ScanState::Lost | ScanState::Returned));
            let lines = scans.into_iter().map(line).collect_view();
            view! {
                <Fact shape=Shape::Parcel title="证书Key寄送">
                    <p>
                        {courier} " 运单号 "
                        <strong class="number waybill">{waybill}</strong>
                    </p>
                    <ol class="parcel-way">
                        {lines}
                        <li><span>"已寄出"</span> <span class="number muted">{shipped_at.to_string()}</span></li>
                    </ol>
                    {lost.then(|| view! { <p class="bad">"包裹未能送达，请致电服务热线，我们会为您重新办理寄送。"</p> })}
                </Fact>
            }
        })
    }
}

fn line(scan: ScanView) -> impl IntoView {
    let place = (!scan.place.is_empty()).then(|| format!("，{}", scan.place));
    view! {
        <li>
            <span>{scan.state.title()} {place}</span>
            " "
            <span class="number muted">{scan.at.to_string()}</span>
        </li>
    }
}
