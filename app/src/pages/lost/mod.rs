//! Owns: 证书挂失 (B01): the holder's number and a code to the reserved phone, the certificates behind them, the tick
//! that puts them on hold, and the way back for who has found the key. The asking and the list are also where a replacement
//! begins.
//! Never: whether a certificate may be put on hold or replaced (the office says so in each line).
//! Start at: [`LostPage`].

pub mod ask;
pub mod record;

use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::lost::{LostLine, hold_certificates, start_resumption};
use ask::AskHolder;
use journey::party::Party;
use journey::refusal::Refusal;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use record::{Record, Records};
use std::collections::BTreeSet;

#[component]
pub fn LostPage() -> impl IntoView {
    let records = Records::ask();
    view! {
        <Title text="证书挂失" />
        <div class="shell page page-narrow">
            <p class="crumb">
                <A href="/">"首页"</A>
                " / 证书挂失"
            </p>
            <h1 tabindex="-1">"证书挂失"</h1>
            <p class="page-lead">
                "证书Key遗失或被盗时，请立即挂失。挂失全天受理，一分钟内对外生效，挂失期间他人无法使用该证书签名。"
            </p>
            {move || match records.lines.get() {
                None => view! { <Skeleton lines=6 /> }.into_any(),
                Some(lines) if lines.is_empty() => view! { <Ask records /> }.into_any(),
                Some(lines) => view! { <Choose lines records /> }.into_any(),
            }}
            <noscript>
                <p class="notice notice-info">"在线挂失需要浏览器启用 JavaScript。也可以致电页面底部的服务热线挂失。"</p>
            </noscript>
        </div>
    }
}

#[component]
fn Ask(records: Records) -> impl IntoView {
    view! {
        <AskHolder party=Party::Organisation done=Callback::new(move |()| records.again()) />
        <p class="muted">"验证码发送到该证书的预留手机。预留手机已停用的，请致电页面底部的服务热线，由工作人员核实后挂失。"</p>
    }
}

#[component]
fn Choose(lines: Vec<LostLine>, records: Records) -> impl IntoView {
    let alive = browser::use_alive();
    let free: Vec<&LostLine> = lines.iter().filter(|line| !line.on_hold && !line.expired).collect();
    // One certificate needs no choosing; of several the wrong one must not go by default.
    let first: BTreeSet<String> =
        if free.len() == 1 { free.iter().map(|line| line.serial.clone()).collect() } else { BTreeSet::new() };
    let any_free = !free.is_empty();
    let ticked = RwSignal::new(first);
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let hold = move |_| {
        if busy.get_untracked() || ticked.with_untracked(BTreeSet::is_empty) {
            return;
        }
        busy.set(true);
        trouble.set(None);
        let serials = ticked.get_untracked().into_iter().collect();
        spawn_local(async move {
            match hold_certificates(serials).await {
                Ok(lines) => {
                    records.put(lines);
                    browser::focus("#held-said");
                }
                Err(error) => {
                    trouble.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    let on_hold = lines.iter().any(|line| line.on_hold);
    view! {
        <div id="held-said" tabindex="-1" role="status">{on_hold.then(|| view! { <OnHold /> })}</div>
        <h2>"证书记录"</h2>
        <ul class="order-list">
            {lines.into_iter().map(|line| view! { <Record line=line.clone()><Line line ticked /></Record> }).collect_view()}
        </ul>
        <Trouble error=trouble />
        {any_free
            .then(|| {
                view! {
                    <div class="actions actions-end">
                        <button
                            type="button"
                            class="button button-primary button-large"
                            disabled=move || !alive.get() || busy.get() || ticked.with(BTreeSet::is_empty)
                            on:click=hold
                        >
                            {move || if busy.get() { "正在挂失…" } else { "立即挂失" }}
                        </button>
                    </div>
                }
            })}
        <p class="leave">
            <span class="muted">"查询其他证书，或在公用电脑上离开前，请结束查询。"</span>
            <button type="button" class="button button-quiet" on:click=move |_| records.leave()>"结束查询"</button>
        </p>
    }
}

#[component]
fn OnHold() -> impl IntoView {
    view! {
        <Notice tone=Tone::Good title="挂失成功">
            <p>"签名证书与加密证书已同时挂失，并已短信通知预留手机。挂失期间证书不能签名、续期、变更或解锁。"</p>
            <p>"确认找不到的，请办理补办；找到证书Key的，核验身份后即可恢复使用。"</p>
        </Notice>
    }
}

/// The tick of one certificate, or where it goes on.
#[component]
fn Line(line: LostLine, ticked: RwSignal<BTreeSet<String>>) -> impl IntoView {
    if !line.on_hold && !line.expired {
        let serial = StoredValue::new(line.serial);
        let is_ticked = move || serial.with_value(|serial| ticked.with(|all| all.contains(serial)));
        return view! {
            <label class="tick">
                <input
                    type="checkbox"
                    prop:checked=is_ticked
                    on:change=move |event| {
                        let wanted = event_target_checked(&event);
                        ticked
                            .update(|all| {
                                if wanted {
                                    all.insert(serial.get_value());
                                } else {
                                    all.remove(&serial.get_value());
                                }
                            });
                    }
                />
                <span>"挂失这张证书"</span>
            </label>
        }
        .into_any();
    }
    let found =
        line.on_hold.then(|| view! { <Found serial=line.serial.clone() refused=line.resume_refused /> });
    let lost = match (line.open_replacement, line.replace_refused) {
        (Some(number), _) => view! {
            <A href=format!("/orders/{number}") attr:class="button button-primary">"继续补办"</A>
        }
        .into_any(),
        (None, Some(refusal)) => {
            view! { <p class="muted">{crate::wording::refusal(&refusal)}</p> }.into_any()
        }
        (None, None) => view! {
            <A href=format!("/replace/{}", line.party.code()) attr:class="button button-primary">
                "办理补办" <Icon shape=Shape::Arrow />
            </A>
        }
        .into_any(),
    };
    view! { <div class="record-ways">{lost}{found}</div> }.into_any()
}

/// The key is there again: 恢复使用, or why not (B01).
#[component]
fn Found(serial: String, refused: Option<Refusal>) -> impl IntoView {
    if let Some(refusal) = refused {
        return view! { <p class="muted">{crate::wording::refusal(&refusal)}</p> }.into_any();
    }
    let alive = browser::use_alive();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<DeskError>);
    let navigate = use_navigate();
    let start = move |_| {
        busy.set(true);
        trouble.set(None);
        let (serial, navigate) = (serial.clone(), navigate.clone());
        spawn_local(async move {
            match start_resumption(serial).await {
                Ok(number) => navigate(&format!("/orders/{number}"), NavigateOptions::default()),
                Err(error) => {
                    trouble.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <button type="button" class="button" disabled=move || !alive.get() || busy.get() on:click=start>
            "已找到Key，恢复使用"
        </button>
        <Trouble error=trouble />
    }
    .into_any()
}
