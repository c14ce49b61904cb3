//! What a replacement shows beside its step: the transfer that is awaited (A34), the certificate that is replaced (A38),
//! and the signed application.

use super::counter::Counter;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone};
use crate::desk::replacement::{ReplacementView, view_replacement};
use journey::order::Standing;
use journey::service::Service;
use journey::step::Step;
use leptos::prelude::*;

/// Nothing for any other service.
#[component]
pub fn Replaced(counter: Counter) -> impl IntoView {
    let replaces = counter.order.with_untracked(|order| order.service == Service::Replacement);
    replaces.then(|| view! { <Asked counter /> })
}

#[component]
fn Asked(counter: Counter) -> impl IntoView {
    // Asked again whenever the order has moved.
    let facts = LocalResource::new(move || {
        counter.order.with(|order| order.version);
        view_replacement(counter.number())
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move { facts.await.ok().map(|facts| view! { <Cards counter facts /> }) })}
        </Suspense>
    }
}

#[component]
fn Cards(counter: Counter, facts: ReplacementView) -> impl IntoView {
    let standing = counter.standing.get_untracked();
    let open = matches!(standing, Standing::Open(_));
    let begins = matches!(standing, Standing::Open(Step::Details | Step::Confirm | Step::Evidence));
    let transfer = (open && !facts.transferred).then_some(()).and(facts.account.clone());
    let signed = facts.signed.clone();
    view! {
        {(begins && facts.renewal_soon)
            .then(|| {
                view! {
                    <Notice tone=Tone::Info title="有效期不足 90 天">
                        <p>"补办的证书沿用原到期日，到期前请再办理续期。"</p>
                    </Notice>
                }
            })}
        <section class="card" aria-labelledby="replaced">
            <h3 id="replaced">"补办的证书"</h3>
            <dl class="facts">
                <div><dt>"原证书序列号"</dt><dd class="number">{facts.sign_serial}</dd></div>
                <div><dt>"到期日（沿用）"</dt><dd class="number">{facts.not_after.beijing_date().to_string()}</dd></div>
                {facts.on_hold.then(|| view! { <div><dt>"原证书状态"</dt><dd>"已挂失，审核通过时吊销"</dd></div> })}
            </dl>
        </section>
        {transfer
            .map(|account| {
                view! {
                    <section class="card" aria-labelledby="transfer">
                        <h3 id="transfer">"汇款信息"</h3>
                        <dl class="facts">
                            <div><dt>"收款户名"</dt><dd>{account.name}</dd></div>
                            <div><dt>"开户银行"</dt><dd>{account.bank}</dd></div>
                            <div><dt>"收款账号"</dt><dd class="number">{account.number}</dd></div>
                            <div><dt>"汇款金额"</dt><dd class="number">{format!("{} 元", facts.price.yuan())}</dd></div>
                            <div>
                                <dt>"汇款附言"</dt>
                                <dd><strong class="number reference">{facts.reference.clone()}</strong></dd>
                            </div>
                        </dl>
                        <p class="muted">"付款凭证可在 15 天内补传，订单会保留。到账后才开始制证。"</p>
                    </section>
                }
            })}
        {signed
            .map(|signed| {
                view! {
                    <section class="card" aria-labelledby="signed">
                        <h3 id="signed">"已签署的申请书"</h3>
                        <p>"签署时间 " <span class="number">{signed.signed_at.to_string()}</span></p>
                        {match signed.pdf_path {
                            Some(path) => view! {
                                <p class="actions">
                                    <a class="button" href=path rel="external" download>
                                        <Icon shape=Shape::File />
                                        "下载 PDF"
                                    </a>
                                </p>
                            }
                            .into_any(),
                            None => view! { <p class="muted">"正在加盖电子签名…"</p> }.into_any(),
                        }}
                    </section>
                }
            })}
    }
}
