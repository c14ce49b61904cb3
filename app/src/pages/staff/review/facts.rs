//! The data of a case, group by group, each line markable for correction.

use super::marks::Marks;
use super::sheet::sheet;
use crate::components::timeline::StatusTimeline;
use crate::desk::review::CaseView;
use journey::event::{ReturnReason, ReturnTarget};
use leptos::prelude::*;

/// Lines that follow from others (R015, R016): the other one is what can be put right.
const LOCKED: [&str; 2] = ["account_name", "invoice_title"];

#[component]
pub fn Facts(case: CaseView, marks: Marks) -> impl IntoView {
    let groups = sheet(&case.details, case.method, case.party).into_iter().map(|group| {
        let lines = group.lines.into_iter().map(|line| {
            let target = ReturnTarget::Field(line.field.to_owned());
            let markable = !LOCKED.contains(&line.field);
            view! {
                <div class="case-fact">
                    <dt>{line.label}</dt>
                    <dd>
                        <span class="case-fact-value">{line.value}</span>
                        {markable.then(|| view! { <MarkEditor target marks /> })}
                    </dd>
                </div>
            }
        });
        view! {
            <section class="fact-group">
                <h3>{group.title}</h3>
                <dl>{lines.collect_view()}</dl>
            </section>
        }
    });
    view! {
        {groups.collect_view()}
        <section class="fact-group">
            <h3>"订单"</h3>
            <dl>
                <div class="case-fact">
                    <dt>"已付费用"</dt>
                    <dd>{case.paid.map_or_else(|| "未支付".to_owned(), |paid| format!("¥{}", paid.yuan()))}</dd>
                </div>
                <div class="case-fact">
                    <dt>"补正次数"</dt>
                    <dd>{case.return_rounds}"次"</dd>
                </div>
            </dl>
            <details class="fact-history">
                <summary>"办理记录"</summary>
                <StatusTimeline lines=Signal::stored(case.history) />
            </details>
        </section>
    }
}

/// 需补正: a box, and when it is ticked the reason and a note. There only while marking is switched on.
#[component]
pub fn MarkEditor(target: ReturnTarget, marks: Marks) -> impl IntoView {
    let target = StoredValue::new(target);
    let mark = Memo::new(move |_| target.with_value(|target| marks.of(target)));
    let marked = Memo::new(move |_| mark.read().is_some());
    let choose = move |event| {
        if let Some(reason) = ReturnReason::from_code(&event_target_value(&event)) {
            target.with_value(|target| marks.change(target, |mark| mark.reason = reason));
        }
    };
    let note = move |event| {
        let text = event_target_value(&event);
        target.with_value(|target| marks.change(target, |mark| mark.note = text));
    };
    let options = move || {
        let now = mark.read_untracked().as_ref().map(|mark| mark.reason);
        ReturnReason::ALL
            .iter()
            .map(|reason| view! { <option value=reason.code() selected=now == Some(*reason)>{reason.title()}</option> })
            .collect_view()
    };
    view! {
        <Show when=move || marks.marking.get()>
            <div class="mark" class:mark-on=move || marked.get()>
                <label class="mark-box">
                    <input type="checkbox" prop:checked=move || marked.get()
                        on:change=move |_| marks.toggle(target.get_value()) />
                    "需补正"
                </label>
                <Show when=move || marked.get()>
                    <select aria-label="补正原因" on:change=choose>{options()}</select>
                    <input type="text" aria-label="补充说明" placeholder="补充说明（申请人可见）" maxlength="200"
                        prop:value=move || mark.get().map(|mark| mark.note).unwrap_or_default() on:input=note />
                    <Show when=move || mark.get().is_some_and(|mark| !mark.is_complete())>
                        <p class="field-error">"选择“其他原因”时请写明说明。"</p>
                    </Show>
                </Show>
            </div>
        </Show>
    }
}
