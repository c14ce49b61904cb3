//! Grey lines where text will stand in a moment.

use leptos::prelude::*;

#[component]
pub fn Skeleton(#[prop(default = 4)] lines: u8) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">"正在载入…"</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}
