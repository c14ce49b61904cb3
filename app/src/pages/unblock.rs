//! 证书解锁, before the order: the key is put in, its certificate read without a PIN (A27), and what may be done said at
//! once, with the reason where it may not (R055, R163).

use crate::browser;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::held::{HeldView, start_with_certificate};
use crate::pages::key_in::{KeyCard, KeyPort};
use crate::wording;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;

#[component]
pub fn UnblockPage() -> impl IntoView {
    let port = KeyPort::watch();
    let held = move || port.held.get().and_then(Result::ok);
    view! {
        <Title text="证书解锁" />
        <div class="shell page page-narrow">
            <h1 tabindex="-1">{Service::Unblock.title()}</h1>
            <p class="page-lead">
                "忘记密码，或多次错误输入口令导致USB Key被锁死时，在这里重新设置证书密码。此项服务免费，不需要原密码。"
            </p>
            <noscript><Notice tone=Tone::Warning>"证书解锁需要浏览器启用 JavaScript。"</Notice></noscript>
            <ol class="unblock-how">
                <li>"插入证书Key（只插一个），点击“提交”"</li>
                <li>"核对信息，用预留手机接收验证码；第一次解锁须先验证身份"</li>
                <li>"设置新的证书密码"</li>
            </ol>
            <KeyCard port />
            {move || held().map(|held| view! { <Verdict port held /> })}
        </div>
    }
}

#[component]
fn Verdict(port: KeyPort, held: HeldView) -> impl IntoView {
    match held.refusal(Service::Unblock).map(wording::refusal) {
        Some(refusal) => view! {
            <div role="status">
                <Notice tone=Tone::Warning title="这张证书现在不能解锁">
                    <p>{refusal}</p>
                </Notice>
            </div>
        }
        .into_any(),
        None => {
            let open = held.open_number(Service::Unblock).is_some();
            view! { <Begin port open /> }.into_any()
        }
    }
}

/// `open`: one has been begun in this visit, and goes on.
#[component]
fn Begin(port: KeyPort, open: bool) -> impl IntoView {
    let trouble = RwSignal::new(None);
    let alive = browser::use_alive();
    let navigate = use_navigate();
    let submit = move |_| {
        let Some(inserted) = port.inserted_untracked() else { return };
        port.busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match start_with_certificate(
                Service::Unblock,
                Route::Usual,
                inserted.certificate,
                inserted.key.serial,
            )
            .await
            {
                Ok(number) => navigate(&format!("/orders/{number}"), Default::default()),
                Err(error) => {
                    port.busy.try_set(false);
                    trouble.try_set(Some(error));
                    browser::focus(".trouble");
                }
            }
        });
    };
    view! {
        <section class="card key-sheet" aria-label="提交">
            <p class="key-state-good">
                {if open { "您有一笔证书解锁正在办理，点击“提交”继续。" } else { "这张证书可以解锁。" }}
            </p>
            <Trouble error=trouble />
            <button
                type="button"
                class="button button-primary button-large"
                disabled=move || !alive.get() || port.busy.get()
                on:click=submit
            >
                "提交"
            </button>
        </section>
    }
}
