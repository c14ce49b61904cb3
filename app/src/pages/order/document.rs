//! 证件类型 (A50): which document says who the applicant is. What it leaves open of the identity methods follows (J41).

use super::entry::{Entry, HONG_KONG_MACAO, PASSPORT, PERSON_ID, Spec, TAIWAN};
use super::form::Form;
use journey::IdentityDocument;
use journey::identity::{IdentityMethod, methods};
use leptos::prelude::*;

#[component]
pub fn DocumentEntry(form: Form) -> impl IntoView {
    let document = Memo::new(move |_| form.values.with(|values| values.holder_document));
    let choose = move |event| {
        let Some(chosen) = IdentityDocument::from_code(&event_target_value(&event)) else { return };
        form.change("holder_document", |values| {
            values.holder_document = chosen;
            let open = methods(chosen);
            if !values.method.is_some_and(|method| open.contains(&method)) {
                values.method = open.first().copied();
            }
        });
    };
    let option = move |kind: &IdentityDocument| {
        let kind = *kind;
        view! {
            <option value=kind.code() selected=document.get_untracked() == kind>
                {kind.title()}
            </option>
        }
    };
    let number = move || view! { <Entry form spec=number_of(document.get()) /> };
    view! {
        <div class="field">
            <label for="holder_document">"证件类型"</label>
            <select
                id="holder_document"
                name="holder_document"
                prop:value=move || document.get().code()
                on:change=choose
            >
                {IdentityDocument::ALL.iter().map(option).collect_view()}
            </select>
        </div>
        {number}
    }
}

/// The field of its number.
pub const fn number_of(document: IdentityDocument) -> &'static Spec {
    match document {
        IdentityDocument::IdCard => &PERSON_ID,
        IdentityDocument::Passport => &PASSPORT,
        IdentityDocument::HongKongMacaoPermit => &HONG_KONG_MACAO,
        IdentityDocument::TaiwanPermit => &TAIWAN,
    }
}

/// What the page begins with: the first of the ways that stand open, so that nobody is stopped for not having chosen.
pub fn first_method(document: IdentityDocument) -> Option<IdentityMethod> {
    methods(document).first().copied()
}
