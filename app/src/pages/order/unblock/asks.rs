//! What the chosen method asks for: its fields, their errors, and sending them in.

use super::super::counter::Counter;
use super::identity::code_word;
use crate::browser;
use crate::components::field::{Field, LockedField};
use crate::desk::DeskError;
use crate::desk::lost::prove_found;
use crate::desk::unblock::enter_unblock;
use crate::wording;
use journey::IdentityDocument;
use journey::details::DetailsForm;
use journey::identity::{IdentityMethod, methods};
use journey::party::Party;
use journey::proof::{self, ProofForm};
use journey::service::Service;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub struct Sheet {
    counter: Counter,
    pub values: RwSignal<ProofForm>,
    document: IdentityDocument,
    errors: RwSignal<BTreeMap<String, String>>,
}

impl Sheet {
    /// A document that leaves one method open has chosen it.
    pub fn new(counter: Counter, document: IdentityDocument) -> Sheet {
        let method = match methods(document) {
            [only] => Some(*only),
            _ => None,
        };
        let values = RwSignal::new(ProofForm { method, ..ProofForm::default() });
        Sheet { counter, values, document, errors: RwSignal::default() }
    }

    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.errors.with(|errors| errors.get(field).map(|code| wording::entry(field, code).to_owned()))
        })
    }

    pub fn change(self, field: &'static str, change: impl FnOnce(&mut ProofForm)) {
        self.values.update(change);
        self.errors.update(|errors| {
            errors.remove(field);
        });
    }

    pub fn submit(self) {
        let proof = self.values.get_untracked();
        // The same rules as the office's; name and number are its own.
        let certified = DetailsForm { holder_document: self.document, ..DetailsForm::default() };
        if let Err(wrong) = proof::parse(&certified, &proof) {
            let first = wrong.first().map(|(field, _)| *field);
            let wrong = wrong.into_iter().map(|(field, error)| (field.to_owned(), error.code.to_owned()));
            self.errors.set(wrong.collect());
            if let Some(field) = first {
                browser::focus_id(field);
            }
            return;
        }
        let counter = self.counter;
        counter.busy.set(true);
        spawn_local(async move {
            let (number, version) = (counter.number(), counter.version());
            let entered = match counter.service() {
                Service::Resumption => prove_found(number, version, proof).await,
                _ => enter_unblock(number, version, Some(proof)).await,
            };
            match entered {
                Err(DeskError::Fields(wrong)) => {
                    counter.busy.try_set(false);
                    self.errors.try_set(wrong.into_iter().map(|it| (it.field, it.code)).collect());
                }
                answer => counter.take(answer),
            }
        });
    }
}

/// One field of the proof.
#[component]
fn Proof(
    sheet: Sheet,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = "numeric")] inputmode: &'static str,
    read: fn(&ProofForm) -> &String,
    write: fn(&mut ProofForm) -> &mut String,
) -> impl IntoView {
    view! {
        <Field
            name
            label
            value=Signal::derive(move || sheet.values.with(|values| read(values).clone()))
            on_input=move |text: String| sheet.change(name, |values| *write(values) = text)
            error=sheet.error(name)
            hint
            inputmode
            maxlength=60
            numeric=inputmode != "text"
        />
    }
}

#[component]
pub fn Asks(
    sheet: Sheet,
    party: Party,
    account_name: String,
    method: Option<IdentityMethod>,
) -> impl IntoView {
    let organisation = party == Party::Organisation;
    let code = code_word(sheet.counter);
    let phone = move |label: &'static str, whose: &'static str| {
        let hint = format!("{whose}，{code}会发送到此手机");
        view! {
            <Proof
                sheet
                name="legal_person_phone"
                label
                hint
                inputmode="tel"
                read=|form| &form.legal_person_phone
                write=|form| &mut form.legal_person_phone
            />
        }
    };
    match method {
        None => ().into_any(),
        Some(IdentityMethod::LegalPersonPhone) => {
            phone(if organisation { "法人手机号" } else { "本人手机号" }, "须为本人实名登记的手机号")
                .into_any()
        }
        Some(IdentityMethod::LegalPersonBankCard) => view! {
            <Proof
                sheet
                name="bank_card"
                label=if organisation { "法人银行卡号" } else { "本人银行卡号" }
                hint="本人名下的借记卡"
                read=|form| &form.bank_card
                write=|form| &mut form.bank_card
            />
            {phone("银行预留手机号", "在该银行卡预留的手机号")}
        }
        .into_any(),
        Some(IdentityMethod::CompanyTransfer) => {
            view! { <AsksAccount sheet organisation account_name /> }.into_any()
        }
    }
}

/// Method 3: an account of the holder's own name.
#[component]
fn AsksAccount(sheet: Sheet, organisation: bool, account_name: String) -> impl IntoView {
    view! {
        <LockedField
            name="account_name"
            label="账户名称"
            value=Signal::stored(account_name)
            why="与证书名称一致，不能更改"
        />
        <Proof
            sheet
            name="account_bank"
            label="开户银行"
            hint="如：招商银行北京朝阳支行"
            inputmode="text"
            read=|form| &form.account_bank
            write=|form| &mut form.account_bank
        />
        <Proof
            sheet
            name="account_number"
            label=if organisation { "对公账号" } else { "银行账号" }
            read=|form| &form.account_number
            write=|form| &mut form.account_number
        />
        <Proof
            sheet
            name="account_bank_code"
            label="联行号"
            hint="开户银行的 12 位行号"
            read=|form| &form.account_bank_code
            write=|form| &mut form.account_bank_code
        />
    }
}
