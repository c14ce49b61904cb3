//! What the office says of each certificate: the verdict in words first, then what it means, then the facts.

use super::chain::Fact;
use super::copy::Fingerprint;
use crate::components::icon::{Icon, Shape};
use crate::desk::trust::{CertificateState, Checked, CheckedCertificate, Origin};
use crate::wording::trust::{from_to, grouped, kind_title, meaning, next_step, verdict};
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn Results(checked: Checked) -> impl IntoView {
    let many = checked.certificates.len() > 1;
    let count = many.then(|| view! { <p>"共读到 "{checked.certificates.len()}" 张证书："</p> });
    let left = (checked.left_off > 0).then(|| {
        view! { <p class="muted">"另有 "{checked.left_off}" 张没有查验，请分次提交。"</p> }
    });
    view! {
        {count}
        {checked.certificates.into_iter().map(|certificate| view! { <One certificate /> }).collect_view()}
        {left}
        <p class="muted">"查验时间 "<time class="number">{checked.as_of.to_string()}</time></p>
    }
}

#[derive(Clone, Copy)]
enum Weight {
    Good,
    Mind,
    Bad,
    Neutral,
}

fn weight(certificate: &CheckedCertificate) -> Weight {
    match (&certificate.origin, &certificate.state) {
        (Origin::Pretended, _) => Weight::Bad,
        (Origin::SelfSigned | Origin::Foreign, _) => Weight::Neutral,
        (_, Some(CertificateState::Good)) => Weight::Good,
        (_, Some(CertificateState::Revoked { .. } | CertificateState::Unknown)) => Weight::Bad,
        _ => Weight::Mind,
    }
}

#[component]
fn One(certificate: CheckedCertificate) -> impl IntoView {
    let (class, shape) = match weight(&certificate) {
        Weight::Good => ("verdict-card verdict-good", Shape::Check),
        Weight::Mind => ("verdict-card verdict-mind", Shape::Warning),
        Weight::Bad => ("verdict-card verdict-bad", Shape::Cross),
        Weight::Neutral => ("verdict-card verdict-neutral", Shape::Info),
    };
    let origin = match &certificate.origin {
        Origin::Ours { authority } => format!("由本机构签发，签名已用“{authority}”验证"),
        Origin::OurAuthority => "本机构公布的机构证书".to_owned(),
        Origin::Pretended => "签名不属于本机构".to_owned(),
        Origin::SelfSigned => "自签名".to_owned(),
        Origin::Foreign => "由其他机构签发".to_owned(),
    };
    let next = next_step(&certificate).map(|(words, link, path)| {
        view! { <p class="verdict-next">{words}" "<A href=path>{link}</A></p> }
    });
    view! {
        <article class=class>
            <header class="verdict-head">
                <Icon shape />
                <div>
                    <h2>{verdict(&certificate)}</h2>
                    <p>{meaning(&certificate)}</p>
                </div>
            </header>
            {next}
            <dl class="trust-facts">
                <Fact name="持有者" value=certificate.holder.clone() />
                <Fact name="来源" value=origin />
                <Fact name="用途" value=kind_title(certificate.kind) />
                <Fact name="有效期" value=from_to(certificate.not_before, certificate.not_after) />
                <Fact name="签发者" value=certificate.issuer.clone() />
                <Fact name="公钥算法" value=certificate.key.clone() />
                <Fact name="序列号" value=grouped(&certificate.serial) code=true />
                <Fingerprint what="SM3 指纹" hex=certificate.sm3.clone() />
                <Fingerprint what="SHA-256 指纹" hex=certificate.sha256.clone() />
            </dl>
        </article>
    }
}
