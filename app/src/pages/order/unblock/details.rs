//! 核对信息 (R077): by the reserved phone, with 其他验证方式 at the bottom left (R071); or by identity, with its three
//! methods (R072), the first time with the reason shown (A26).

use super::super::counter::Counter;
use super::Beside;
use super::asks::{Asks, Sheet};
use crate::components::choice::{Choice, ChoiceCard};
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::desk::unblock::{UnblockView, enter_unblock, take_other_way};
use journey::identity::{AuthorisationChannel, IdentityMethod, authorisation_channel};
use journey::party::Party;
use journey::route::Route;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn UnblockDetails(counter: Counter) -> impl IntoView {
    let route = Memo::new(move |_| counter.order.with(|order| order.route));
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">
                {move || if route.get() == Route::ByIdentity { "验证身份" } else { "核对信息" }}
            </h2>
        </div>
        {move || {
            let by_identity = route.get() == Route::ByIdentity;
            view! {
                <Beside counter show=move |view| {
                    if by_identity {
                        view! { <ByIdentity counter view /> }.into_any()
                    } else {
                        view! { <ByPhone counter view /> }.into_any()
                    }
                } />
            }
        }}
    }
}

#[component]
fn Facts(view: UnblockView) -> impl IntoView {
    let end = view.not_after.map(|end| end.beijing_date().to_string());
    view! {
        <dl class="facts">
            <div><dt>"证书名称"</dt><dd>{view.certificate_name}</dd></div>
            <div><dt>"Key序列号"</dt><dd class="number">{view.key_serial}</dd></div>
            {end.map(|end| view! { <div><dt>"有效期至"</dt><dd class="number">{end}</dd></div> })}
            <div><dt>"经办人"</dt><dd>{view.agent_name}</dd></div>
            <div><dt>"预留手机"</dt><dd class="number">{view.agent_phone}</dd></div>
        </dl>
    }
}

#[component]
fn ByPhone(counter: Counter, view: UnblockView) -> impl IntoView {
    let go = move |_| {
        counter.busy.set(true);
        spawn_local(async move {
            counter.take(enter_unblock(counter.number(), counter.version(), None).await);
        });
    };
    let other = move |_| {
        counter.busy.set(true);
        spawn_local(async move {
            counter.take(take_other_way(counter.number(), counter.version()).await);
        });
    };
    view! {
        <section class="card key-sheet">
            <Facts view />
            <p>"下一步将向预留手机发送解锁验证码。"</p>
        </section>
        <div class="unblock-actions">
            <button type="button" class="button button-quiet" disabled=move || counter.resting() on:click=other>
                "其他验证方式"
            </button>
            <button
                type="button"
                class="button button-primary button-large"
                disabled=move || counter.resting()
                on:click=go
            >
                "下一步"
            </button>
        </div>
    }
}

#[component]
fn ByIdentity(counter: Counter, view: UnblockView) -> impl IntoView {
    let sheet = Sheet::new(counter);
    let party = counter.order.with_untracked(|order| order.party);
    let chosen = Memo::new(move |_| sheet.values.with(|values| values.method));
    let cards = IdentityMethod::ALL.iter().map(|&method| ChoiceCard {
        value: method.code(),
        title: method.title_for(party).to_owned(),
        text: method_text(party, method).to_owned(),
        shape: match method {
            IdentityMethod::LegalPersonPhone => Shape::Phone,
            IdentityMethod::LegalPersonBankCard => Shape::Card,
            IdentityMethod::CompanyTransfer => Shape::Bank,
        },
    });
    let cards: Vec<ChoiceCard> = cards.collect();
    let why = view.first.then(|| {
        view! {
            <Notice tone=Tone::Info title="第一次解锁需要验证身份">
                <p>"为保障安全使用证书，这把Key第一次做解锁业务时，需要做身份验证（验证方式同新办一致）。以后可用预留手机解锁。"</p>
            </Notice>
        }
    });
    let who = if party == Party::Organisation { "法定代表人" } else { "证书持有人" };
    let (name, id, account_name) =
        (view.proven_name.clone(), view.proven_id.clone(), view.certificate_name.clone());
    view! {
        {why}
        <form
            class="card key-sheet"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                sheet.submit();
            }
        >
            <dl class="facts">
                <div><dt>"证书名称"</dt><dd>{view.certificate_name}</dd></div>
                <div><dt>{who}</dt><dd>{name}</dd></div>
                <div><dt>"证件号码"</dt><dd class="number">{id}</dd></div>
            </dl>
            <Choice
                name="method"
                legend="请选择一种验证方式"
                cards
                value=Signal::derive(move || chosen.get().map(IdentityMethod::code))
                on_choose=move |code| sheet.change("method", |values| values.method = IdentityMethod::from_code(code))
                error=sheet.error("method")
            />
            <div class="method-asks">
                {move || view! { <Asks sheet party account_name=account_name.clone() method=chosen.get() /> }}
            </div>
            <p class="actions actions-end">
                <button class="button button-primary button-large" disabled=move || counter.resting()>"下一步"</button>
            </p>
        </form>
    }
}

/// Where the authorisation code goes: unlike the passcode's, also a person's goes to whom the check proves (A28).
fn method_text(party: Party, method: IdentityMethod) -> &'static str {
    match (authorisation_channel(method), party) {
        (AuthorisationChannel::CheckedPhone, Party::Organisation) => {
            "核验通过后，解锁授权码以短信发送到法人手机"
        }
        (AuthorisationChannel::CheckedPhone, Party::Person) => "核验通过后，解锁授权码以短信发送到本人手机",
        (AuthorisationChannel::TransferRemark, Party::Organisation) => {
            "向企业对公账户转入1分钱，解锁授权码在收款记录附言中查询"
        }
        (AuthorisationChannel::TransferRemark, Party::Person) => {
            "向本人银行账户转入1分钱，解锁授权码在收款记录附言中查询"
        }
    }
}
