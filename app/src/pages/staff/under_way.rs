//! Parcels that have left and are not received: where each is, as the courier says or as it is taken down here (B24). What
//! wants care stands first, with what to do about it.

use super::asked::Asked;
use super::session::use_session;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::parcels::{Following, ParcelLine, ScanState, track_parcel};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// `open` shows the recipient of an order, and the form to send it once more.
#[component]
pub fn UnderWay(lines: Asked<Vec<ParcelLine>>, open: Callback<String>) -> impl IntoView {
    let said = RwSignal::new(None::<String>);
    let done = Callback::new(move |words: String| {
        said.set(Some(words));
        lines.again();
    });
    let body = lines.shown(3, move |lines| {
        if lines.is_empty() {
            return view! { <p class="desk-empty">"没有在途的包裹。"</p> }.into_any();
        }
        let parcels = lines.into_iter().map(|line| view! { <OnItsWay line done open /> });
        view! { <ul class="parcels">{parcels.collect_view()}</ul> }.into_any()
    });
    let refresh = move |_| lines.again();
    view! {
        <div class="desk-part desk-part-row">
            <h2>"在途包裹"</h2>
            <button type="button" class="button" disabled=move || lines.asking() on:click=refresh>"刷新"</button>
        </div>
        <div role="status">{move || said.get().map(|said| view! { <Notice tone=Tone::Good>{said}</Notice> })}</div>
        {body}
    }
}

#[component]
fn OnItsWay(line: ParcelLine, done: Callback<String>, open: Callback<String>) -> impl IntoView {
    let last = line.last.as_ref().map(|scan| scan.state);
    let lost_track = line.following.as_ref().is_some_and(|following| following.lost_track);
    let care = care(last, lost_track);
    let told = match &line.last {
        Some(scan) => format!("{} · {}", scan.state.title(), scan.place),
        None => silence(line.following.as_ref()).to_owned(),
    };
    let at = line.last.as_ref().map_or(line.parcel.shipped_at, |scan| scan.at);
    let page = line.following.and_then(|following| following.page);
    let page = page.map(|page| {
        view! { <a href=page target="_blank" rel="noopener noreferrer">"快递公司网站"</a> }
    });
    let number = StoredValue::new(line.number.clone());
    let wants_care = care.is_some();
    let act = care.map(|care| {
        view! {
            <div class="parcel-care">
                <p>{care.words}</p>
                <button type="button" class="button" on:click=move |_| open.run(number.get_value())>{care.button}</button>
            </div>
        }
    });
    view! {
        <li class="parcel parcel-under-way" class:parcel-wants-care=wants_care>
            <div class="parcel-words">
                <p class="parcel-holder">{line.holder_name}</p>
                <p class="case-meta">
                    <span>"订单号 " <span class="number">{line.number.clone()}</span></span>
                    <span>{line.parcel.courier} " " <span class="number">{line.parcel.waybill}</span></span>
                    {page}
                </p>
                <p class="parcel-told">{told} " " <time class="number muted">{at.to_string()}</time></p>
                {act}
            </div>
            <Track number=line.number last done />
        </li>
    }
}

/// Where it is, typed by whoever heard it.
#[component]
fn Track(number: String, last: Option<ScanState>, done: Callback<String>) -> impl IntoView {
    let session = use_session();
    // Only what may come now is offered.
    let states: Vec<ScanState> = ScanState::ALL.into_iter().filter(|state| state.may_follow(last)).collect();
    let state = RwSignal::new(states.first().copied());
    let place = RwSignal::new(String::new());
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(number);
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
    let over = states.is_empty();
    let options = states
        .into_iter()
        .map(|state| view! { <option value=state.code()>{state.title()}</option> })
        .collect_view();
    (!over).then(|| {
        view! {
            <form class="track" on:submit=track novalidate>
                <label class="field">
                    <span>"物流状态"</span>
                    <select on:change=move |event| choose(event_target_value(&event))>{options}</select>
                </label>
                <label class="field track-place">
                    <span>"地点"</span>
                    <input
                        maxlength="60"
                        prop:value=move || place.get()
                        on:input=move |event| place.set(event_target_value(&event))
                    />
                </label>
                <button type="submit" class="button" disabled=move || waiting.get()>"登记"</button>
                <Trouble error=trouble />
            </form>
        }
    })
}

fn silence(following: Option<&Following>) -> &'static str {
    match following {
        Some(following) if following.lost_track => "已寄出，快递公司查不到这个运单号",
        Some(_) => "已寄出，等待快递公司的物流信息",
        None => "已寄出",
    }
}

struct Care {
    words: &'static str,
    button: &'static str,
}

/// What is to be done about it.
fn care(last: Option<ScanState>, lost_track: bool) -> Option<Care> {
    let (words, button) = match last {
        None if lost_track => ("请核对面单：运单号或快递公司可能登记有误。", "查看收件信息"),
        Some(ScanState::Troubled) => {
            ("派送遇到问题：请联系收件人核对地址与电话，再告知快递公司。", "查看收件信息")
        }
        Some(ScanState::Refused) => ("收件人拒收：请联系收件人，等快件退回后重新寄出。", "查看收件信息"),
        Some(ScanState::Returned) => ("快件已退回：收到后核对Key序列号与收件信息，重新寄出。", "重新寄出"),
        Some(ScanState::Lost) => ("快件丢失：请联系收件人，并通知证书管理员将证书挂失。", "查看收件信息"),
        _ => return None,
    };
    Some(Care { words, button })
}
