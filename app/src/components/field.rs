//! One labelled input: label above, hint under it, error below, all tied together for a screen reader.

use leptos::prelude::*;

/// `name` is also the id, and what an error summary links to. `error` holds the sentence to show.
#[component]
pub fn Field(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(optional, into)] on_leave: Option<Callback<()>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: String,
    /// `text`, `tel`, `email`, `password`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(default = "text")] inputmode: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(default = 120)] maxlength: u16,
    /// Shown beside the label of a field that may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Digits and codes are set in tabular figures.
    #[prop(optional)]
    numeric: bool,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    let error_id = format!("{name}-error");
    let described = format!("{hint_id} {error_id}");
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some()>
            <label for=name>
                {label} {optional.then(|| view! { <span class="field-optional">"选填"</span> })}
            </label>
            <input
                id=name
                name=name
                type=kind
                inputmode=inputmode
                autocomplete=autocomplete
                maxlength=maxlength
                class:number=numeric
                prop:value=move || value.get()
                value=value.get_untracked()
                aria-invalid=move || error.get().is_some().to_string()
                aria-describedby=described
                on:input=move |event| on_input.run(event_target_value(&event))
                on:blur=move |_| {
                    if let Some(on_leave) = on_leave {
                        on_leave.run(());
                    }
                }
            />
            <p id=hint_id class="field-hint">{hint}</p>
            <FieldError id=error_id error />
        </div>
    }
}

/// The line below a field that says what is wrong with it.
#[component]
pub fn FieldError(id: String, #[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p id=id class="field-error" aria-live="polite">
            {move || error.get()}
        </p>
    }
}

/// A value that follows from another field and cannot be changed (R015, R016).
#[component]
pub fn LockedField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] why: String,
) -> impl IntoView {
    let hint_id = format!("{name}-hint");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <output id=name class="field-locked" aria-describedby=hint_id.clone()>
                {move || {
                    let value = value.get();
                    if value.trim().is_empty() { "—".to_owned() } else { value }
                }}
            </output>
            <p id=hint_id class="field-hint">{why}</p>
        </div>
    }
}
