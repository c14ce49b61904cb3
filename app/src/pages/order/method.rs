//! 企业身份认证方式: exactly three, one must be chosen, each asks for its own data (R009–R014, R016).

use super::entry::{
    ACCOUNT_BANK, ACCOUNT_BANK_CODE, ACCOUNT_NUMBER, BANK_CARD, CARD_PHONE, Entry, LEGAL_PHONE,
};
use super::form::Form;
use crate::components::choice::{Choice, ChoiceCard};
use crate::components::field::LockedField;
use crate::components::icon::Shape;
use crate::wording;
use journey::identity::IdentityMethod;
use leptos::prelude::*;

#[component]
pub fn MethodSection(form: Form) -> impl IntoView {
    let cards = IdentityMethod::ALL.iter().map(|&method| ChoiceCard {
        value: method.code(),
        title: method.title_for(form.party).to_owned(),
        text: method.text_for(form.party).to_owned(),
        shape: match method {
            IdentityMethod::LegalPersonPhone => Shape::Phone,
            IdentityMethod::LegalPersonBankCard => Shape::Card,
            IdentityMethod::CompanyTransfer => Shape::Bank,
        },
    });
    let cards: Vec<ChoiceCard> = cards.collect();
    let chosen = Memo::new(move |_| form.values.with(|values| values.method));
    let choose = move |code: &'static str| {
        form.change("method", |values| values.method = IdentityMethod::from_code(code));
    };
    let asks = move || match chosen.get() {
        None => ().into_any(),
        Some(IdentityMethod::LegalPersonPhone) => view! { <Entry form spec=&LEGAL_PHONE /> }.into_any(),
        Some(IdentityMethod::LegalPersonBankCard) => view! {
            <Entry form spec=&BANK_CARD />
            <Entry form spec=&CARD_PHONE />
        }
        .into_any(),
        Some(IdentityMethod::CompanyTransfer) => view! {
            <LockedField
                name="account_name"
                label="企业账户名称"
                value=Signal::derive(move || form.values.with(|values| values.holder_name.clone()))
                why=wording::LOCKED_TO_HOLDER
            />
            <Entry form spec=&ACCOUNT_BANK />
            <Entry form spec=&ACCOUNT_NUMBER />
            <Entry form spec=&ACCOUNT_BANK_CODE />
        }
        .into_any(),
    };
    view! {
        <section class="form-part" aria-labelledby="part-method">
            <h3 id="part-method">"企业身份认证"</h3>
            <Choice
                name="method"
                legend="请选择一种认证方式"
                cards
                value=Signal::derive(move || chosen.get().map(IdentityMethod::code))
                on_choose=choose
                error=form.error("method")
            />
            <div class="method-asks">{asks}</div>
        </section>
    }
}
