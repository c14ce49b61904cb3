//! The form as it is being filled: values, which errors to show, and where they come from.

use crate::desk::error::FieldError;
use crate::wording;
use journey::details::{Details, DetailsForm};
use journey::party::Party;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Errors of a field show once it was left with something in it, or once 下一步 was tried: not while a person begins.
#[derive(Clone, Copy)]
pub struct Form {
    pub party: Party,
    pub values: RwSignal<DetailsForm>,
    left: RwSignal<BTreeSet<&'static str>>,
    tried: RwSignal<bool>,
    /// What the office refused; a field's entry goes as soon as the field is changed.
    refused: RwSignal<BTreeMap<String, String>>,
    /// The journey's own rules on the present values, in the form's order.
    wrong: Memo<Vec<(&'static str, String)>>,
}

impl Form {
    pub fn new(party: Party, values: DetailsForm) -> Form {
        let values = RwSignal::new(values);
        let wrong = Memo::new(move |_| {
            let errors = values.with(|values| Details::parse(values, party).err()).unwrap_or_default();
            errors.into_iter().map(|(field, error)| (field, error.code.to_owned())).collect()
        });
        Form {
            party,
            values,
            left: RwSignal::default(),
            tried: RwSignal::new(false),
            refused: RwSignal::default(),
            wrong,
        }
    }

    /// The sentence below a field, if it should be there now.
    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            if let Some(code) = self.refused.with(|refused| refused.get(field).cloned()) {
                return Some(wording::entry(field, &code).to_owned());
            }
            if !self.tried.get() && !self.left.with(|left| left.contains(field)) {
                return None;
            }
            self.wrong.with(|wrong| {
                let found = wrong.iter().find(|(name, _)| *name == field);
                found.map(|(_, code)| wording::entry(field, code).to_owned())
            })
        })
    }

    pub fn change(self, field: &'static str, change: impl FnOnce(&mut DetailsForm)) {
        self.values.update(|values| {
            change(values);
            // R015, R016: what is locked to the name follows it.
            if field == "holder_name" && self.party == Party::Organisation {
                values.invoice_title.clear();
                values.account_name.clear();
            }
        });
        if self.refused.with_untracked(|refused| refused.contains_key(field)) {
            self.refused.update(|refused| {
                refused.remove(field);
            });
        }
    }

    /// The field was left. An empty one is not an error yet.
    pub fn leave(self, field: &'static str, empty: bool) {
        if !empty && !self.left.with_untracked(|left| left.contains(field)) {
            self.left.update(|left| {
                left.insert(field);
            });
        }
    }

    /// 下一步 was pressed. True when nothing is wrong as far as the browser can tell.
    pub fn try_all(self) -> bool {
        self.tried.set(true);
        self.wrong.with_untracked(Vec::is_empty)
    }

    pub fn refuse(self, fields: &[FieldError]) {
        let refused = fields.iter().map(|error| (error.field.clone(), error.code.clone())).collect();
        self.tried.set(true);
        self.refused.set(refused);
    }

    /// All errors for the summary, once 下一步 was tried: field and sentence, in the form's order.
    pub fn summary(self) -> Vec<(String, String)> {
        if !self.tried.get() {
            return Vec::new();
        }
        let refused = self.refused.get();
        let mut lines: Vec<(String, String)> = self.wrong.with(|wrong| {
            let ours = wrong.iter().filter(|(field, _)| !refused.contains_key(*field));
            ours.map(|(field, code)| ((*field).to_owned(), self.line(field, code))).collect()
        });
        lines.extend(refused.iter().map(|(field, code)| (field.clone(), self.line(field, code))));
        lines
    }

    /// Out of its place, a sentence needs the field's name before it.
    fn line(self, field: &str, code: &str) -> String {
        format!("{}：{}", wording::field_title(field, self.party), wording::entry(field, code))
    }
}
