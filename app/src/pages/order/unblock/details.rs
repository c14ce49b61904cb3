//! 核对信息 (R077): by the reserved phone, with 其他验证方式 at the bottom left (R071); or by identity, with its three
//! methods (R072), the first time with the reason shown (A26).

use super::super::counter::Counter;
use super::Beside;
use super::prove::{ProofForm, Whose};
use crate::components::notice::{Notice, Tone};
use crate::desk::unblock::{UnblockView, enter_unblock, take_other_way};
use journey::route::Route;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn UnblockDetails(counter: Counter) -> impl IntoView {
    let route = Memo::new(move |_| counter.order.with(|order| order.route));
    view! {
        <div class="step-head">
            <h2 id="step-heading" tabindex="-1">
                {move || if route.get() == Route::ByIdentity { "验证身份" } else { "核对信息" }}
            </h2>
        </div>
        {move || {
            let by_identity = route.get() == Route::ByIdentity;
            view! {
                <Beside counter show=move |view| {
                    if by_identity {
                        view! { <ByIdentity counter view /> }.into_any()
                    } else {
                        view! { <ByPhone counter view /> }.into_any()
                    }
                } />
            }
        }}
    }
}

#[component]
fn Facts(view: UnblockView) -> impl IntoView {
    let end = view.not_after.map(|end| end.beijing_date().to_string());
    view! {
        <dl class="facts">
            <div><dt>"证书名称"</dt><dd>{view.certificate_name}</dd></div>
            <div><dt>"Key序列号"</dt><dd class="number">{view.key_serial}</dd></div>
            {end.map(|end| view! { <div><dt>"有效期至"</dt><dd class="number">{end}</dd></div> })}
            <div><dt>"经办人"</dt><dd>{view.agent_name}</dd></div>
            <div><dt>"预留手机"</dt><dd class="number">{view.agent_phone}</dd></div>
        </dl>
    }
}

#[component]
fn ByPhone(counter: Counter, view: UnblockView) -> impl IntoView {
    let go = move |_| {
        counter.busy.set(true);
        spawn_local(async move {
            counter.take(enter_unblock(counter.number(), counter.version(), None).await);
        });
    };
    let other = move |_| {
        counter.busy.set(true);
        spawn_local(async move {
            counter.take(take_other_way(counter.number(), counter.version()).await);
        });
    };
    view! {
        <section class="card key-sheet">
            <Facts view />
            <p>"下一步将向预留手机发送解锁验证码。"</p>
        </section>
        <div class="unblock-actions">
            <button type="button" class="button button-quiet" disabled=move || counter.resting() on:click=other>
                "其他验证方式"
            </button>
            <button
                type="button"
                class="button button-primary button-large"
                disabled=move || counter.resting()
                on:click=go
            >
                "下一步"
            </button>
        </div>
    }
}

#[component]
fn ByIdentity(counter: Counter, view: UnblockView) -> impl IntoView {
    let why = view.first.then(|| {
        view! {
            <Notice tone=Tone::Info title="第一次解锁需要验证身份">
                <p>"为保障安全使用证书，这把Key第一次做解锁业务时，需要做身份验证（验证方式同新办一致）。以后可用预留手机解锁。"</p>
            </Notice>
        }
    });
    let whose = Whose {
        certificate_name: view.certificate_name,
        name: view.proven_name,
        id: view.proven_id,
        document: view.proven_document,
    };
    view! {
        {why}
        <ProofForm counter whose />
    }
}
