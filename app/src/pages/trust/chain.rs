//! One authority of the tree, and those below it.

use super::copy::Fingerprint;
use crate::desk::trust::{AuthorityPurpose, AuthorityView};
use crate::wording::trust::grouped;
use leptos::prelude::*;

#[component]
pub fn Authority(authority: AuthorityView) -> impl IntoView {
    let title = match authority.purpose {
        AuthorityPurpose::Root => "根证书",
        AuthorityPurpose::Issuing => "签发机构证书",
        AuthorityPurpose::Responder => "OCSP 响应者证书",
    };
    let file = |ending: &str| format!("/authority/{}.{ending}", authority.name);
    let links =
        [("crt", "DER（.crt）"), ("pem", "PEM（.pem）"), ("p7b", "证书链（.p7b）")].map(|(ending, words)| {
            let label = format!("下载{title} {} {words}", authority.common_name);
            view! { <a class="button" href=file(ending) rel="external" download aria-label=label>{words}</a> }
        });
    let below = authority
        .below
        .iter()
        .cloned()
        .map(|authority| view! { <Authority authority /> }.into_any())
        .collect::<Vec<_>>();
    let below = (!below.is_empty()).then(|| view! { <ul class="trust-tree">{below}</ul> });
    let heading = format!("authority-{}", authority.name);
    let labelled = heading.clone();
    view! {
        <li>
            <article class="card authority" aria-labelledby=labelled>
                <header class="authority-head">
                    <h3 id=heading>{authority.common_name.clone()}</h3>
                    <p class="authority-badges">
                        <span class="badge">{title}</span>
                        <span class="badge badge-key">{authority.key.clone()}</span>
                        {authority.demo.then(|| view! { <span class="badge badge-demo">"演示"</span> })}
                    </p>
                </header>
                <dl class="trust-facts">
                    <Fact name="主体" value=authority.subject.clone() />
                    <Fact name="有效期" value=format!("{} 至 {}", day(authority.not_before), day(authority.not_after)) />
                    <Fact name="序列号" value=grouped(&authority.serial) code=true />
                    <Fingerprint what="SM3 指纹" hex=authority.sm3.clone() />
                    <Fingerprint what="SHA-256 指纹" hex=authority.sha256.clone() />
                </dl>
                <p class="actions authority-files">{links.into_iter().collect_view()}</p>
            </article>
            {below}
        </li>
    }
    .into_any()
}

#[component]
pub fn Fact(name: &'static str, #[prop(into)] value: String, #[prop(optional)] code: bool) -> impl IntoView {
    let value = if code { view! { <code>{value}</code> }.into_any() } else { value.into_any() };
    view! {
        <div class="trust-fact">
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
        </div>
    }
}

fn day(at: journey::moment::Moment) -> String {
    at.beijing_date().to_string()
}
