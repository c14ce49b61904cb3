//! 经办人变更 (B11): on the order's page a line, and while a change waits a notice; on a page of its own the form that the
//! legal person approves, and 提出异议.

use super::agent_form::HandOverSheet;
use super::counter::Counter;
use crate::browser;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::hand_over::{HandOverView, Waiting, object_hand_over, view_hand_over};
use crate::wording;
use journey::party::Party;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// What is known of a change of agent, asked for in the browser: the order itself is readable without it.
#[derive(Clone, Copy)]
pub struct AgentChange {
    number: StoredValue<String>,
    known: RwSignal<Option<HandOverView>>,
}

impl AgentChange {
    pub fn of(counter: Counter) -> AgentChange {
        let known = RwSignal::new(None);
        if counter.order.with_untracked(|order| order.party) == Party::Organisation {
            Effect::new(move || {
                spawn_local(async move {
                    if let Ok(view) = view_hand_over(counter.number()).await {
                        known.try_set(Some(view));
                    }
                });
            });
        }
        AgentChange { number: StoredValue::new(counter.number()), known }
    }

    fn href(self) -> String {
        format!("/orders/{}/agent", self.number.get_value())
    }
}

/// A change that waits for its day, over everything else: whoever is replaced has until then to object.
#[component]
pub fn AgentWaiting(change: AgentChange) -> impl IntoView {
    move || {
        let waiting = change.known.get()?.waiting?;
        Some(view! {
            <Notice tone=Tone::Warning title="经办人变更等待生效">
                <p>{told(&waiting)}</p>
                <p><A href=change.href()>"查看或提出异议"</A></p>
            </Notice>
        })
    }
}

/// 更换经办人, where none waits.
#[component]
pub fn AgentLine(change: AgentChange) -> impl IntoView {
    move || {
        let none = change.known.get()?.waiting.is_none();
        none.then(|| view! {
            <p class="withdraw"><A href=change.href() attr:class="button button-quiet">"更换经办人"</A></p>
        })
    }
}

fn told(waiting: &Waiting) -> String {
    format!(
        "法定代表人已同意由 {}（{}）接替经办人。没有异议的，将于 {} 生效，之后验证码和通知发送至新经办人手机。",
        waiting.name, waiting.phone, waiting.ends_at
    )
}

#[component]
pub fn AgentPage() -> impl IntoView {
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get("number").unwrap_or_default()));
    let view = RwSignal::new(None::<Result<HandOverView, DeskError>>);
    let load = move || {
        let number = number.get();
        spawn_local(async move {
            let answer = view_hand_over(number).await;
            view.try_set(Some(answer));
        });
    };
    Effect::new(load);
    view! {
        <Title text="更换经办人" />
        <div class="shell page page-narrow">
            <p class="crumb">
                <A href="/orders">"历史订单记录"</A>
                " / "
                <A href=move || format!("/orders/{}", number.get())>{move || number.get()}</A>
                " / 更换经办人"
            </p>
            <h1 tabindex="-1">"更换经办人"</h1>
            <p class="page-lead">
                "经办人离职或更换手机时，由法定代表人用本人手机确认。原经办人会收到通知，24 小时内可以提出异议；期满后，验证码和通知发送至新经办人手机。"
            </p>
            {move || match view.get() {
                None => view! { <Skeleton lines=6 /> }.into_any(),
                Some(Err(error)) => view! { <Failed error /> }.into_any(),
                Some(Ok(known)) => view! { <Sheet number=number.get_untracked() known view /> }.into_any(),
            }}
            <noscript>
                <p class="notice notice-info">"更换经办人需要浏览器启用 JavaScript，也可以致电页面底部的服务热线。"</p>
            </noscript>
        </div>
    }
}

#[component]
fn Failed(error: DeskError) -> impl IntoView {
    let unknown = matches!(error, DeskError::NotFound | DeskError::SignInAgain);
    view! {
        <Notice tone=if unknown { Tone::Info } else { Tone::Bad }>{wording::desk_error(&error)}</Notice>
        <p class="actions"><A href="/query" attr:class="button button-primary">"订单查询"</A></p>
    }
}

#[component]
fn Sheet(
    number: String,
    known: HandOverView,
    view: RwSignal<Option<Result<HandOverView, DeskError>>>,
) -> impl IntoView {
    let body = match (known.waiting, known.legal_person_phone) {
        (Some(waiting), _) => view! { <Waits number waiting view /> }.into_any(),
        (None, None) => {
            let why = wording::refusal(&journey::refusal::Refusal::LegalPersonUnknown);
            view! { <Notice tone=Tone::Info title="暂不能在线更换">{why}</Notice> }.into_any()
        }
        (None, Some(phone)) => view! { <HandOverSheet number legal_person=phone view /> }.into_any(),
    };
    view! {
        <section class="card" aria-label="现经办人">
            <dl class="facts">
                <div><dt>"现经办人"</dt><dd>{known.agent_name}</dd></div>
                <div><dt>"预留手机"</dt><dd class="number">{known.agent_phone}</dd></div>
                <div><dt>"一并移交"</dt><dd>{format!("该经办人办理的本单位订单 {} 笔，及名下证书记录", known.orders)}</dd></div>
            </dl>
        </section>
        {body}
    }
}

/// The day to object.
#[component]
fn Waits(
    number: String,
    waiting: Waiting,
    view: RwSignal<Option<Result<HandOverView, DeskError>>>,
) -> impl IntoView {
    let (busy, sure) = (RwSignal::new(false), RwSignal::new(false));
    let trouble = RwSignal::new(None::<DeskError>);
    let number = StoredValue::new(number);
    let object = move |_| {
        if !sure.get_untracked() {
            sure.set(true);
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match object_hand_over(number.get_value()).await {
                Ok(known) => {
                    view.try_set(Some(Ok(known)));
                    browser::focus("h1");
                }
                Err(error) => {
                    busy.try_set(false);
                    trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <Notice tone=Tone::Warning title="等待生效">
            <p>{told(&waiting)}</p>
            <p>"您是原经办人且不同意变更的，或法定代表人改变决定的，请在生效前提出异议。"</p>
        </Notice>
        <Trouble error=trouble />
        <p class="actions">
            <button
                type="button"
                class="button"
                class:button-danger=move || sure.get()
                disabled=move || busy.get()
                on:click=object
            >
                {move || if sure.get() { "确认提出异议，终止变更" } else { "提出异议" }}
            </button>
        </p>
    }
}
