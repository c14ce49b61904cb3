//! 证书更新: the key is shown as soon as it is in, with whether it may be renewed, and if not, why, from when, and what
//! instead (R055, R058, R061, R163).

use crate::components::notice::{Notice, Tone};
use crate::desk::held::HeldView;
use crate::pages::key_in::{KeyCard, KeyPort, SignIn};
use crate::wording;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn RenewalPage() -> impl IntoView {
    let port = KeyPort::watch();
    let held = move || port.held.get().and_then(Result::ok);
    view! {
        <Title text="证书更新" />
        <div class="shell page page-narrow">
            <h1 tabindex="-1">{Service::Renewal.title()}</h1>
            <p class="page-lead">
                "请插入需要更新的证书Key（只插一个），在更新业务结束前，请不要拔掉Key。证书有效期小于90天或已过期且不超过1年（365天）可以更新。"
            </p>
            <noscript>
                <Notice tone=Tone::Warning>"证书更新需要浏览器启用 JavaScript。"</Notice>
            </noscript>
            <KeyCard port />
            {move || held().map(|held| view! { <Verdict port held /> })}
            <p class="muted">
                "已付款、还没有写完的更新，插入同一把Key登录后自动继续；也可以通过" <A href="/query">"订单查询"</A> "继续。"
            </p>
        </div>
    }
}

#[component]
fn Verdict(port: KeyPort, held: HeldView) -> impl IntoView {
    let open = held.open_number(Service::Renewal).map(str::to_owned);
    match (held.refusal(Service::Renewal).cloned(), &open) {
        (Some(refusal), None) => {
            let late = matches!(refusal, Refusal::RenewalTooLate { .. });
            view! {
                <Refused refusal party=held.party />
                {late.then(|| view! { <Late port /> })}
            }
            .into_any()
        }
        _ => {
            let lead = match open {
                Some(_) => "您有一笔证书更新正在办理，请输入证书密码继续。",
                None => "这张证书可以更新。请输入证书密码，点击“确认”。",
            };
            view! {
                <section class="card" aria-label="登录">
                    <p class="key-state-good">{lead}</p>
                    <SignIn port service=Service::Renewal number=None label="确认" />
                </section>
            }
            .into_any()
        }
    }
}

/// A20: what the key holds is too old to be renewed as it is, but not the key.
#[component]
fn Late(port: KeyPort) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="late-title">
            <h2 id="late-title">"沿用这把证书Key重新办理"</h2>
            <p>
                "信息已按原证书填好，请核对并重新上传资料；付款并审核通过后，新证书直接写入这把Key，证书密码不变，无需邮寄，原来加密的文件仍可解开。"
            </p>
            <SignIn port service=Service::Renewal route=Route::WithEvidence number=None label="开始办理" />
        </section>
    }
}

/// Why not, and what instead.
#[component]
fn Refused(refusal: Refusal, party: Party) -> impl IntoView {
    let apply = match party {
        Party::Organisation => "/apply/organisation",
        Party::Person => "/apply/person",
    };
    let instead = match &refusal {
        Refusal::RenewalTooLate { .. } | Refusal::CertificateRevoked => Some((apply, "在线新办")),
        Refusal::CertificateSuspended => Some(("/lost", "证书挂失与恢复")),
        _ => None,
    };
    view! {
        <div role="status">
            <Notice tone=Tone::Warning title="现在不能更新这张证书">
                <p>{wording::refusal(&refusal)}</p>
                {instead.map(|(href, words)| view! { <A href=href attr:class="button">{words}</A> })}
            </Notice>
        </div>
    }
}
