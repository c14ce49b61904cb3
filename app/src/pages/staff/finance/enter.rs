//! Credits come in: typed one by one, or a statement chosen as a CSV file.

use super::line::Once;
use crate::browser;
use crate::components::notice::{Notice, Tone, Trouble};
use crate::desk::DeskError;
use crate::desk::finance::{Credit, FinanceView, Imported, enter_credit, import_statement};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::session::use_session;
use crate::wording;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

const COLUMNS: &str = "首行为表头：交易流水号、入账日期、金额、付款户名、付款账号、附言";

#[component]
pub fn Enter(asked: Asked<FinanceView>) -> impl IntoView {
    view! {
        <div class="finance-enter">
            <Statement asked />
            <details class="card">
                <summary>"手工录入一笔入账"</summary>
                <One asked />
            </details>
        </div>
    }
}

#[component]
fn Statement(asked: Asked<FinanceView>) -> impl IntoView {
    let session = use_session();
    let picker = NodeRef::<html::Input>::new();
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<DeskError>));
    let told = RwSignal::new(None::<Imported>);
    let send = move |text: String| {
        spawn_local(async move {
            match import_statement(text).await {
                Ok(imported) => {
                    told.try_set(Some(imported));
                    asked.again();
                }
                Err(error) => {
                    session.heed(&error);
                    trouble.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    let chosen = move |_| {
        let file = picker.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        let Some(file) = file else { return };
        busy.set(true);
        trouble.set(None);
        told.set(None);
        browser::read_text(&file, move |text| send(text.unwrap_or_default()));
        if let Some(input) = picker.get_untracked() {
            input.set_value("");
        }
    };
    view! {
        <section class="card" aria-labelledby="statement">
            <h2 id="statement">"导入银行对账单"</h2>
            <p class="muted">{COLUMNS}"。重复导入不会重复入账。"</p>
            <label class="button" for="statement-file">
                {move || if busy.get() { "正在导入…" } else { "选择 CSV 文件" }}
            </label>
            <input node_ref=picker id="statement-file" class="visually-hidden" type="file" accept=".csv,text/csv"
                on:change=chosen />
            <div role="status">{move || told.get().map(|told| view! { <Told told /> })}</div>
            <Trouble error=trouble />
        </section>
    }
}

#[component]
fn Told(told: Imported) -> impl IntoView {
    let tone = if told.refused.is_empty() { Tone::Good } else { Tone::Warning };
    view! {
        <Notice tone>
            <p>{format!("新入账 {} 笔，已有 {} 笔，未能读取 {} 行。", told.entered, told.known, told.refused.len())}</p>
            <ul>
                {told
                    .refused
                    .into_iter()
                    .take(10)
                    .map(|(line, error)| {
                        let why = wording::entry(&error.field, &error.code);
                        view! { <li>{format!("第 {line} 行：{why}")}</li> }
                    })
                    .collect_view()}
            </ul>
        </Notice>
    }
}

#[component]
fn One(asked: Asked<FinanceView>) -> impl IntoView {
    let session = use_session();
    let text = || RwSignal::new(String::new());
    let (number, day, amount) = (text(), text(), text());
    let (name, account, remark) = (text(), text(), text());
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<DeskError>));
    let wrong = move |field: &'static str| {
        Signal::derive(move || match trouble.get() {
            Some(DeskError::Fields(fields)) => fields
                .iter()
                .find(|error| error.field == field)
                .map(|error| wording::entry(&error.field, &error.code).to_owned()),
            _ => None,
        })
    };
    let other = Signal::derive(move || trouble.get().filter(|error| !matches!(error, DeskError::Fields(_))));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        trouble.set(None);
        let credit = Credit {
            bank_number: number.get_untracked(),
            booked_on: day.get_untracked(),
            amount: amount.get_untracked(),
            payer_name: name.get_untracked(),
            payer_account: account.get_untracked(),
            remark: remark.get_untracked(),
        };
        spawn_local(async move {
            match enter_credit(credit).await {
                Ok(view) => {
                    for field in [number, day, amount, name, account, remark] {
                        field.try_set(String::new());
                    }
                    asked.put(view);
                }
                Err(error) => {
                    session.heed(&error);
                    trouble.try_set(Some(error));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="finance-one" novalidate on:submit=submit>
            <Once name="bank_number" label="交易流水号" value=number error=wrong("bank_number") />
            <Once name="booked_on" label="入账日期" value=day error=wrong("booked_on") hint="如 2026-11-22" />
            <Once name="amount" label="金额（元）" value=amount error=wrong("amount") hint="如 80.00" />
            <Once name="payer_name" label="付款户名" value=name error=wrong("payer_name") />
            <Once name="payer_account" label="付款账号" value=account error=wrong("payer_account") />
            <Once name="remark" label="附言" value=remark error=wrong("remark") />
            <Trouble error=other />
            <div class="actions actions-end">
                <button class="button button-primary" disabled=move || busy.get()>"录入"</button>
            </div>
        </form>
    }
}
