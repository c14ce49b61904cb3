//! Before the start: how it goes (R003), what to have at hand, what it costs, how long it takes.

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::orders::{Catalogue, Offer, start_order};
use crate::layout::House;
use crate::pages::not_found::NotFoundPage;
use crate::wording;
use journey::party::Party;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};

#[component]
pub fn ApplyPage() -> impl IntoView {
    let params = use_params_map();
    let party = move || params.with(|params| params.get("party").and_then(|code| Party::from_code(&code)));
    move || match party() {
        Some(party) => view! { <Before party /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

const fn heading(party: Party) -> &'static str {
    match party {
        Party::Organisation => "办理单位证书",
        Party::Person => "办理个人证书",
    }
}

#[component]
fn Before(party: Party) -> impl IntoView {
    let house = House::here();
    view! {
        <Title text=heading(party) />
        <div class="shell page">
            <p class="crumb">
                <A href="/">"首页"</A>
                " / 在线新办"
            </p>
            <h1 tabindex="-1">{heading(party)}</h1>
            <Suspense fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match house.catalogue().await {
                        Ok(catalogue) => view! { <Terms catalogue party /> }.into_any(),
                        Err(error) => {
                            view! { <Notice tone=Tone::Bad>{wording::desk_error(&error)}</Notice> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Terms(catalogue: Catalogue, party: Party) -> impl IntoView {
    let offer = catalogue
        .offers
        .iter()
        .find(|offer| offer.service == Service::Application && offer.party == party && offer.open)
        .cloned();
    match offer {
        None => view! {
            <Notice tone=Tone::Info title="此业务尚未开放">
                <p>"我们正在准备在线办理，请先致电服务热线 " <span class="number">{catalogue.hotline}</span> " 咨询。"</p>
            </Notice>
            <p class="actions">
                <A href="/" attr:class="button">"返回首页"</A>
            </p>
        }
        .into_any(),
        Some(offer) => view! {
            <Flow party />
            <div class="before-grid">
                <YouNeed party />
                <Price offer />
            </div>
            <PriceList offers=catalogue.offers party />
            <Start party />
        }
        .into_any(),
    }
}

/// The process picture, drawn from the rule book's own itinerary (R003).
#[component]
fn Flow(party: Party) -> impl IntoView {
    let steps = journey::itinerary::itinerary(Service::Application, party, Route::Usual);
    view! {
        <section aria-labelledby="flow">
            <h2 id="flow">"申请流程"</h2>
            <ol class="flow">
                {steps
                    .iter()
                    .map(|step| view! { <li><span class="flow-title">{step.title()}</span></li> })
                    .collect_view()}
            </ol>
        </section>
    }
}

#[component]
fn YouNeed(party: Party) -> impl IntoView {
    let evidence = journey::evidence::required(Service::Application, party, Route::Usual);
    let facts: &[&str] = match party {
        Party::Organisation => &[
            "统一社会信用代码、法定代表人姓名与身份证号",
            "法人手机号、法人银行卡号或对公账户，三者任选其一",
            "经办人的手机号，用于接收验证码与通知",
            "可接收快件的收件地址，以及接收电子发票的邮箱",
        ],
        Party::Person => &[
            "申请人身份证件（身份证、护照、港澳居民来往内地通行证或台湾居民来往大陆通行证）",
            "本人实名手机号、本人银行卡或本人银行账户，三者任选其一；非身份证件使用银行账户",
            "可接收短信的手机号，用于接收验证码与证书密码",
            "可接收快件的收件地址，以及接收电子发票的邮箱",
        ],
    };
    view! {
        <section class="card" aria-labelledby="need">
            <h2 id="need">"请提前准备"</h2>
            <ul class="ticks">
                {facts.iter().map(|fact| view! { <li><Icon shape=Shape::Check />{*fact}</li> }).collect_view()}
                {evidence
                    .iter()
                    .map(|kind| view! { <li><Icon shape=Shape::Check />{kind.title()}</li> })
                    .collect_view()}
            </ul>
            <p class="muted">"资料支持 JPG、PNG 图片，单个文件不超过 8 MB。填写过程自动保存，30 天内可继续。"</p>
        </section>
    }
}

#[component]
fn Price(offer: Offer) -> impl IntoView {
    view! {
        <section class="card price-card" aria-labelledby="price">
            <h2 id="price">"费用与时限"</h2>
            <p class="price">
                <span class="number">{offer.price.yuan()}</span>
                " 元"
            </p>
            <p class="muted">"含证书一年使用费、证书Key与邮寄，确认订单时显示的金额即最终支付金额。"</p>
            <p class="promise">
                <Icon shape=Shape::Clock />
                <span>
                    "支付完成后 " <strong class="number">{offer.promise_working_days}</strong> " 个工作日内通知审核结果"
                </span>
            </p>
            <p class="muted">{wording::INVOICE_PROMISE}</p>
        </section>
    }
}

/// 价目表: every service of this party, before anything is begun (R145).
#[component]
fn PriceList(offers: Vec<Offer>, party: Party) -> impl IntoView {
    let line = |offer: Offer| {
        let price =
            if offer.service.is_free() { "免费".to_owned() } else { format!("{} 元", offer.price.yuan()) };
        view! {
            <tr>
                <th scope="row">{offer.service.title()}</th>
                <td class="number">{price}</td>
            </tr>
        }
    };
    let mine = offers.into_iter().filter(move |offer| offer.party == party);
    view! {
        <details class="card price-list">
            <summary>"价目表"</summary>
            <table>
                <caption class="visually-hidden">{party.title()} "证书各项业务的价格"</caption>
                <tbody>{mine.map(line).collect_view()}</tbody>
            </table>
        </details>
    }
}

#[component]
fn Start(party: Party) -> impl IntoView {
    let alive = browser::use_alive();
    let navigate = use_navigate();
    let start = Action::new(move |()| start_order(Service::Application, party));
    let pending = start.pending();
    let answer = start.value();
    Effect::new(move || {
        if let Some(Ok(number)) = answer.get() {
            navigate(&format!("/orders/{number}"), Default::default());
        }
    });
    let error = Signal::derive(move || -> Option<DeskError> { answer.get().and_then(Result::err) });
    view! {
        <Trouble error />
        <p class="actions">
            <button
                class="button button-primary button-large"
                disabled=move || !alive.get() || pending.get()
                on:click=move |_| {
                    start.dispatch(());
                }
            >
                {move || if pending.get() { "正在建立订单…" } else { "开始办理" }}
            </button>
            <A href="/query" attr:class="button button-quiet">"已有订单？去订单查询"</A>
        </p>
        <noscript>
            <p class="muted">"在线填写需要浏览器启用 JavaScript。订单查询无需启用。"</p>
        </noscript>
    }
}
