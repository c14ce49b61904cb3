//! 历史订单记录: the orders this visit may see, newest first (R120, R121, R159). Readable without the program.

use crate::components::idle::VisitorIdle;
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::query::{OrderLine, leave, list_orders};
use crate::wording;
use journey::order::Standing;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

#[component]
pub fn OrdersPage() -> impl IntoView {
    let orders = Resource::new(|| (), |()| list_orders());
    view! {
        <Title text="我的订单" />
        <div class="shell page page-narrow">
            <h1 tabindex="-1">"历史订单记录"</h1>
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match orders.await {
                        Ok(lines) if lines.is_empty() => view! { <Nothing /> }.into_any(),
                        Ok(lines) => view! { <List lines /> }.into_any(),
                        Err(DeskError::SignInAgain | DeskError::NotFound) => view! { <Nothing /> }.into_any(),
                        Err(error) => {
                            view! {
                                <Notice tone=Tone::Bad>
                                    <p>{wording::desk_error(&error)}</p>
                                    <button class="button" on:click=move |_| orders.refetch()>"重新载入"</button>
                                </Notice>
                            }
                                .into_any()
                        }
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <p class="page-lead">"当前没有可查看的订单。请用证件号码和短信验证码查询。"</p>
        <p class="actions">
            <A href="/query" attr:class="button button-primary">"订单查询"</A>
            <A href="/" attr:class="button">"返回首页"</A>
        </p>
    }
}

#[component]
fn List(lines: Vec<OrderLine>) -> impl IntoView {
    let navigate = use_navigate();
    let leaving = Action::new(move |()| leave());
    let left = leaving.value();
    Effect::new(move || {
        if left.get().is_some() {
            navigate("/query", Default::default());
        }
    });
    view! {
        <VisitorIdle />
        <ul class="order-list">{lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}</ul>
        <p class="leave">
            <span class="muted">"在公用电脑上，请在离开前结束查询。"</span>
            <button
                class="button button-quiet"
                on:click=move |_| {
                    leaving.dispatch(());
                }
            >
                "结束查询"
            </button>
        </p>
    }
}

#[component]
fn Line(line: OrderLine) -> impl IntoView {
    let href = format!("/orders/{}", line.number);
    let holder = if line.holder_name.is_empty() { "尚未填写".to_owned() } else { line.holder_name };
    let step = match line.standing {
        Standing::Open(step) => Some(step),
        _ => None,
    };
    let (word, class) =
        if line.unfinished { ("继续", "button button-primary") } else { ("查看", "button") };
    view! {
        <li class="order-line">
            <div class="order-line-head">
                <span class="order-line-title">{line.service.title()} " · " {line.party.title()}</span>
                <span class=status_class(line.standing, line.unfinished)>{line.standing.title_in(line.service)}</span>
            </div>
            {step.map(|step| view! { <p class="order-line-step">"当前步骤：" {step.title_in(line.service)}</p> })}
            <dl class="order-line-facts">
                <div><dt>"名称"</dt><dd>{holder}</dd></div>
                {line.agent.map(|agent| view! { <div><dt>"经办人"</dt><dd>{agent}</dd></div> })}
                <div><dt>"订单号"</dt><dd class="number">{line.number}</dd></div>
                <div><dt>"更新时间"</dt><dd class="number">{line.changed_at.to_string()}</dd></div>
            </dl>
            <A href=href attr:class=class>{word}</A>
        </li>
    }
}

pub fn status_class(standing: Standing, unfinished: bool) -> &'static str {
    match standing {
        Standing::Completed => "status status-good",
        Standing::Rejected => "status status-bad",
        Standing::Withdrawn | Standing::Expired => "status status-over",
        Standing::Open(_) if unfinished => "status status-todo",
        Standing::Open(_) => "status status-wait",
    }
}
