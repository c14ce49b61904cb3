//! `/staff`: the desks of this person, each with what waits there.

use super::asked::Asked;
use super::frame::{StaffPage, desks_of};
use super::queue::Due;
use super::session::{Who, use_session};
use crate::browser;
use crate::desk::DeskError;
use crate::desk::finance::{FinanceView, LineState, view_finance};
use crate::desk::production::{dispatch_queue, production_queue};
use crate::desk::recovery::{CaseStanding, RecoveryLine, list_recoveries};
use crate::desk::review::{QueueLine, review_queue};
use crate::desk::staff::Role;
use crate::wording::staff as words;
use leptos::prelude::*;
use leptos_router::components::A;

#[component]
pub fn StaffHomePage() -> impl IntoView {
    view! {
        <StaffPage title="工作台">
            <Desks />
        </StaffPage>
    }
}

#[component]
fn Desks() -> impl IntoView {
    let session = use_session();
    let Who::Staff(staff) = session.who_now() else { return ().into_any() };
    let card = |(role, path)| match role {
        Role::Registrar => view! { <QuietCard role path /> }.into_any(),
        _ => view! { <DeskCard role path /> }.into_any(),
    };
    let cards = desks_of(&staff).map(card).collect_view();
    view! { <div class="desk-cards">{cards}</div> }.into_any()
}

/// What waits at a desk.
#[derive(Clone)]
struct Waiting {
    count: usize,
    detail: String,
}

async fn waiting_at(role: Role) -> Result<Waiting, DeskError> {
    let queue = match role {
        Role::Reviewer => review_queue().await?,
        Role::Producer => production_queue().await?,
        Role::Dispatcher => dispatch_queue().await?,
        Role::Registrar => Vec::new(),
        Role::Finance => return Ok(credits(&view_finance().await?)),
        Role::Custodian => return Ok(cases(&list_recoveries().await?)),
    };
    Ok(orders(&queue, role))
}

fn orders(lines: &[QueueLine], role: Role) -> Waiting {
    let now = browser::now();
    let urgent = lines.iter().filter(|line| Due::of(line.promise_due.as_deref(), now) <= Due::Today).count();
    // At dispatch `mine` names who made the key: nothing that waits for this person.
    let mine = lines.iter().filter(|line| line.mine && role != Role::Dispatcher).count();
    let detail = match (urgent, mine) {
        (0, 0) => "没有今天到期的任务".to_owned(),
        (urgent, 0) => format!("{urgent}件今天到期或已超期"),
        (0, mine) => format!("{mine}件在我手上"),
        (urgent, mine) => format!("{urgent}件今天到期或已超期，{mine}件在我手上"),
    };
    Waiting { count: lines.len(), detail }
}

fn credits(desk: &FinanceView) -> Waiting {
    let open = desk.lines.iter().filter(|line| line.state == LineState::Open).count();
    let detail = format!("{}笔订单等待到账，{}笔待退回", desk.waiting.len(), desk.refunds.len());
    Waiting { count: open, detail }
}

fn cases(lines: &[RecoveryLine]) -> Waiting {
    let count = lines.iter().filter(|line| line.may_approve).count();
    let detail =
        match lines.iter().filter(|line| line.mine && line.standing == CaseStanding::Approved).count() {
            0 => "司法密钥恢复案件等您批准".to_owned(),
            approved => format!("{approved}件我发起的案件可以取得密钥信封"),
        };
    let detail = if count == 0 && lines.is_empty() { "没有案件".to_owned() } else { detail };
    Waiting { count, detail }
}

#[component]
fn DeskCard(role: Role, path: &'static str) -> impl IntoView {
    let waiting = Asked::new(move || waiting_at(role));
    let count = move || match waiting.get() {
        Some(Ok(waiting)) => waiting.count.to_string(),
        _ => "–".to_owned(),
    };
    let detail = move || match waiting.get() {
        None => "正在读取…".to_owned(),
        Some(Err(error)) => crate::wording::desk_error(&error).to_string(),
        Some(Ok(waiting)) => waiting.detail,
    };
    view! {
        <A href=path attr:class="desk-card">
            <span class="desk-card-title">{words::desk_title(role)}</span>
            <span class="desk-card-count"><span class="number">{count}</span>"件待办"</span>
            <span class="desk-card-detail">{detail}</span>
            <span class="desk-card-text">{words::desk_text(role)}</span>
        </A>
    }
}

/// A desk where nothing waits: one comes with a question.
#[component]
fn QuietCard(role: Role, path: &'static str) -> impl IntoView {
    view! {
        <A href=path attr:class="desk-card">
            <span class="desk-card-title">{words::desk_title(role)}</span>
            <span class="desk-card-text">{words::desk_text(role)}</span>
        </A>
    }
}
