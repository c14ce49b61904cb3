//! One line of the statement: what the bank says, the order that it points to, what differs, and the decision.

use crate::components::field::Field;
use crate::components::notice::Trouble;
use crate::desk::DeskError;
use crate::desk::finance::{
    BankLine, Candidate, Difference, FinanceView, LineState, match_line, put_line_aside,
};
use crate::pages::staff::asked::Asked;
use crate::pages::staff::session::use_session;
use crate::wording;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is odd, in the reader's words; nothing where all fits.
fn odd(order: &Candidate, line: &BankLine) -> Vec<String> {
    let due = order.due.map(|due| due.yuan()).unwrap_or_default();
    order
        .differs
        .iter()
        .map(|difference| match difference {
            Difference::Short => format!("金额不足：应付 {due} 元，到账 {} 元", line.amount.yuan()),
            Difference::Over => format!("金额超出：应付 {due} 元，到账 {} 元", line.amount.yuan()),
            Difference::Name => format!("付款户名与证书使用单位“{}”不一致", order.holder_name),
            Difference::Reference => format!("附言中没有附言码 {}", order.reference),
            Difference::SameVoucher => {
                format!("同一付款凭证也出现在订单 {}", order.same_voucher.join("、"))
            }
            Difference::Paid => "该订单已有到账，确认后本笔将退回".to_owned(),
            Difference::NotDue => "该订单尚未填写申请信息，暂不能确认到账".to_owned(),
        })
        .collect()
}

/// What a bank may leave empty.
fn told(label: &'static str, text: String) -> Option<impl IntoView> {
    (!text.is_empty()).then(|| view! { <span>{label} <span class="number">{text}</span></span> })
}

#[component]
pub fn Line(line: BankLine, asked: Asked<FinanceView>) -> impl IntoView {
    let odds = line.order.as_ref().filter(|_| line.state == LineState::Open);
    let odds = odds.map(|order| odd(order, &line)).unwrap_or_default();
    let open = line.state == LineState::Open;
    let decided = line.decided_by.clone().map(|by| {
        let what = if line.state == LineState::Matched { "已确认到账" } else { "已搁置" };
        let why = line.why.clone().map(|why| format!("：{why}")).unwrap_or_default();
        format!("{what}（{by}）{why}")
    });
    let order = line.order.clone();
    let (id, number) =
        (line.id.clone(), order.as_ref().map(|order| order.number.clone()).unwrap_or_default());
    view! {
        <li class="bank-line">
            <p class="bank-line-head">
                <strong>{line.payer_name}</strong>
                <span class="number">{line.amount.yuan()}" 元"</span>
            </p>
            <p class="case-meta">
                <span class="number">{line.booked_on}</span>
                <span>"流水号 "<span class="number">{line.bank_number}</span></span>
                {told("付款账号 ", line.payer_account)} {told("附言 ", line.remark)}
            </p>
            {order
                .map(|order| {
                    view! {
                        <p class="finance-order">
                            {if open { "对应订单 " } else { "订单 " }} <span class="number">{order.number}</span> " · "
                            {order.holder_name} " · " {order.step}
                        </p>
                    }
                })}
            {(!odds.is_empty())
                .then(|| view! { <ul class="finance-odd">{odds.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul> })}
            {decided.map(|text| view! { <p class="muted">{text}</p> })}
            {open.then(|| view! { <Decide id number asked /> })}
        </li>
    }
}

#[component]
fn Decide(id: String, number: String, asked: Asked<FinanceView>) -> impl IntoView {
    let session = use_session();
    let id = StoredValue::new(id);
    let (number, why) = (RwSignal::new(number), RwSignal::new(String::new()));
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
    let answer = move |answer: Result<FinanceView, DeskError>| match answer {
        Ok(view) => asked.put(view),
        Err(error) => {
            session.heed(&error);
            busy.try_set(false);
            trouble.try_set(Some(error));
        }
    };
    let settle = move |_| {
        busy.set(true);
        spawn_local(async move {
            let (number, why) = (number.get_untracked(), why.get_untracked());
            answer(match_line(id.get_value(), number, why).await);
        });
    };
    let aside = move |_| {
        busy.set(true);
        spawn_local(async move { answer(put_line_aside(id.get_value(), why.get_untracked()).await) });
    };
    let (number_id, why_id) = (format!("number-{}", id.get_value()), format!("why-{}", id.get_value()));
    view! {
        <div class="finance-decide">
            <Plain id=number_id label="订单号" value=number error=wrong("number") />
            <Plain id=why_id label="说明（有差异或搁置时必填）" value=why error=wrong("why") />
            <div class="actions">
                <button type="button" class="button button-primary" disabled=move || busy.get() on:click=settle>
                    "确认到账"
                </button>
                <button type="button" class="button" disabled=move || busy.get() on:click=aside>"搁置"</button>
            </div>
        </div>
        <Trouble error=other />
    }
}

/// A field that stands many times on one page.
#[component]
fn Plain(
    id: String,
    label: &'static str,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some()>
            <label for=id.clone()>{label}</label>
            <input id=id autocomplete="off" maxlength="120" prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event)) />
            <p class="field-error" aria-live="polite">{move || error.get()}</p>
        </div>
    }
}

/// A field that stands once, of the form beside the lines.
#[component]
pub fn Once(
    name: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    view! { <Field name label value on_input=move |text| value.set(text) error hint maxlength=120 /> }
}
