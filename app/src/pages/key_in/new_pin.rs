//! A new PIN, chosen by its holder and typed twice (K16). It stays in these two fields until the key has it.

use crate::components::field::Field;
use key::{Pin, pin_rule};
use leptos::prelude::*;

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct PinPair {
    first: RwSignal<String>,
    second: RwSignal<String>,
    wrong: RwSignal<Option<(&'static str, &'static str)>>,
}

impl PinPair {
    pub fn new() -> PinPair {
        PinPair { first: RwSignal::default(), second: RwSignal::default(), wrong: RwSignal::new(None) }
    }

    /// The PIN, if both are the same and not one that everybody tries first.
    pub fn take(self) -> Option<Pin> {
        let (first, second) = (self.first.get_untracked(), self.second.get_untracked());
        let pin = Pin::new(first.clone());
        let wrong = match pin_rule::check(&pin, None, &[]) {
            Err(weak) => Some(("new_pin", weak.sentence())),
            Ok(()) if first != second => Some(("new_pin_again", "两次输入的密码不一致，请重新输入。")),
            Ok(()) => None,
        };
        self.wrong.set(wrong);
        if let Some((field, _)) = wrong {
            crate::browser::focus_id(field);
            return None;
        }
        Some(pin)
    }

    /// Nothing of it stays on the page.
    pub fn forget(self) {
        self.first.try_set(String::new());
        self.second.try_set(String::new());
    }

    fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let (_, sentence) = self.wrong.get().filter(|(wrong, _)| *wrong == field)?;
            Some(sentence.to_owned())
        })
    }
}

impl Default for PinPair {
    fn default() -> Self {
        PinPair::new()
    }
}

#[component]
pub fn NewPin(pins: PinPair) -> impl IntoView {
    view! {
        <Field
            name="new_pin"
            label="新的证书密码"
            kind="password"
            value=pins.first
            on_input=move |text: String| {
                pins.first.set(text);
                pins.wrong.set(None);
            }
            error=pins.error("new_pin")
            hint="6 至 16 位数字、字母或符号；不能是连续或重复的数字，也不要用生日"
            autocomplete="new-password"
            maxlength=16
        />
        <Field
            name="new_pin_again"
            label="再输入一次"
            kind="password"
            value=pins.second
            on_input=move |text: String| {
                pins.second.set(text);
                pins.wrong.set(None);
            }
            error=pins.error("new_pin_again")
            autocomplete="new-password"
            maxlength=16
        />
    }
}
