//! What happened to an order, newest first.

use crate::desk::orders::HistoryLine;
use crate::wording;
use leptos::prelude::*;

#[component]
pub fn StatusTimeline(#[prop(into)] lines: Signal<Vec<HistoryLine>>) -> impl IntoView {
    let item = |line: HistoryLine| {
        view! {
            <li>
                <time class="number">{line.at.to_string()}</time>
                <span>{wording::history(&line.event)}</span>
            </li>
        }
    };
    view! {
        <ol class="timeline">
            {move || {
                let mut lines = lines.get();
                lines.sort_by_key(|line| std::cmp::Reverse(line.at));
                lines.into_iter().map(item).collect_view()
            }}
        </ol>
    }
}
