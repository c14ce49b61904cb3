//! The way of an order as the rule book draws it: done, now, still to come.

use super::icon::{Icon, Shape};
use crate::desk::orders::{StepState, StepView};
use journey::service::Service;
use leptos::prelude::*;

/// On a narrow screen only the present step is named; the whole list opens below it.
#[component]
pub fn Stepper(service: Service, #[prop(into)] steps: Signal<Vec<StepView>>) -> impl IntoView {
    let place = move || steps.with(|steps| steps.iter().position(|step| step.state == StepState::Now));
    let count = move || steps.with(Vec::len);
    let done = move || steps.with(|steps| steps.iter().filter(|step| step.state == StepState::Done).count());
    let summary = move || match place() {
        Some(place) => {
            let title = steps.with(|steps| steps[place].step.title_in(service));
            format!("第 {} 步，共 {} 步：{title}", place + 1, count())
        }
        None if done() == count() => format!("共 {} 步，已全部完成", count()),
        None => format!("共 {} 步，完成 {} 步", count(), done()),
    };
    view! {
        <nav class="stepper" aria-label="办理进度">
            <details class="stepper-narrow">
                <summary>
                    <span>{summary}</span>
                    <progress max=count value=move || place().unwrap_or_else(done)></progress>
                </summary>
                <StepList service steps />
            </details>
            <div class="stepper-wide">
                <StepList service steps />
            </div>
        </nav>
    }
}

#[component]
fn StepList(service: Service, steps: Signal<Vec<StepView>>) -> impl IntoView {
    let item = move |(place, step): (usize, StepView)| {
        let (class, said) = match step.state {
            StepState::Done => ("step step-done", "已完成"),
            StepState::Now => ("step step-now", "当前步骤"),
            StepState::Next => ("step step-next", "未开始"),
        };
        let dot = match step.state {
            StepState::Done => view! { <Icon shape=Shape::Check /> }.into_any(),
            StepState::Now | StepState::Next => (place + 1).into_any(),
        };
        view! {
            <li class=class aria-current=(step.state == StepState::Now).then_some("step")>
                <span class="step-dot">{dot}</span>
                <span class="step-title">{step.step.title_in(service)}</span>
                <span class="visually-hidden">{said}</span>
            </li>
        }
    };
    view! { <ol class="steps">{move || steps.get().into_iter().enumerate().map(item).collect_view()}</ol> }
}
