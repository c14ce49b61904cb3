//! The three identity methods with what each asks for (R072): of an unblock, and where a lost key was found (B01).

use super::super::counter::Counter;
use super::asks::{Asks, Sheet};
use super::identity::code_word;
use crate::components::choice::{Choice, ChoiceCard};
use crate::components::icon::Shape;
use crate::components::notice::{Notice, Tone};
use journey::IdentityDocument;
use journey::identity::{AuthorisationChannel, IdentityMethod, authorisation_channel, methods};
use journey::party::Party;
use leptos::prelude::*;

/// Whose identity is checked, for which certificate; masked.
#[derive(Clone)]
pub struct Whose {
    pub certificate_name: String,
    pub name: String,
    pub id: String,
    pub document: IdentityDocument,
}

#[component]
pub fn ProofForm(counter: Counter, whose: Whose) -> impl IntoView {
    let sheet = Sheet::new(counter, whose.document);
    let open = methods(whose.document);
    let party = counter.order.with_untracked(|order| order.party);
    let chosen = Memo::new(move |_| sheet.values.with(|values| values.method));
    let cards = open.iter().map(|&method| ChoiceCard {
        value: method.code(),
        title: method.title_for(party).to_owned(),
        text: method_text(party, method, code_word(counter)),
        shape: match method {
            IdentityMethod::LegalPersonPhone => Shape::Phone,
            IdentityMethod::LegalPersonBankCard => Shape::Card,
            IdentityMethod::CompanyTransfer => Shape::Bank,
        },
    });
    let cards: Vec<ChoiceCard> = cards.collect();
    let who = if party == Party::Organisation { "法定代表人" } else { "证书持有人" };
    let account_name = whose.certificate_name.clone();
    let alone = (open.len() == 1).then(|| {
        let title = format!("{}通过银行账户打款验证", whose.document.title());
        view! {
            <Notice tone=Tone::Info title>
                <p>"运营商与银行的联网核验只支持居民身份证，因此不提供手机与银行卡验证。"</p>
            </Notice>
        }
    });
    view! {
        <form
            class="card key-sheet"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                sheet.submit();
            }
        >
            <dl class="facts">
                <div><dt>"证书名称"</dt><dd>{whose.certificate_name}</dd></div>
                <div><dt>{who}</dt><dd>{whose.name}</dd></div>
                <div><dt>"证件号码"</dt><dd class="number">{whose.id}</dd></div>
            </dl>
            {alone}
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
fn method_text(party: Party, method: IdentityMethod, code: &str) -> String {
    match (authorisation_channel(method), party) {
        (AuthorisationChannel::CheckedPhone, Party::Organisation) => {
            format!("核验通过后，{code}以短信发送到法人手机")
        }
        (AuthorisationChannel::CheckedPhone, Party::Person) => {
            format!("核验通过后，{code}以短信发送到本人手机")
        }
        (AuthorisationChannel::TransferRemark, Party::Organisation) => {
            format!("向企业对公账户转入1分钱，{code}在收款记录附言中查询")
        }
        (AuthorisationChannel::TransferRemark, Party::Person) => {
            format!("向本人银行账户转入1分钱，{code}在收款记录附言中查询")
        }
    }
}
