//! 证书Key寄送 (R034): courier and number, the last news first, the parcel's way, and the courier asked once more.

use super::cards::Fact;
use super::counter::Counter;
use crate::components::countdown::{clock_text, use_seconds_left};
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::desk::orders::ParcelView;
use crate::desk::parcels::{Following, ScanState, ScanView, ask_courier};
use journey::moment::Moment;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn ParcelCard(counter: Counter) -> impl IntoView {
    let parcel = Memo::new(move |_| counter.order.with(|order| order.parcel.clone()));
    // The order has gone on: there is nothing to ask for any more.
    let open = Memo::new(move |_| counter.order.with(|order| order.standing.is_open()));
    move || {
        parcel.get().map(|ParcelView { courier, waybill, shipped_at, scans, following }| {
            let last = scans.first().map(|scan| scan.state);
            let advice = last.filter(|_| open.get()).and_then(advice);
            let lines = scans.into_iter().map(line).collect_view();
            let page = following.as_ref().and_then(|following| following.page.clone());
            let page = page.map(|page| {
                let name = courier.clone();
                view! { <a href=page target="_blank" rel="noopener noreferrer">{name} "网站查询"</a> }
            });
            let asked = following.filter(|_| open.get());
            let silent = asked.as_ref().filter(|_| last.is_none()).map(silence);
            let may_ask = asked.filter(|_| !last.is_some_and(ended));
            view! {
                <Fact shape=Shape::Parcel title="证书Key寄送">
                    <p class="parcel-number">
                        <span>{courier} " 运单号 " <strong class="number waybill">{waybill}</strong></span>
                        {page}
                    </p>
                    {advice.map(|(tone, words)| view! { <Notice tone>{words}</Notice> })}
                    {silent}
                    <ol class="parcel-way" aria-label="物流信息">
                        {lines}
                        <li>
                            <strong>"已寄出"</strong>
                            <time class="number">{shipped_at.to_string()}</time>
                        </li>
                    </ol>
                    {may_ask.map(|following| view! { <Ask counter following /> })}
                </Fact>
            }
        })
    }
}

fn line(scan: ScanView) -> impl IntoView {
    let words =
        (!scan.place.is_empty()).then(|| view! { <span class="parcel-words-said">{scan.place}</span> });
    view! {
        <li>
            <strong>{scan.state.title()}</strong>
            <time class="number">{scan.at.to_string()}</time>
            {words}
        </li>
    }
}

/// Nothing comes after it.
fn ended(state: ScanState) -> bool {
    matches!(state, ScanState::Delivered | ScanState::Returned | ScanState::Lost)
}

/// What its applicant should do about where the parcel is.
fn advice(state: ScanState) -> Option<(Tone, &'static str)> {
    Some(match state {
        ScanState::Delivered => (
            Tone::Good,
            "快递显示已签收。请核对证书Key后点击“确认收货”；不是您或您委托的人签收的，请立即致电服务热线。",
        ),
        ScanState::Troubled => {
            (Tone::Warning, "快件派送遇到问题。请保持收件手机畅通，或联系快递公司约定派送；我们也会跟进。")
        }
        ScanState::Refused => {
            (Tone::Warning, "快件被拒收，正在处理。如非本意，请致电服务热线，我们会重新寄送。")
        }
        ScanState::Returned => {
            (Tone::Warning, "快件未能送达，已退回。我们核对收件信息后重新寄出，新的运单号会发短信告知您。")
        }
        ScanState::Lost => {
            (Tone::Bad, "快件丢失。证书密码另行发送，他人无法使用证书Key；请致电服务热线为您重新办理。")
        }
        ScanState::Collected | ScanState::InTransit | ScanState::OutForDelivery => return None,
    })
}

fn silence(following: &Following) -> impl IntoView + use<> {
    if following.lost_track {
        let words = "快递公司暂时查不到这个运单号。我们正在核对，您也可以致电服务热线。";
        return view! { <Notice tone=Tone::Warning>{words}</Notice> }.into_any();
    }
    view! { <p class="muted">"暂无物流信息。快递公司揽收后更新，一般在寄出后 24 小时内。"</p> }.into_any()
}

/// 刷新: not more often than the courier lets a number be asked about.
#[component]
fn Ask(counter: Counter, following: Following) -> impl IntoView {
    let Following { heard_at, again_at, .. } = following;
    let wait = use_seconds_left(Signal::derive(move || again_at));
    let asking = RwSignal::new(false);
    let resting = move || counter.resting() || asking.get() || wait.get().is_some_and(|left| left > 0);
    let ask = move |_| {
        counter.busy.set(true);
        asking.set(true);
        spawn_local(async move {
            let answer = ask_courier(counter.number()).await;
            let failed = answer.is_err();
            counter.take(answer);
            asking.try_set(false);
            if failed {
                // When it may be asked again has changed.
                counter.refresh();
            }
        });
    };
    let words = move || match wait.get() {
        Some(left) if left > 0 => format!("{} 后可刷新", clock_text(left)),
        _ if asking.get() => "正在查询…".to_owned(),
        _ => "刷新物流信息".to_owned(),
    };
    view! {
        <p class="actions">
            <button type="button" class="button" disabled=resting on:click=ask>{words}</button>
            <span class="muted">{heard(heard_at)}</span>
        </p>
    }
}

fn heard(at: Option<Moment>) -> String {
    at.map_or_else(|| "有新消息时自动更新".to_owned(), |at| format!("更新于 {at}，有新消息时自动更新"))
}
