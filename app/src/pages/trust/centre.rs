//! `/trust`: what this house publishes of itself. Readable without the program; machines read `/trust.json`.

use super::chain::Authority;
use super::status::StatusOf;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::trust::{AuthorityView, TrustView, view_trust};
use crate::wording;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

#[component]
pub fn TrustPage() -> impl IntoView {
    let trust = Resource::new(|| (), |()| view_trust());
    view! {
        <Title text="信任中心" />
        <div class="shell page trust">
            <h1 tabindex="-1">"信任中心"</h1>
            <p class="page-lead">"本机构的根证书、签发机构证书、吊销列表与业务规则，供任何人下载、核对与订阅。"</p>
            <CheckCard />
            <Suspense fallback=|| view! { <Skeleton lines=10 /> }>
                {move || Suspend::new(async move {
                    match trust.await {
                        Ok(view) => view! { <Centre view /> }.into_any(),
                        Err(error) => {
                            view! {
                                <Notice tone=Tone::Bad title="暂时无法载入">
                                    <p>{wording::desk_error(&error)}</p>
                                    <button type="button" class="button" on:click=move |_| trust.refetch()>"重新载入"</button>
                                </Notice>
                            }
                                .into_any()
                        }
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn CheckCard() -> impl IntoView {
    view! {
        <A href="/trust/check" attr:class="query-card">
            <Icon shape=Shape::Search />
            <span class="apply-words">
                <strong>"证书查验"</strong>
                <span>"粘贴或选择一张证书，核对是否由本机构签发、现在是否有效"</span>
            </span>
            <span class="apply-go">"去查验" <Icon shape=Shape::Arrow /></span>
        </A>
    }
}

#[component]
fn Centre(view: TrustView) -> impl IntoView {
    let issuers = issuers(&view.chains);
    let lists = issuers.into_iter().map(|issuer| view! { <StatusOf issuer /> }).collect_view();
    let first = view.chains.first().map(|root| (root.name.clone(), root.demo));
    let facts = view.statement;
    view! {
        <section aria-labelledby="chains">
            <h2 id="chains">"证书链"</h2>
            <p class="muted">"安装或信任前，请通过电话等其他渠道核对指纹。"</p>
            <ul class="trust-tree">
                {view.chains.into_iter().map(|authority| view! { <Authority authority /> }).collect_view()}
            </ul>
        </section>
        <section aria-labelledby="lists">
            <h2 id="lists">"吊销列表与在线状态"</h2>
            <div class="trust-lists">{lists}</div>
        </section>
        <section aria-labelledby="cps">
            <h2 id="cps">"电子认证业务规则（CPS）"</h2>
            <div class="card trust-cps">
                <p>
                    "版本 " <span class="number">{facts.version}</span> "，"
                    <span class="number">{facts.effective_on}</span> " 生效"
                </p>
                <dl class="trust-facts">
                    <super::copy::Fingerprint what="SM3 杂凑值" hex=facts.sm3 />
                </dl>
                <p class="actions">
                    <A href="/trust/cps" attr:class="button">"在线阅读"</A>
                    <a class="button" href="/trust/cps.txt" rel="external" download>"下载文本"</a>
                </p>
            </div>
        </section>
        {first.map(|(name, demo)| view! { <Install name demo /> })}
        <Watch />
        <p class="muted">"以上内容截至 " <time class="number">{view.as_of.to_string()}</time> "。"</p>
    }
}

/// Whoever publishes status, roots first.
fn issuers(chains: &[AuthorityView]) -> Vec<AuthorityView> {
    let mut found = Vec::new();
    for authority in chains {
        if authority.status.is_some() {
            found.push(AuthorityView { below: Vec::new(), ..authority.clone() });
        }
        found.extend(issuers(&authority.below));
    }
    found
}

/// Short, for the three systems that people have.
#[component]
fn Install(name: String, demo: bool) -> impl IntoView {
    let file = format!("/authority/{name}.crt");
    let warning = demo.then(|| {
        view! {
            <Notice tone=Tone::Warning title="演示根证书，请不要安装到日常使用的电脑">
                "安装后，这台电脑会信任本演示环境签发的一切证书。试用完毕请删除。"
            </Notice>
        }
    });
    view! {
        <section aria-labelledby="install">
            <h2 id="install">"安装根证书"</h2>
            {warning}
            <div class="card prose-list">
                <p>"先下载" <a href=file rel="external" download>"根证书"</a> "，核对指纹与本页一致，再安装："</p>
                <ul>
                    <li><strong>"Windows"</strong> "　双击文件 → 安装证书 → 本地计算机 → 将所有证书放入“受信任的根证书颁发机构”。"</li>
                    <li><strong>"macOS"</strong> "　双击文件加入“系统”钥匙串，打开证书 → 信任 → 始终信任。"</li>
                    <li><strong>"Linux"</strong> "　将 PEM 文件放入 " <code>"/usr/local/share/ca-certificates/"</code> "，运行 " <code>"update-ca-certificates"</code> "。"</li>
                </ul>
                <p class="muted">"SM2 证书需要支持国密算法的浏览器或系统（如统信 UOS、麒麟，或国密浏览器）；Windows 与 macOS 自带的证书库不支持 SM2。"</p>
            </div>
        </section>
    }
}

#[component]
fn Watch() -> impl IntoView {
    view! {
        <section aria-labelledby="watch">
            <h2 id="watch">"订阅变更"</h2>
            <div class="card prose-list">
                <ul>
                    <li><a href="/trust.atom" rel="external">"Atom 订阅"</a> "：根证书或签发机构证书有变更时出现新条目。"</li>
                    <li><a href="/trust.json" rel="external">"trust.json"</a> "：证书链、指纹与吊销列表编号，供程序读取；带 ETag，没有变化时返回 304。"</li>
                </ul>
            </div>
        </section>
    }
}
