//! The key in the port as its holder sees it: whose certificate, until when, and how it stands.

use super::port::{Inserted, KeyPort};
use crate::components::icon::{Icon, Shape};
use crate::desk::held::{HeldState, HeldView};
use crate::key_access::{AccessError, Way};
use crate::wording;
use key::KeyError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// `bound`: the serial of the key that this order began with; any key will do without it.
#[component]
pub fn KeyCard(port: KeyPort, #[prop(optional, into)] bound: Option<String>) -> impl IntoView {
    let fits = move |inserted: &Inserted| bound.as_ref().is_none_or(|serial| *serial == inserted.key.serial);
    let body = move || match port.seen.get() {
        Some(Ok(inserted)) if !fits(&inserted) => {
            view! { <Absent port error=KeyError::WrongKey.into() /> }.into_any()
        }
        None => view! { <p class="key-wait"><span class="spinner"></span>"正在查找证书Key…"</p> }.into_any(),
        Some(Err(error)) => view! { <Absent port error /> }.into_any(),
        Some(Ok(inserted)) => view! { <Present port inserted /> }.into_any(),
    };
    view! {
        <section class="card held" aria-label="证书Key" aria-live="polite">{body}</section>
    }
}

#[component]
fn Absent(port: KeyPort, error: AccessError) -> impl IntoView {
    let advice = wording::key::of(&error);
    let several = matches!(error, AccessError::SeveralKeys(_));
    let connect = move |way: Way, words: &'static str| {
        // The browser opens its dialogue only from the click itself.
        let choose = move |_| {
            spawn_local(async move {
                let _ = way.choose().await;
                port.look();
            });
        };
        way.is_in_browser()
            .then(|| view! { <button type="button" class="button" on:click=choose>{words}</button> })
    };
    view! {
        <div class="held-head">
            <Icon shape=if several { Shape::Warning } else { Shape::Info } />
            <div>
                <h2>{advice.what}</h2>
                <p>{advice.todo}</p>
                {(!several).then(|| view! { <p class="muted">"插入后本页会自动继续，无需刷新。"</p> })}
            </div>
        </div>
        <div class="actions">
            {(!several).then(|| connect(Way::Hid, "连接证书Key"))}
            {(!several).then(|| connect(Way::Usb, "通过USB连接"))}
            <A href="/key" attr:class="button button-quiet">"证书Key检测"</A>
        </div>
    }
}

#[component]
fn Present(port: KeyPort, inserted: Inserted) -> impl IntoView {
    let name = inserted.key.certificate_name.clone().unwrap_or_else(|| "空白证书Key".to_owned());
    let serial = inserted.key.serial.clone();
    let blank = inserted.certificate.is_empty();
    let of_the_office = move || match port.held.get() {
        _ if blank => {
            view! { <p class="key-state-bad">"这把Key里没有证书，请插入要办理的证书Key。"</p> }.into_any()
        }
        None => view! { <p class="muted">"正在查询证书状态…"</p> }.into_any(),
        Some(Err(error)) => view! {
            <p class="key-state-bad" role="alert">{wording::desk_error(&error)}</p>
            <button type="button" class="button" on:click=move |_| port.ask_again()>"重新查询"</button>
        }
        .into_any(),
        Some(Ok(held)) => view! { <HeldFacts held /> }.into_any(),
    };
    view! {
        <div class="held-head">
            <Icon shape=Shape::Card />
            <div>
                <h2 class="held-name">{name}</h2>
                <p class="muted">"证书Key序列号 " <span class="number">{serial}</span></p>
            </div>
        </div>
        {of_the_office}
    }
}

#[component]
fn HeldFacts(held: HeldView) -> impl IntoView {
    let (word, class) = match held.state {
        HeldState::Good => ("有效", "status status-good"),
        HeldState::Expired => ("已过期", "status status-todo"),
        HeldState::OnHold => ("已挂失", "status status-bad"),
        HeldState::Revoked => ("已吊销", "status status-bad"),
    };
    let left = (held.not_after.millis() - held.now.millis()) / 86_400_000;
    let left = match held.state {
        HeldState::Good if left < 1 => Some("不足 1 天".to_owned()),
        HeldState::Good => Some(format!("{left} 天")),
        _ => None,
    };
    view! {
        <dl class="facts">
            <div><dt>"证书类型"</dt><dd>{held.party.title()}</dd></div>
            <div>
                <dt>"有效期"</dt>
                <dd class="number">
                    {held.not_before.beijing_date().to_string()} " 至 " {held.not_after.to_string()}
                </dd>
            </div>
            {left.map(|left| view! { <div><dt>"剩余"</dt><dd class="number">{left}</dd></div> })}
            <div><dt>"证书状态"</dt><dd><span class=class>{word}</span></dd></div>
        </dl>
    }
}

/// Whether the key itself has gone, or the way to it.
pub fn is_gone(error: &AccessError) -> bool {
    match error {
        AccessError::NoKey | AccessError::ConnectionLost => true,
        AccessError::Key(error) => {
            matches!(error, KeyError::HelperMissing | KeyError::ExtensionMissing) || error.is_of_the_wire()
        }
        _ => false,
    }
}
