//! 办理说明: what it costs, where an organisation's transfer goes, and the reference that finds it (R083, A34).

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::Trouble;
use crate::desk::DeskError;
use crate::desk::replacement::{Account, Terms, remittance_reference};
use journey::evidence::EvidenceKind;
use journey::party::Party;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Paying(party: Party, terms: Terms, reference: RwSignal<String>) -> impl IntoView {
    let price = terms.price.yuan();
    let account = terms.account.clone();
    view! {
        <div class="before-grid">
            <section class="card" aria-labelledby="terms">
                <h2 id="terms">"办理说明"</h2>
                {match account {
                    Some(account) => view! { <Transfer account price=price.clone() reference /> }.into_any(),
                    None => view! { <ByPerson price=price.clone() /> }.into_any(),
                }}
            </section>
            <section class="card price-card" aria-labelledby="price">
                <h2 id="price">"费用与时限"</h2>
                <p class="price">
                    <span class="number">{price}</span>
                    " 元"
                </p>
                <p class="muted">"证书Key介质费用，含邮寄。补办的证书沿用原证书的到期日，不另收证书年费。"</p>
                <p class="promise">
                    <Icon shape=Shape::Clock />
                    <span>
                        {match party {
                            Party::Organisation => "签名提交后 ",
                            Party::Person => "支付完成后 ",
                        }}
                        <strong class="number">{terms.promise_working_days}</strong>
                        " 个工作日内，以短信和邮件通知审核结果"
                    </span>
                </p>
                <YouNeed party />
            </section>
        </div>
    }
}

#[component]
fn YouNeed(party: Party) -> impl IntoView {
    let needed = journey::evidence::required(Service::Replacement, party, Route::Usual);
    let later = |kind: EvidenceKind| match kind {
        EvidenceKind::PaymentVoucher => "（可在汇款后 15 天内补传）",
        _ => "",
    };
    view! {
        <h3>"请提前准备"</h3>
        <ul class="ticks">
            <li><Icon shape=Shape::Check />"原证书的预留手机，用于接收验证码"</li>
            {needed
                .iter()
                .map(|kind| view! { <li><Icon shape=Shape::Check />{kind.title()} {later(*kind)}</li> })
                .collect_view()}
        </ul>
    }
}

#[component]
fn ByPerson(price: String) -> impl IntoView {
    view! {
        <ol class="numbered">
            <li>"输入证件号码并验证预留手机，选择需要补办的证书。"</li>
            <li>"核对从原证书读出的信息，如有变更请直接修改。"</li>
            <li>"上传证件照片，签名确认。"</li>
            <li>{format!("使用支付宝支付介质费用 {price} 元，无需邮寄申请资料。")}</li>
        </ol>
    }
}

#[component]
fn Transfer(account: Account, price: String, reference: RwSignal<String>) -> impl IntoView {
    let fact = |label: &'static str, value: String| {
        view! {
            <div>
                <dt>{label}</dt>
                <dd class="number">{value}</dd>
            </div>
        }
    };
    view! {
        <p>"请先从本单位账户向下列账号汇款，再提交补办申请。"</p>
        <dl class="facts">
            {fact("收款户名", account.name)} {fact("开户银行", account.bank)} {fact("收款账号", account.number)}
            {fact("汇款金额", format!("{price} 元"))}
            <div>
                <dt>"汇款附言"</dt>
                <dd><Reference reference /></dd>
            </div>
        </dl>
        <p class="muted">"请在汇款附言（用途、备注）中填写附言码，我们凭附言码核对到账。汇款后保留回单，申请时作为付款凭证上传。"</p>
    }
}

/// Given on a click: whoever only reads needs none.
#[component]
fn Reference(reference: RwSignal<String>) -> impl IntoView {
    let alive = browser::use_alive();
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<DeskError>));
    let ask = move |_| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match remittance_reference().await {
                Ok(given) => {
                    reference.try_set(given);
                }
                Err(error) => {
                    trouble.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <span role="status">
            {move || {
                let given = reference.get();
                (!given.is_empty())
                    .then(|| {
                        let text = given.clone();
                        view! {
                            <span class="reference">
                                <strong class="number" id="reference">{given}</strong>
                                <button type="button" class="button button-quiet" on:click=move |_| browser::copy(&text)>
                                    "复制"
                                </button>
                            </span>
                        }
                    })
            }}
        </span>
        <Show when=move || reference.with(String::is_empty)>
            <button type="button" class="button" disabled=move || !alive.get() || busy.get() on:click=ask>
                {move || if busy.get() { "正在取得…" } else { "取得附言码" }}
            </button>
        </Show>
        <Trouble error=trouble />
    }
}
