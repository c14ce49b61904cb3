//! The sheet of one parcel: its recipient, the key that belongs into it, and where it may leave, the form.

use super::asked::Asked;
use super::session::use_session;
use crate::components::field::Field;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::parcels::{CourierView, ParcelLine, ScanState, list_couriers, parcels_under_way};
use crate::desk::production::{JobStage, JobView, Recipient, production_job, ship_order};
use crate::wording;
use crate::wording::staff::COURIERS;
use journey::entry::waybill;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn ShipSheet(number: String, open: RwSignal<bool>, done: Callback<String>) -> impl IntoView {
    let sheet = Asked::new(move || look(number.clone()));
    move || match sheet.get() {
        None => view! { <Skeleton lines=5 /> }.into_any(),
        Some(Err(error)) => {
            view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any()
        }
        Some(Ok(sheet)) => view! { <Sheet sheet open done /> }.into_any(),
    }
}

#[derive(Clone)]
struct ParcelSheet {
    job: JobView,
    couriers: Vec<CourierView>,
    /// It has not left yet, or it came back.
    may_leave: bool,
}

async fn look(number: String) -> Result<ParcelSheet, DeskError> {
    let job = production_job(number).await?;
    let couriers = list_couriers().await?;
    let came_back = |line: &ParcelLine| {
        line.number == job.number && line.last.as_ref().is_some_and(|scan| scan.state == ScanState::Returned)
    };
    let may_leave = job.stage != JobStage::Shipped || parcels_under_way().await?.iter().any(came_back);
    Ok(ParcelSheet { job, couriers, may_leave })
}

#[component]
fn Sheet(sheet: ParcelSheet, open: RwSignal<bool>, done: Callback<String>) -> impl IntoView {
    let ParcelSheet { job, couriers, may_leave } = sheet;
    let key = job.key_serial.map(|serial| {
        view! {
            <p class="parcel-key">"请核对装入的Key序列号："<strong class="number">{serial}</strong></p>
        }
    });
    let close = view! {
        <div class="actions actions-end">
            <button type="button" class="button" on:click=move |_| open.set(false)>"关闭"</button>
        </div>
    };
    let form = if may_leave {
        view! { <ShipForm number=job.number couriers open done /> }.into_any()
    } else {
        close.into_any()
    };
    view! { {label(job.recipient)} {key} {form} }
}

fn label(recipient: Option<Recipient>) -> AnyView {
    match recipient {
        Some(recipient) => view! {
            <dl class="parcel-label">
                <div class="case-fact"><dt>"收件人"</dt><dd>{recipient.name}</dd></div>
                <div class="case-fact"><dt>"手机"</dt><dd class="number">{recipient.phone}</dd></div>
                <div class="case-fact"><dt>"地址"</dt><dd>{recipient.address}</dd></div>
            </dl>
        }
        .into_any(),
        None => view! { <Notice tone=Tone::Warning>"没有取得收件信息，请刷新后重试。"</Notice> }.into_any(),
    }
}

#[component]
fn ShipForm(
    number: String,
    couriers: Vec<CourierView>,
    open: RwSignal<bool>,
    done: Callback<String>,
) -> impl IntoView {
    let session = use_session();
    let couriers = StoredValue::new(offered(couriers));
    let courier = RwSignal::new(couriers.with_value(|all| all[0].name.clone()));
    let bill = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let read = move || {
        let name = courier.get();
        let code = couriers
            .with_value(|all| all.iter().find(|each| each.name == name).map(|each| each.code.clone()));
        waybill::parse(&code.unwrap_or_default(), &bill.get())
    };
    let wrong = Signal::derive(move || {
        let fault = read().err().filter(|_| tried.get())?;
        Some(match fault.code {
            "waybill_of_another" => format!("这不是{}的运单号，请核对面单或换一家快递公司", courier.get()),
            _ => "请输入面单上的运单号（6至32位字母或数字）".to_owned(),
        })
    });
    let number = StoredValue::new(number);
    let ship = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let Ok(bill) = untrack(read) else { return };
        if waiting.get_untracked() {
            return;
        }
        waiting.set(true);
        spawn_local(async move {
            let by = courier.get_untracked();
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
    let options = couriers.with_value(|all| {
        all.iter()
            .map(|each| view! { <option value=each.name.clone()>{each.name.clone()}</option> })
            .collect_view()
    });
    view! {
        <form on:submit=ship novalidate>
            <div class="field">
                <label for="courier">"快递公司"</label>
                <select id="courier" on:change=move |event| courier.set(event_target_value(&event))>{options}</select>
            </div>
            <Field name="waybill" label="运单号" value=bill on_input=move |text| bill.set(text) error=wrong
                maxlength=32 numeric=true />
            <Trouble error=trouble />
            <div class="actions actions-end">
                <button type="button" class="button" on:click=move |_| open.set(false)>"取消"</button>
                <button type="submit" class="button button-primary" disabled=move || waiting.get()>"确认发货"</button>
            </div>
        </form>
    }
}

/// The office's couriers; where it has no list, the usual ones.
fn offered(couriers: Vec<CourierView>) -> Vec<CourierView> {
    if couriers.is_empty() {
        COURIERS.map(|name| CourierView { name: name.to_owned(), code: String::new() }).to_vec()
    } else {
        couriers
    }
}
