//! Owns: 证书补办 up to the order: 办理说明 with account, amount and reference (A34), the record list, and 补办.
//! Never: the order's steps (`pages/order`), whether a record may be replaced (the office says so).
//! Start at: [`ReplacePage`].

mod records;
mod terms;

use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::replacement::replacement_terms;
use crate::pages::not_found::NotFoundPage;
use crate::wording;
use journey::party::Party;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// `/replace`: which certificate (R085).
#[component]
pub fn ReplaceChoicePage() -> impl IntoView {
    view! {
        <Title text="证书补办" />
        <div class="shell page page-narrow">
            <p class="crumb">
                <A href="/">"首页"</A>
                " / 证书补办"
            </p>
            <h1 tabindex="-1">"证书补办"</h1>
            <p class="page-lead">"证书Key遗失或损坏，重新制作一把。补办的证书沿用原证书的到期日，原加密证书加密的文件仍可打开。"</p>
            <ul class="order-list">
                <li class="order-line">
                    <span class="order-line-title">"单位数字证书"</span>
                    <p>"先按办理说明向指定账号汇款，再在线提交补办申请。"</p>
                    <A href="/replace/organisation" attr:class="button button-primary">"单位补办"</A>
                </li>
                <li class="order-line">
                    <span class="order-line-title">"个人数字证书"</span>
                    <p>"在线提交补办申请，签名后用支付宝支付介质费用。"</p>
                    <A href="/replace/person" attr:class="button button-primary">"个人补办"</A>
                </li>
            </ul>
            <p class="muted">
                "刚刚遗失？请先" <A href="/lost">"挂失"</A> "，再办理补办。已提交申请的，请到" <A href="/query">"订单查询"</A> "继续。"
            </p>
        </div>
    }
}

#[component]
pub fn ReplacePage() -> impl IntoView {
    let params = use_params_map();
    let party = move || params.with(|params| params.get("party").and_then(|code| Party::from_code(&code)));
    move || match party() {
        Some(party) => view! { <Before party /> }.into_any(),
        None => view! { <NotFoundPage /> }.into_any(),
    }
}

const fn heading(party: Party) -> &'static str {
    match party {
        Party::Organisation => "单位证书补办",
        Party::Person => "个人证书补办",
    }
}

#[component]
fn Before(party: Party) -> impl IntoView {
    let terms = Resource::new(|| (), move |()| replacement_terms(party));
    view! {
        <Title text=heading(party) />
        <div class="shell page">
            <p class="crumb">
                <A href="/">"首页"</A>
                " / "
                <A href="/replace" exact=true>"证书补办"</A>
            </p>
            <h1 tabindex="-1">{heading(party)}</h1>
            <Suspense fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match terms.await {
                        Ok(terms) if terms.open => view! { <Open party terms /> }.into_any(),
                        Ok(_) => view! { <Closed /> }.into_any(),
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
fn Closed() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title="此业务尚未开放">
            <p>"请致电页面底部的服务热线咨询。证书Key已遗失的，可以先在线挂失。"</p>
        </Notice>
        <p class="actions">
            <A href="/lost" attr:class="button button-primary">"证书挂失"</A>
        </p>
    }
}

#[component]
fn Open(party: Party, terms: crate::desk::replacement::Terms) -> impl IntoView {
    let steps = journey::itinerary::itinerary(Service::Replacement, party, Route::Usual);
    // What the visit was given stands beside the records too: the order takes it.
    let reference = RwSignal::new(String::new());
    view! {
        <section aria-labelledby="flow">
            <h2 id="flow">"申请流程"</h2>
            <ol class="flow">
                {steps.iter().map(|step| view! { <li><span class="flow-title">{step.title()}</span></li> }).collect_view()}
            </ol>
        </section>
        <terms::Paying party terms reference />
        <records::Choose party reference />
    }
}
