//! `/staff/dispatch`: verified keys that wait for their courier (R153, R154: the key and its password go apart).

use super::asked::Asked;
use super::frame::StaffPage;
use super::queue::DueBadge;
use super::session::use_session;
use super::under_way::UnderWay;
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::production::{JobView, dispatch_queue, production_job, ship_order};
use crate::desk::review::QueueLine;
use crate::desk::staff::Role;
use crate::wording;
use crate::wording::staff::COURIERS;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    let lines = Asked::new(dispatch_queue);
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
        <UnderWay />
        <Dialog open id="ship" title="登记发货">
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

/// The recipient, the key that belongs into this parcel, and the form.
#[component]
fn ShipSheet(number: String, open: RwSignal<bool>, done: Callback<String>) -> impl IntoView {
    let job = {
        let number = number.clone();
        Asked::new(move || production_job(number.clone()))
    };
    move || match job.get() {
        None => view! { <Skeleton lines=5 /> }.into_any(),
        Some(Err(error)) => {
            view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any()
        }
        Some(Ok(view)) => view! { <ShipForm view open done /> }.into_any(),
    }
}

#[component]
fn ShipForm(view: JobView, open: RwSignal<bool>, done: Callback<String>) -> impl IntoView {
    let session = use_session();
    let courier = RwSignal::new(COURIERS[0].to_owned());
    let waybill = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let wrong = Signal::derive(move || {
        (tried.get() && !is_waybill(&waybill.get()))
            .then(|| "请输入面单上的运单号（8至24位字母或数字）".to_owned())
    });
    let number = StoredValue::new(view.number);
    let ship = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if waiting.get_untracked() || wrong.get_untracked().is_some() {
            return;
        }
        waiting.set(true);
        spawn_local(async move {
            let (by, bill) = (courier.get_untracked(), waybill.get_untracked().trim().to_uppercase());
            match ship_order(number.get_value(), by.clone(), bill.clone()).await {
                Ok(()) => done.run(format!("订单 {} 已登记发货：{by} {bill}。", number.get_value())),
                Err(error) => {
                    session.heed(&error);
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    let recipient = match view.recipient {
        Some(recipient) => view! {
            <dl class="parcel-label">
                <div class="case-fact"><dt>"收件人"</dt><dd>{recipient.name}</dd></div>
                <div class="case-fact"><dt>"手机"</dt><dd class="number">{recipient.phone}</dd></div>
                <div class="case-fact"><dt>"地址"</dt><dd>{recipient.address}</dd></div>
            </dl>
        }
        .into_any(),
        None => view! { <Notice tone=Tone::Warning>"没有取得收件信息，请刷新后重试。"</Notice> }.into_any(),
    };
    let key = view.key_serial.map(|serial| {
        view! {
            <p class="parcel-key">"请核对装入的Key序列号："<strong class="number">{serial}</strong></p>
        }
    });
    view! {
        {recipient}
        {key}
        <form on:submit=ship novalidate>
            <div class="field">
                <label for="courier">"快递公司"</label>
                <select id="courier" on:change=move |event| courier.set(event_target_value(&event))>
                    {COURIERS.map(|name| view! { <option value=name>{name}</option> }).into_iter().collect_view()}
                </select>
            </div>
            <Field name="waybill" label="运单号" value=waybill on_input=move |text| waybill.set(text) error=wrong
                maxlength=32 numeric=true />
            <Trouble error=trouble />
            <div class="actions actions-end">
                <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
                <button type="submit" class="button button-primary" disabled=move || waiting.get()>"确认发货"</button>
            </div>
        </form>
    }
}

/// A slip of the scanner shows here; whether the number lives only the courier knows.
fn is_waybill(text: &str) -> bool {
    let text = text.trim();
    (8..=24).contains(&text.len()) && text.bytes().all(|each| each.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::is_waybill;

    #[test]
    fn a_waybill_is_letters_and_digits() {
        assert!(is_waybill("SF1234567890123") && is_waybill(" 773012345678 "));
        assert!(!is_waybill("SF123") && !is_waybill("SF 123456789") && !is_waybill("顺丰12345678"));
    }
}
