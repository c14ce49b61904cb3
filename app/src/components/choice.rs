//! One of a few, as cards: a radio group whose whole card is the target.

use super::icon::{Icon, Shape};
use leptos::prelude::*;

#[derive(Clone, PartialEq)]
pub struct ChoiceCard {
    pub value: &'static str,
    pub title: String,
    pub text: String,
    pub shape: Shape,
}

/// `name` groups the radios; the first carries `name` as its id so that an error summary can link to it.
#[component]
pub fn Choice(
    name: &'static str,
    #[prop(into)] legend: String,
    cards: Vec<ChoiceCard>,
    #[prop(into)] value: Signal<Option<&'static str>>,
    #[prop(into)] on_choose: Callback<&'static str>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let error_id = format!("{name}-error");
    let described = error_id.clone();
    let drawn = cards.into_iter().enumerate().map(|(place, option)| {
        let id = if place == 0 { name.to_owned() } else { format!("{name}-{}", option.value) };
        let chosen = option.value;
        view! {
            <label class="choice" for=id.clone() class:choice-on=move || value.get() == Some(chosen)>
                <input
                    type="radio"
                    id=id.clone()
                    name=name
                    value=chosen
                    checked=value.get_untracked() == Some(chosen)
                    prop:checked=move || value.get() == Some(chosen)
                    on:change=move |_| on_choose.run(chosen)
                />
                <Icon shape=option.shape />
                <span class="choice-words">
                    <span class="choice-title">{option.title}</span>
                    <span class="choice-text">{option.text}</span>
                </span>
            </label>
        }
    });
    view! {
        <fieldset class="field choices" aria-describedby=described>
            <legend>{legend}</legend>
            <div class="choice-row">{drawn.collect_view()}</div>
            <p id=error_id class="field-error" aria-live="polite">
                {move || error.get()}
            </p>
        </fieldset>
    }
}
