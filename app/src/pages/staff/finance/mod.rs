//! Owns: `/staff/finance`: the designated account's statement, matched to the orders that wait for their transfer (A36); what
//! is odd about a line stands beside it, and is decided with a reason.
//! Never: which order a line belongs to, what differs (the office says both).
//! Start at: [`FinancePage`], then `line.rs`.

mod ended;
mod enter;
mod line;

use super::asked::Asked;
use super::frame::StaffPage;
use crate::desk::finance::{Candidate, FinanceView, LineState, RefundLine, refund_sent, view_finance};
use crate::desk::staff::Role;
use crate::pages::staff::session::use_session;
use ended::Ended;
use enter::Enter;
use leptos::prelude::*;
use leptos::task::spawn_local;
use line::Line;

#[component]
pub fn FinancePage() -> impl IntoView {
    view! {
        <StaffPage title="对公汇款核对" role=Role::Finance>
            <Desk />
        </StaffPage>
    }
}

#[component]
fn Desk() -> impl IntoView {
    let asked = Asked::new(view_finance);
    view! {
        <Enter asked />
        {asked.shown(8, move |view| view! { <Sheet view asked /> })}
    }
}

#[component]
fn Sheet(view: FinanceView, asked: Asked<FinanceView>) -> impl IntoView {
    let (open, decided): (Vec<_>, Vec<_>) =
        view.lines.into_iter().partition(|line| line.state == LineState::Open);
    let waiting = view.waiting.len();
    view! {
        <section class="finance" aria-labelledby="open-lines">
            <h2 id="open-lines">{format!("待核对的入账（{}）", open.len())}</h2>
            {open.is_empty().then(|| view! { <p class="desk-empty">"没有待核对的入账。"</p> })}
            <ul class="bank-lines">{open.into_iter().map(|line| view! { <Line line asked /> }).collect_view()}</ul>
        </section>
        <Refunds refunds=view.refunds asked />
        <Ended orders=view.ended asked />
        <section class="finance" aria-labelledby="waiting">
            <h2 id="waiting">{format!("等待到账的补办订单（{waiting}）")}</h2>
            <ul class="bank-lines">{view.waiting.into_iter().map(|order| view! { <Waiting order /> }).collect_view()}</ul>
        </section>
        <details class="card">
            <summary>{format!("已处理的入账（{}）", decided.len())}</summary>
            <ul class="bank-lines">{decided.into_iter().map(|line| view! { <Line line asked /> }).collect_view()}</ul>
        </details>
    }
}

#[component]
fn Waiting(order: Candidate) -> impl IntoView {
    let due = order.due.map_or("待填写".to_owned(), |due| format!("{} 元", due.yuan()));
    view! {
        <li class="bank-line">
            <p class="bank-line-head">
                <strong>{order.holder_name}</strong>
                <span class="number">{due}</span>
            </p>
            <p class="case-meta">
                <span>"订单号 "<span class="number">{order.number}</span></span>
                <span>"附言码 "<strong class="number">{order.reference}</strong></span>
                <span>{order.step}</span>
                <span>{if order.voucher_id.is_some() { "已上传付款凭证" } else { "未上传付款凭证" }}</span>
            </p>
            {(!order.same_voucher.is_empty())
                .then(|| {
                    view! { <p class="finance-odd">{format!("同一付款凭证也出现在订单 {}", order.same_voucher.join("、"))}</p> }
                })}
        </li>
    }
}

#[component]
fn Refunds(refunds: Vec<RefundLine>, asked: Asked<FinanceView>) -> impl IntoView {
    if refunds.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="finance" aria-labelledby="refunds">
            <h2 id="refunds">{format!("待退回的汇款（{}）", refunds.len())}</h2>
            <ul class="bank-lines">
                {refunds.into_iter().map(|refund| view! { <Refund refund asked /> }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn Refund(refund: RefundLine, asked: Asked<FinanceView>) -> impl IntoView {
    let session = use_session();
    let busy = RwSignal::new(false);
    let number = StoredValue::new(refund.bank_number.clone());
    let sent = move |_| {
        busy.set(true);
        spawn_local(async move {
            match refund_sent(number.get_value()).await {
                Ok(view) => asked.put(view),
                Err(error) => {
                    session.heed(&error);
                    busy.try_set(false);
                    asked.again();
                }
            }
        });
    };
    view! {
        <li class="bank-line">
            <p class="bank-line-head">
                <strong>{refund.payer_name}</strong>
                <span class="number">{refund.amount.yuan()}" 元"</span>
            </p>
            <p class="case-meta">
                <span>"退回账号 "<span class="number">{refund.payer_account}</span></span>
                <span>"原流水号 "<span class="number">{refund.bank_number}</span></span>
                <span>"订单号 "<span class="number">{refund.number}</span></span>
            </p>
            <button type="button" class="button" disabled=move || busy.get() on:click=sent>"已退款"</button>
        </li>
    }
}
