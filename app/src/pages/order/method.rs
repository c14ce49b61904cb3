//! 身份认证方式: exactly three, one must be chosen, each asks for its own data (R009–R014, R016; A08 for a person). What
//! another document than the identity card leaves open follows from the rule book (J41).

use super::entry::{
    ACCOUNT_BANK, ACCOUNT_BANK_CODE, ACCOUNT_NUMBER, BANK_CARD, CARD_PHONE, Entry, LEGAL_PHONE, OWN_ACCOUNT,
    OWN_CARD, OWN_CARD_PHONE, OWN_PHONE, PROVEN_CARD_PHONE, PROVEN_PHONE, Spec,
};
use super::form::Form;
use crate::components::choice::{Choice, ChoiceCard};
use crate::components::field::{FieldError, LockedField};
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::wording;
use journey::IdentityDocument;
use journey::identity::{AuthorisationChannel, IdentityMethod, authorisation_channel, methods};
use journey::party::Party;
use leptos::prelude::*;

/// `proves`: a holder who is certified already, so that no password but an authorisation code goes out (A48).
#[component]
pub fn MethodSection(form: Form, #[prop(optional)] proves: bool) -> impl IntoView {
    let document = Memo::new(move |_| form.values.with(|values| values.holder_document));
    let title = match form.party {
        Party::Organisation => "企业身份认证",
        Party::Person => "身份认证",
    };
    view! {
        <section class="form-part" aria-labelledby="part-method">
            <h3 id="part-method">{title}</h3>
            {move || view! { <Ways form document=document.get() proves /> }}
            <div class="method-asks">
                <Asks form proves />
            </div>
        </section>
    }
}

#[component]
fn Ways(form: Form, document: IdentityDocument, proves: bool) -> impl IntoView {
    let open = methods(document);
    let cards: Vec<ChoiceCard> = open
        .iter()
        .map(|&method| ChoiceCard {
            value: method.code(),
            title: method.title_for(form.party).to_owned(),
            text: text(form.party, method, proves),
            shape: match method {
                IdentityMethod::LegalPersonPhone => Shape::Phone,
                IdentityMethod::LegalPersonBankCard => Shape::Card,
                IdentityMethod::CompanyTransfer => Shape::Bank,
            },
        })
        .collect();
    let choose = move |code: &'static str| {
        form.change("method", |values| values.method = IdentityMethod::from_code(code));
    };
    let secret = if proves { "身份授权码" } else { "证书密码" };
    let alone = (open.len() == 1).then(|| {
        view! {
            <Notice tone=Tone::Info title="此证件通过银行账户打款认证">
                <p>
                    "运营商与银行的联网核验只支持居民身份证。我们向您本人的银行账户转入 1 分钱，" {secret}
                    "在收款附言中查询。"
                </p>
            </Notice>
        }
    });
    view! {
        {alone}
        <Choice
            name="method"
            legend="请选择一种认证方式"
            cards
            value=Signal::derive(move || {
                form.values.with(|values| values.method).map(IdentityMethod::code)
            })
            on_choose=choose
            error=form.error("method")
        />
    }
}

/// What each way asks for, by party: phone, card and its phone, account.
const fn fields(party: Party) -> [&'static Spec; 4] {
    match party {
        Party::Organisation => [&LEGAL_PHONE, &BANK_CARD, &CARD_PHONE, &ACCOUNT_NUMBER],
        Party::Person => [&OWN_PHONE, &OWN_CARD, &OWN_CARD_PHONE, &OWN_ACCOUNT],
    }
}

#[component]
fn Asks(form: Form, proves: bool) -> impl IntoView {
    let chosen = Memo::new(move |_| form.values.with(|values| values.method));
    let [mut phone, card, mut card_phone, account] = fields(form.party);
    if proves {
        (phone, card_phone) = (&PROVEN_PHONE, &PROVEN_CARD_PHONE);
    }
    let (label, why) = match form.party {
        Party::Organisation => ("企业账户名称", wording::LOCKED_TO_HOLDER),
        Party::Person => ("账户名称", "默认为申请人姓名，不支持修改。"),
    };
    move || match chosen.get() {
        None => ().into_any(),
        Some(IdentityMethod::LegalPersonPhone) => {
            view! { <Entry form spec=phone optional=form.party == Party::Person /> }.into_any()
        }
        Some(IdentityMethod::LegalPersonBankCard) => view! {
            <Entry form spec=card />
            <Entry form spec=card_phone />
        }
        .into_any(),
        Some(IdentityMethod::CompanyTransfer) => view! {
            <LockedField
                name="account_name"
                label
                value=Signal::derive(move || form.values.with(|values| values.holder_name.clone()))
                why
            />
            <Entry form spec=&ACCOUNT_BANK />
            <Entry form spec=account />
            <Entry form spec=&ACCOUNT_BANK_CODE />
        }
        .into_any(),
    }
}

/// A48: who cannot be reached at the reserved phone proves who they are instead.
#[component]
pub fn WithoutPhone(form: Form) -> impl IntoView {
    let ticked = Memo::new(move |_| form.values.with(|values| values.without_reserved_phone));
    view! {
        <section class="form-part" aria-labelledby="part-reached">
            <h3 id="part-reached">"确认方式"</h3>
            <p>"默认向变更前的预留手机发送短信验证码。"</p>
            <label class="tick" for="without_reserved_phone">
                <input
                    type="checkbox"
                    id="without_reserved_phone"
                    prop:checked=move || ticked.get()
                    on:change=move |event| {
                        let ticked = event_target_checked(&event);
                        form.change("without_reserved_phone", |values| values.without_reserved_phone = ticked);
                    }
                />
                <span>"预留手机已停用，收不到短信，改用身份核验"</span>
            </label>
            <FieldError id="without_reserved_phone-error".to_owned() error=form.error("without_reserved_phone") />
        </section>
        <Show when=move || ticked.get()>
            <MethodSection form proves=true />
        </Show>
    }
}

fn text(party: Party, method: IdentityMethod, proves: bool) -> String {
    match (proves, authorisation_channel(method)) {
        (false, _) => method.text_for(party).to_owned(),
        (true, AuthorisationChannel::CheckedPhone) => "核验通过后，身份授权码以短信发送到此手机".to_owned(),
        (true, AuthorisationChannel::TransferRemark) => {
            "向账户转入1分钱，身份授权码在收款记录附言中查询".to_owned()
        }
    }
}
