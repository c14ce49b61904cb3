//! Which lines of a list are shown: a tab each, with how many lines it holds.

use super::asked::Asked;
use leptos::prelude::*;

/// The tabs of one list. `takes` says whether a line stands under this tab.
pub trait Filter<T>: Copy + PartialEq + Send + Sync + 'static {
    const TABS: &'static [(Self, &'static str)];

    fn takes(self, line: &T) -> bool;
}

pub fn tabs<T, F>(lines: Asked<Vec<T>>, shown: RwSignal<F>) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Filter<T>,
{
    let count = move |which: F| match lines.get() {
        Some(Ok(all)) => all.iter().filter(|line| which.takes(line)).count().to_string(),
        _ => "–".to_owned(),
    };
    let tab = move |&(which, title): &'static (F, &'static str)| {
        view! {
            <button type="button" class="tab" aria-pressed=move || (shown.get() == which).to_string()
                on:click=move |_| shown.set(which)>
                {title}" "<span class="number">{move || count(which)}</span>
            </button>
        }
    };
    view! { <div class="tabs" role="group" aria-label="筛选">{F::TABS.iter().map(tab).collect_view()}</div> }
}
