//! `/staff/certificates`: by serial, order number, or the key's serial; and the list of everything issued.

use super::pair::Pair;
use crate::components::field::Field;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::registrar::{PairView, find_certificates};
use crate::desk::staff::Role;
use crate::pages::staff::frame::StaffPage;
use crate::pages::staff::session::use_session;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn CertificatesPage() -> impl IntoView {
    view! {
        <StaffPage title="证书管理" role=Role::Registrar>
            <Registrar />
        </StaffPage>
    }
}

/// What was found stays on the page until something else is asked for; a change puts the pair as it then stands.
#[derive(Clone, Copy)]
pub struct Found(pub RwSignal<Option<Vec<PairView>>>);

#[component]
fn Registrar() -> impl IntoView {
    let session = use_session();
    let query = RwSignal::new(String::new());
    let found = Found(RwSignal::new(None));
    let (waiting, tried) = (RwSignal::new(false), RwSignal::new(false));
    let trouble = RwSignal::new(None::<DeskError>);
    let wrong = Signal::derive(move || {
        (tried.get() && query.get().trim().is_empty())
            .then(|| "请输入序列号、订单号或证书Key序列号".to_owned())
    });
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if waiting.get_untracked() || wrong.get_untracked().is_some() {
            return;
        }
        waiting.set(true);
        trouble.set(None);
        spawn_local(async move {
            match find_certificates(query.get_untracked()).await {
                Ok(pairs) => {
                    found.0.try_set(Some(pairs));
                }
                Err(error) => {
                    session.heed(&error);
                    found.0.try_set(None);
                    trouble.try_set(Some(error));
                }
            }
            waiting.try_set(false);
        });
    };
    view! {
        <form class="registrar-search" role="search" on:submit=search novalidate>
            <Field name="query" label="查找证书" value=query on_input=move |text| query.set(text) error=wrong
                hint="证书序列号（十六进制，可带冒号或空格）、订单号、证书Key序列号" maxlength=120 numeric=true />
            <button type="submit" class="button button-primary" disabled=move || waiting.get()>
                {move || if waiting.get() { "正在查找…" } else { "查找" }}
            </button>
        </form>
        <Trouble error=trouble />
        <div class="registrar-found" aria-live="polite">{move || found.0.get().map(|pairs| view! { <Pairs pairs found /> })}</div>
        <Lists />
    }
}

#[component]
fn Pairs(pairs: Vec<PairView>, found: Found) -> impl IntoView {
    if pairs.is_empty() {
        return view! {
            <Notice tone=Tone::Info title="没有找到">"请核对输入的号码。序列号可从证书查验的结果或证书详情中复制。"</Notice>
        }
        .into_any();
    }
    let count = pairs.len();
    view! {
        <p class="muted">{(count > 1).then(|| format!("共 {count} 组证书，最新的在前"))}</p>
        {pairs.into_iter().map(|pair| view! { <Pair pair found /> }).collect_view()}
    }
    .into_any()
}

#[component]
fn Lists() -> impl IntoView {
    view! {
        <section class="registrar-lists" aria-labelledby="lists">
            <h2 id="lists">"已签发证书清单"</h2>
            <p>"包含全部证书的序列号、模板、日期与状态，个人姓名已脱敏。CSV 的末行、JSON 的 sm3_of_certificates 是前面内容的 SM3 杂凑值：清单被删改即不相符。"</p>
            <p class="actions">
                <a class="button" href="/files/certificates.csv" rel="external" download>"下载 CSV"</a>
                <a class="button" href="/files/certificates.json" rel="external" download>"下载 JSON"</a>
            </p>
        </section>
    }
}
