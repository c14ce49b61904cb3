//! The home page: all services (R001), how it goes, and whom to call (R006).

use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::orders::{Catalogue, Offer};
use crate::layout::House;
use crate::wording;
use journey::party::Party;
use journey::service::Service;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn HomePage() -> impl IntoView {
    let house = House::here();
    view! {
        <Title text="" />
        <section class="hero">
            <div class="shell">
                <h1 tabindex="-1">"在线办理数字证书"</h1>
                <p class="hero-lead">"填写、上传、支付全程在线，无需邮寄纸质材料。证书Key制作完成后寄送到您手中。"</p>
            </div>
        </section>
        <div class="shell home">
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match house.catalogue().await {
                        Ok(catalogue) => view! { <Services catalogue /> }.into_any(),
                        Err(error) => {
                            view! {
                                <Notice tone=Tone::Bad title="暂时无法载入业务列表">
                                    <p>{wording::desk_error(&error)}</p>
                                    <button class="button" on:click=move |_| house.ask_again()>"重新载入"</button>
                                </Notice>
                            }
                                .into_any()
                        }
                    }
                })}
            </Suspense>
            <HowItGoes />
        </div>
    }
}

#[component]
fn Services(catalogue: Catalogue) -> impl IntoView {
    let apply = |party: Party| {
        let offer = offer_of(&catalogue, Service::Application, party).cloned();
        let (shape, title, text, href) = match party {
            Party::Organisation => {
                (Shape::Organisation, "办理单位证书", "企业、机关、事业单位及其他组织", "/apply/organisation")
            }
            Party::Person => (Shape::Person, "办理个人证书", "个人实名数字证书", "/apply/person"),
        };
        let terms = offer.as_ref().map(|offer| {
            format!("{} 元 · {} 个工作日内出审核结果", offer.price.yuan(), offer.promise_working_days)
        });
        let open = offer.is_some_and(|offer| offer.open);
        view! {
            <li>
                <A href=href attr:class="apply-card">
                    <Icon shape />
                    <span class="apply-words">
                        <strong>{title}</strong>
                        <span>{text}</span>
                        <span class="apply-terms number">{terms}</span>
                    </span>
                    {if open {
                        view! { <span class="apply-go">"去办理" <Icon shape=Shape::Arrow /></span> }.into_any()
                    } else {
                        view! { <span class="badge">"尚未开放"</span> }.into_any()
                    }}
                </A>
            </li>
        }
    };
    view! {
        <section aria-labelledby="new">
            <h2 id="new">{Service::Application.title()}</h2>
            <ul class="apply-cards">{apply(Party::Organisation)} {apply(Party::Person)}</ul>
        </section>
        <section aria-labelledby="query-title">
            <A href="/query" attr:class="query-card">
                <Icon shape=Shape::Search />
                <span class="apply-words">
                    <strong id="query-title">"订单查询"</strong>
                    <span>"查看办理进度、继续未完成的业务、获取发票与密码发送情况"</span>
                </span>
                <span class="apply-go">"去查询" <Icon shape=Shape::Arrow /></span>
            </A>
        </section>
        <section aria-labelledby="lost-title">
            <A href="/lost" attr:class="query-card">
                <Icon shape=Shape::Warning />
                <span class="apply-words">
                    <strong id="lost-title">"证书挂失"</strong>
                    <span>"证书Key遗失或被盗？凭证件号码和短信验证码立即挂失，全天受理"</span>
                </span>
                <span class="apply-go">"去挂失" <Icon shape=Shape::Arrow /></span>
            </A>
        </section>
        <Others catalogue=catalogue.clone() />
    }
}

/// What is for those who hold a certificate already.
#[component]
fn Others(catalogue: Catalogue) -> impl IntoView {
    let others = [
        (Service::Renewal, Shape::Renew, "证书到期前 90 天内或过期 1 年内，续期一年"),
        (Service::Unblock, Shape::Unlock, "忘记密码，或多次输错导致证书Key锁定"),
        (Service::Replacement, Shape::Replace, "证书Key遗失或损坏，重新制作"),
        (Service::Modification, Shape::Edit, "单位名称、联系人等信息发生变化"),
    ];
    let other = |(service, shape, text): (Service, Shape, &'static str)| {
        let open = catalogue.offers.iter().any(|offer| offer.service == service && offer.open);
        let go = page_of(service).filter(|_| open);
        view! {
            <li class="service-card" class:service-closed=!open>
                <Icon shape />
                <div>
                    <h3>{service.title()}</h3>
                    <p>{text}</p>
                    {go.map(|href| view! { <A href=href attr:class="button" attr:aria-label=format!("去办理{}", service.title())>"去办理"</A> })}
                    {(!open).then(|| view! { <span class="badge">"尚未开放"</span> })}
                </div>
            </li>
        }
    };
    view! {
        <section aria-labelledby="others">
            <h2 id="others">"已有证书"</h2>
            <ul class="service-cards">{others.map(other).collect_view()}</ul>
        </section>
    }
}

/// Where a service begins that needs a key in the port.
const fn page_of(service: Service) -> Option<&'static str> {
    match service {
        Service::Renewal => Some("/renew"),
        Service::Unblock => Some("/unblock"),
        Service::Replacement => Some("/replace"),
        Service::Modification => Some("/modify"),
        Service::Application | Service::Resumption => None,
    }
}

fn offer_of(catalogue: &Catalogue, service: Service, party: Party) -> Option<&Offer> {
    catalogue.offers.iter().find(|offer| offer.service == service && offer.party == party)
}

/// The manual's four stages.
#[component]
fn HowItGoes() -> impl IntoView {
    let stages = [
        ("提交订单", "在线填写信息、上传鉴证资料，经办人短信确认"),
        ("支付证书费用", "支付宝或微信扫码，电子发票发送至预留邮箱"),
        ("等待审核", "审核结果以短信通知，通过后收到证书密码"),
        ("接收证书产品", "证书Key制作、校验后寄送到您填写的地址"),
    ];
    view! {
        <section aria-labelledby="how">
            <h2 id="how">"办理过程"</h2>
            <ol class="stages">
                {stages
                    .into_iter()
                    .map(|(title, text)| {
                        view! {
                            <li>
                                <h3>{title}</h3>
                                <p>{text}</p>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}
