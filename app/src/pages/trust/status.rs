//! What an issuer says about its certificates: the two lists, how fresh they are, and where OCSP answers.

use super::copy::Copy;
use crate::desk::trust::{AuthorityView, Freshness, ListView};
use crate::wording::trust::freshness_title;
use leptos::prelude::*;

#[component]
pub fn StatusOf(issuer: AuthorityView) -> impl IntoView {
    let heading = format!("status-{}", issuer.name);
    let labelled = heading.clone();
    let sm2 = issuer.key == "SM2";
    let command = issuer.status.as_ref().map(|status| example(&issuer.name, &status.ocsp_url, sm2));
    let lists = issuer.status.as_ref().map(|status| {
        view! {
            <List title="完整列表" list=status.full.clone() />
            <List title="增量列表" list=status.delta.clone() />
        }
    });
    view! {
        <article class="card" aria-labelledby=labelled>
            <h3 id=heading>{issuer.common_name.clone()}</h3>
            <div class="list-pair">{lists}</div>
            {issuer.status.map(|status| view! {
                <p class="ocsp-line">"OCSP 地址 " <code>{status.ocsp_url}</code></p>
            })}
            {command.map(|command| view! {
                <details>
                    <summary>"用 OpenSSL 查询一张证书的状态"</summary>
                    <div class="command"><pre tabindex="0"><code>{command.clone()}</code></pre><Copy text=command label="复制命令" /></div>
                    {sm2.then(|| view! {
                        <p class="muted">"OpenSSL 校验 SM2 响应签名时使用空的用户标识，而 GM/T 0009 规定为 1234567812345678，所以这里加上 -noverify：状态正确，签名请用支持国密的程序校验。"</p>
                    })}
                </details>
            })}
        </article>
    }
}

fn example(name: &str, url: &str, sm2: bool) -> String {
    let check = if sm2 { "-noverify" } else { "-CAfile root.pem" };
    format!("openssl ocsp -issuer {name}.pem -cert my.pem -url {url} {check}")
}

#[component]
fn List(title: &'static str, list: Option<ListView>) -> impl IntoView {
    let Some(list) = list else {
        return view! {
            <div class="list-one">
                <p class="list-head"><strong>{title}</strong><span class="status status-over">"尚未发布"</span></p>
            </div>
        }
        .into_any();
    };
    let class = match list.freshness {
        Freshness::Fresh => "status status-good",
        Freshness::Ending => "status status-todo",
        Freshness::Over => "status status-bad",
    };
    let base = list.base.map(|base| format!("（在第 {base} 号之上）"));
    let label = format!("下载{title}，第 {} 号", list.number);
    view! {
        <div class="list-one">
            <p class="list-head">
                <strong>{title}</strong>
                <span class=class>{freshness_title(list.freshness)}</span>
            </p>
            <p class="number">"第 "{list.number}" 号"{base}" · 共 "{list.entries}" 张"</p>
            <p class="muted number">"本次 "{list.this_update.to_string()}<br />"下次 "{list.next_update.to_string()}</p>
            <p><a class="button" href=list.path rel="external" download aria-label=label>"下载 CRL"</a></p>
        </div>
    }
    .into_any()
}
