//! A framed message: something to know, to mind, that went wrong, or that is done.

use super::icon::{Icon, Shape};
use crate::desk::DeskError;
use crate::wording;
use leptos::prelude::*;
use leptos_router::components::A;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Info,
    Warning,
    Bad,
    Good,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Info => "notice notice-info",
            Tone::Warning => "notice notice-warning",
            Tone::Bad => "notice notice-bad",
            Tone::Good => "notice notice-good",
        }
    }

    const fn shape(self) -> Shape {
        match self {
            Tone::Info => Shape::Info,
            Tone::Warning | Tone::Bad => Shape::Warning,
            Tone::Good => Shape::Check,
        }
    }
}

#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: String,
    children: Children,
) -> impl IntoView {
    let title = (!title.is_empty()).then(|| view! { <p class="notice-title">{title}</p> });
    view! {
        <div class=tone.class()>
            <Icon shape=tone.shape() />
            <div class="notice-body">{title} {children()}</div>
        </div>
    }
}

/// What went wrong with the last thing that was asked, said aloud by a screen reader when it appears.
#[component]
pub fn Trouble(#[prop(into)] error: Signal<Option<DeskError>>) -> impl IntoView {
    move || {
        error.get().map(|error| {
            view! {
                <div role="alert" class="trouble" tabindex="-1">
                    <Notice tone=Tone::Bad>
                        {wording::desk_error(&error)}
                        {wording::way_on(&error).map(|(href, words)| view! { <p><A href=href attr:class="button">{words}</A></p> })}
                    </Notice>
                </div>
            }
        })
    }
}
