//! Parcels that have left and are not received: where each is, taken down as the courier says (B24).

use super::asked::Asked;
use super::session::use_session;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::parcels::{ParcelLine, ScanState, parcels_under_way, track_parcel};
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn UnderWay() -> impl IntoView {
    let lines = Asked::new(parcels_under_way);
    let said = RwSignal::new(None::<String>);
    let done = Callback::new(move |words: String| {
        said.set(Some(words));
        lines.again();
    });
    let body = lines.shown(3, move |lines| {
        if lines.is_empty() {
            return view! { <p class="desk-empty">"没有在途的包裹。"</p> }.into_any();
        }
        let parcels = lines.into_iter().map(|line| view! { <OnItsWay line done /> });
        view! { <ul class="parcels">{parcels.collect_view()}</ul> }.into_any()
    });
    view! {
        <h2 class="desk-part">"在途包裹"</h2>
        <div role="status">{move || said.get().map(|said| view! { <Notice tone=Tone::Good>{said}</Notice> })}</div>
        {body}
    }
}

#[component]
fn OnItsWay(line: ParcelLine, done: Callback<String>) -> impl IntoView {
    let session = use_session();
    let last = line.last.as_ref().map(|scan| scan.state);
    // Only what may come now is offered.
    let states: Vec<ScanState> = ScanState::ALL.into_iter().filter(|state| state.may_follow(last)).collect();
    let state = RwSignal::new(states.first().copied());
    let place = RwSignal::new(String::new());
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(line.number.clone());
    let choose = move |code: String| state.set(ScanState::from_code(&code));
    let track = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(state) = state.get_untracked().filter(|_| !waiting.get_untracked()) else { return };
        waiting.set(true);
        spawn_local(async move {
            match track_parcel(number.get_value(), state, place.get_untracked()).await {
                Ok(()) => done.run(format!("订单 {} 已登记：{}。", number.get_value(), state.title())),
                Err(error) => {
                    session.heed(&error);
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    let told = match &line.last {
        Some(scan) => format!("{} {} {}", scan.state.title(), scan.place, scan.at),
        None => format!("已寄出 {}", line.parcel.shipped_at),
    };
    let over = states.is_empty();
    let options = states
        .into_iter()
        .map(|state| view! { <option value=state.code()>{state.title()}</option> })
        .collect_view();
    view! {
        <li class="parcel parcel-under-way">
            <div class="parcel-words">
                <p class="parcel-holder">{line.holder_name}</p>
                <p class="case-meta">
                    <span>"订单号 " <span class="number">{line.number}</span></span>
                    <span>{line.parcel.courier} " " <span class="number">{line.parcel.waybill}</span></span>
                    <span class="number">{told}</span>
                </p>
                <Trouble error=trouble />
            </div>
            {(!over)
                .then(|| view! {
                    <form class="track" on:submit=track novalidate>
                        <label>
                            <span>"物流状态"</span>
                            <select on:change=move |event| choose(event_target_value(&event))>{options}</select>
                        </label>
                        <label>
                            <span>"地点"</span>
                            <input
                                maxlength="60"
                                prop:value=move || place.get()
                                on:input=move |event| place.set(event_target_value(&event))
                            />
                        </label>
                        <button type="submit" class="button" disabled=move || waiting.get()>"登记"</button>
                    </form>
                })}
        </li>
    }
}
