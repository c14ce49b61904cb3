//! 核对相关信息 of a renewal (R063): what is certified stays as it is; only where the invoice goes can be put right, and the
//! agreement is ticked anew (R151).

use super::counter::Counter;
use super::details::{Agreement, Summary};
use super::entry::{EMAIL, Entry};
use super::facts::Facts;
use super::form::Form;
use super::loaded::{NewYear, look};
use super::step::StepHead;
use crate::browser;
use crate::desk::DeskError;
use crate::desk::orders::enter_details;
use journey::step::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn CertifiedStep(counter: Counter) -> impl IntoView {
    let (party, values) = counter.order.with_untracked(|order| (order.party, order.details.clone()));
    let form = Form::new(party, values);
    let years = look(counter);
    let facts = Signal::derive(move || counter.order.with(|order| order.details.clone()));
    view! {
        <StepHead step=Step::Details service=Some(counter.service()) />
        {move || years.get().map(|view| view! { <NewYear view title="更新后的有效期" /> })}
        <section class="card">
            <Facts details=facts party />
            <p class="muted">
                "更新只延长有效期，不改变证书内容。信息有变化时，请先办理“信息变更”。"
            </p>
        </section>
        <form
            class="card form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit(counter, form);
            }
        >
            <fieldset class="form-fields" disabled=move || !counter.alive.get()>
                <Summary form />
                <section class="form-part" aria-labelledby="part-mail">
                    <h3 id="part-mail">"电子发票"</h3>
                    <Entry form spec=&EMAIL />
                </section>
                <Agreement form />
            </fieldset>
            <div class="form-foot">
                <button class="button button-primary button-large" disabled=move || counter.resting()>
                    {move || if counter.busy.get() { "正在提交…" } else { "下一步" }}
                </button>
            </div>
        </form>
    }
}

fn submit(counter: Counter, form: Form) {
    if counter.busy.get_untracked() {
        return;
    }
    if !form.try_all() {
        browser::focus("#error-summary");
        return;
    }
    counter.busy.set(true);
    let (number, version) = (counter.number(), counter.version());
    let details = form.values.get_untracked();
    spawn_local(async move {
        let answer = enter_details(number, version, None, details).await;
        if let Err(DeskError::Fields(fields)) = &answer {
            form.refuse(fields);
            browser::focus("#error-summary");
        }
        counter.take(answer);
    });
}
