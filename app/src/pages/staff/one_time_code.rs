//! 动态验证码: the number on the authenticator, six digits, good once.

use crate::components::field::Field;
use leptos::prelude::*;

/// What was typed, and whether the form was sent with it: only then does the field say what is missing.
#[derive(Clone, Copy)]
pub struct OneTimeCode {
    typed: RwSignal<String>,
    tried: RwSignal<bool>,
}

impl OneTimeCode {
    /// `tried` is the form's: it becomes true when the form is sent.
    pub fn new(tried: RwSignal<bool>) -> Self {
        OneTimeCode { typed: RwSignal::new(String::new()), tried }
    }

    pub fn is_whole(self) -> bool {
        is_code(&self.typed.get_untracked())
    }

    pub fn digits(self) -> String {
        self.typed.get_untracked().trim().to_owned()
    }

    /// The office has seen it: the next try needs the next number.
    pub fn spend(self) {
        self.typed.try_set(String::new());
        self.tried.try_set(false);
    }
}

#[component]
pub fn OneTimeCodeField(
    code: OneTimeCode,
    name: &'static str,
    #[prop(default = "身份验证器App上显示的6位数字；登录时用过的数字请等下一个")] hint: &'static str,
) -> impl IntoView {
    let error = Signal::derive(move || {
        (code.tried.get() && !is_code(&code.typed.get())).then(|| "请输入验证器上显示的6位数字".to_owned())
    });
    view! {
        <Field name label="动态验证码" value=code.typed on_input=move |text| code.typed.set(text) error
            hint inputmode="numeric" autocomplete="one-time-code" maxlength=6 numeric=true />
    }
}

fn is_code(text: &str) -> bool {
    let text = text.trim();
    text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn a_code_is_six_digits() {
        assert!(is_code("012345") && is_code(" 012345 "));
        assert!(!is_code("12345") && !is_code("1234567") && !is_code("12345a") && !is_code("１２３４５６"));
    }
}
