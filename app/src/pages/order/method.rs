//! 身份认证方式: exactly three, one must be chosen, each asks for its own data (R009–R014, R016; A08 for a person). What
//! another document than the identity card leaves open follows from the rule book (J41).

use super::entry::{
    ACCOUNT_BANK, ACCOUNT_BANK_CODE, ACCOUNT_NUMBER, BANK_CARD, CARD_PHONE, Entry, LEGAL_PHONE, OWN_ACCOUNT,
    OWN_CARD, OWN_CARD_PHONE, OWN_PHONE, Spec,
};
use super::form::Form;
use crate::components::choice::{Choice, ChoiceCard};
use crate::components::field::LockedField;
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use crate::wording;
use journey::IdentityDocument;
use journey::identity::{IdentityMethod, methods};
use journey::party::Party;
use leptos::prelude::*;

#[component]
pub fn MethodSection(form: Form) -> impl IntoView {
    let document = Memo::new(move |_| form.values.with(|values| values.holder_document));
    let title = match form.party {
        Party::Organisation => "企业身份认证",
        Party::Person => "身份认证",
    };
    view! {
        <section class="form-part" aria-labelledby="part-method">
            <h3 id="part-method">{title}</h3>
            {move || view! { <Ways form document=document.get() /> }}
            <div class="method-asks">
                <Asks form />
            </div>
        </section>
    }
}

#[component]
fn Ways(form: Form, document: IdentityDocument) -> impl IntoView {
    let open = methods(document);
    let cards: Vec<ChoiceCard> = open
        .iter()
        .map(|&method| ChoiceCard {
            value: method.code(),
            title: method.title_for(form.party).to_owned(),
            text: method.text_for(form.party).to_owned(),
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
    let alone = (open.len() == 1).then(|| {
        view! {
            <Notice tone=Tone::Info title="此证件通过银行账户打款认证">
                <p>
                    "运营商与银行的联网核验只支持居民身份证。我们向您本人的银行账户转入 1 分钱，证书密码在收款附言中查询。"
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
fn Asks(form: Form) -> impl IntoView {
    let chosen = Memo::new(move |_| form.values.with(|values| values.method));
    let [phone, card, card_phone, account] = fields(form.party);
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
