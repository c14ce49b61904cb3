//! 工作人员登录: name, password and the one-time code of the authenticator.

use super::one_time_code::{OneTimeCode, OneTimeCodeField};
use super::session::use_session;
use crate::browser;
use crate::components::field::Field;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::staff::staff_sign_in;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn SignIn() -> impl IntoView {
    let session = use_session();
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let code = OneTimeCode::new(tried);
    let waiting = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let name_error = Signal::derive(move || {
        (tried.get() && name.get().trim().is_empty()).then(|| "请输入账号".to_owned())
    });
    let password_error =
        Signal::derive(move || (tried.get() && password.get().is_empty()).then(|| "请输入密码".to_owned()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let wrong = [name_error, password_error].iter().any(|error| error.get_untracked().is_some());
        if waiting.get_untracked() || wrong || !code.is_whole() {
            return;
        }
        waiting.set(true);
        trouble.set(None);
        spawn_local(async move {
            let (name, word) = (name.get_untracked(), password.get_untracked());
            match staff_sign_in(name.trim().to_owned(), word, code.digits()).await {
                Ok(staff) => {
                    session.enter(staff);
                    browser::focus("main h1");
                }
                Err(error) => {
                    code.spend();
                    waiting.try_set(false);
                    trouble.try_set(Some(error));
                    browser::focus("#code");
                }
            }
        });
    };
    view! {
        <section class="desk-sign-in">
            <h1 tabindex="-1">"工作人员登录"</h1>
            {move || session.notice().map(|notice| view! { <Notice tone=Tone::Warning>{notice}</Notice> })}
            <form on:submit=submit novalidate>
                <Field name="name" label="账号" value=name on_input=move |text| name.set(text) error=name_error
                    autocomplete="username" maxlength=60 />
                <Field name="password" label="密码" value=password on_input=move |text| password.set(text)
                    error=password_error kind="password" autocomplete="current-password" />
                <OneTimeCodeField code name="code" hint="身份验证器App上显示的6位数字" />
                <Trouble error=trouble />
                <button type="submit" class="button button-primary button-wide" disabled=move || waiting.get()>
                    {move || if waiting.get() { "正在登录…" } else { "登录" }}
                </button>
            </form>
            <p class="desk-sign-in-foot">"本入口仅供工作人员使用，所有操作均有记录。"</p>
        </section>
    }
}
