//! A question over the page: the browser's own `<dialog>`, so focus stays inside and Escape closes it.

use leptos::html;
use leptos::prelude::*;

/// Shown while `open` is true; closing by Escape sets it back. The content is there only while it is shown, so that
/// every opening starts fresh.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let title_id = format!("{id}-title");
    let children = StoredValue::new(children);
    view! {
        <dialog class="dialog" id=id aria-labelledby=title_id.clone() node_ref=node on:close=move |_| open.set(false)>
            <h2 id=title_id.clone() class="dialog-title" tabindex="-1">{title}</h2>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </dialog>
    }
}
