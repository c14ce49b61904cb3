//! 下载证书: goes on by itself as soon as the same key is in and open (R065, A24); says what it does, what it waits for, and
//! what went wrong.

use super::card::{KeyCard, is_gone};
use super::fault::{Fault, FaultNotice};
use super::pin::PinForm;
use super::port::{Inserted, KeyPort};
use super::writing::{Act, write};
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::key_access::{AccessError, holder, purpose};
use crate::pages::order::counter::Counter;
use crate::pages::order::step::StepHead;
use journey::service::Service;
use journey::step::Step;
use key::{KeyError, Pin};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

#[derive(Clone, Debug, PartialEq)]
enum Doing {
    /// The key is not in, or not yet looked at.
    Waits,
    Runs(Act),
    /// The key is in and closed.
    Pin,
    Failed(Act, Fault),
}

#[derive(Clone, Copy)]
struct Load {
    counter: Counter,
    port: KeyPort,
    doing: RwSignal<Doing>,
    pin_fault: RwSignal<Option<Fault>>,
    /// The act that was reported last.
    act: RwSignal<Act>,
}

impl Load {
    fn run(self) {
        let Some(inserted) = self.port.inserted_untracked() else { return };
        if self.port.busy.get_untracked() {
            return;
        }
        self.port.busy.set(true);
        self.doing.set(Doing::Runs(self.act.get_untracked()));
        spawn_local(async move {
            let report = move |act| {
                self.act.try_set(act);
                self.doing.try_set(Doing::Runs(act));
            };
            let written = write(&self.counter.number(), &inserted, report).await;
            self.port.busy.try_set(false);
            self.take(written);
        });
    }

    fn take(self, written: Result<crate::desk::orders::OrderView, Fault>) {
        let act = self.act.try_get_untracked().unwrap_or(Act::Make);
        match written {
            Ok(order) => self.counter.take(Ok(order)),
            Err(Fault::Key(AccessError::Key(KeyError::NotLoggedIn))) => {
                self.doing.try_set(Doing::Pin);
                crate::browser::focus("#key-pin");
            }
            // Not here any more: as soon as it is back, it goes on.
            Err(Fault::Key(error)) if is_gone(&error) => {
                self.doing.try_set(Doing::Waits);
                self.port.seen.try_set(Some(Err(error)));
                self.port.look();
            }
            Err(fault) => {
                self.doing.try_set(Doing::Failed(act, fault));
            }
        }
    }

    fn open(self, pin: Option<Pin>) {
        let Some(Inserted { way, key, .. }) = self.port.inserted_untracked() else { return };
        self.port.busy.set(true);
        self.pin_fault.set(None);
        spawn_local(async move {
            let opened = holder::verify_pin(way, key.key, pin).await;
            self.port.busy.try_set(false);
            match opened {
                Ok(()) => self.run(),
                Err(error) => {
                    self.pin_fault.try_set(Some(error.into()));
                    self.port.look();
                }
            }
        });
    }
}

#[component]
pub fn LoadingStep(counter: Counter, step: Step) -> impl IntoView {
    let port = KeyPort::watch();
    let load = Load {
        counter,
        port,
        doing: RwSignal::new(Doing::Waits),
        pin_fault: RwSignal::new(None),
        act: RwSignal::new(Act::Make),
    };
    // Whenever a key comes in: the office and the key know where to go on.
    Effect::new(move |before: Option<Option<String>>| {
        let key = port.inserted().map(|inserted| inserted.key.key.0);
        if key.is_some() && before.as_ref() != Some(&key) {
            load.run();
        }
        key
    });
    purpose::state_order(&counter.number());
    hold_page_while(port.busy);
    view! {
        <StepHead step />
        <Acts load />
        <div role="status" class="loading-now">{move || said(&load.doing.get(), counter.service())}</div>
        <div role="alert">{move || failed(load)}</div>
        <Show when=move || load.doing.get() == Doing::Pin>
            <section class="card">
                <p>"请输入证书密码，继续写入新证书。"</p>
                <PinForm port label="继续" busy=port.busy fault=load.pin_fault submit=Callback::new(move |pin| load.open(pin)) />
            </section>
        </Show>
        <KeyCard port />
    }
}

fn said(doing: &Doing, service: Service) -> Option<AnyView> {
    let words = match service {
        Service::Renewal => "费用已付清，插入同一把Key后自动继续，不会重复收费。",
        _ => "插入同一把Key后自动继续，已完成的步骤不会重做。",
    };
    match doing {
        Doing::Waits => Some(
            view! {
                <Notice tone=Tone::Info title="请插入本订单的证书Key">
                    <p>{words}</p>
                </Notice>
            }
            .into_any(),
        ),
        Doing::Runs(act) => {
            let title = act.title();
            Some(
                view! { <p class="workbench-runs"><span class="spinner"></span>"正在" {title} "，请勿拔出证书Key"</p> }
                    .into_any(),
            )
        }
        Doing::Pin | Doing::Failed(..) => None,
    }
}

fn failed(load: Load) -> Option<AnyView> {
    let Doing::Failed(act, fault) = load.doing.get() else { return None };
    let signed_out = matches!(fault, Fault::Office(DeskError::SignInAgain | DeskError::NotFound));
    Some(
        view! {
            <p class="loading-failed">"“" {act.title()} "”未完成。"</p>
            <FaultNotice fault />
            <div class="actions">
                {if signed_out {
                    view! { <A href=if load.counter.service() == Service::Renewal { "/renew" } else { "/modify" } attr:class="button button-primary">"重新登录"</A> }.into_any()
                } else {
                    view! {
                        <button type="button" class="button button-primary" on:click=move |_| load.run()>"继续写入"</button>
                    }.into_any()
                }}
            </div>
        }
        .into_any(),
    )
}

/// The five acts, and how far they are.
#[component]
fn Acts(load: Load) -> impl IntoView {
    let line = move |act: Act| {
        let class = move || match load.doing.get() {
            Doing::Runs(now) if now == act => "act act-now",
            Doing::Failed(at, _) if at == act => "act act-failed",
            _ if act < load.act.get() => "act act-done",
            _ => "act",
        };
        view! { <li class=class>{act.title()}</li> }
    };
    view! { <ol class="acts card" aria-label="写入进度">{Act::ALL.into_iter().map(line).collect_view()}</ol> }
}

/// Leaving asks first while something is being written.
fn hold_page_while(busy: RwSignal<bool>) {
    Effect::new(move || {
        if busy.get() {
            let handle = window_event_listener(ev::beforeunload, |event| event.prevent_default());
            on_cleanup(move || handle.remove());
        }
    });
}
