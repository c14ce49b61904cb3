//! Who said no, and what to do about it.

use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::key_access::AccessError;
use crate::wording;
use crate::wording::key::Advice;
use leptos::prelude::*;

/// The office, or the key's side.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    Office(DeskError),
    Key(AccessError),
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        Fault::Office(error)
    }
}

impl From<AccessError> for Fault {
    fn from(error: AccessError) -> Self {
        Fault::Key(error)
    }
}

impl Fault {
    pub fn advice(&self) -> Advice {
        match self {
            Fault::Key(error) => wording::key::of(error),
            Fault::Office(error) => Advice {
                what: wording::desk_error(error),
                todo: "已完成的步骤都有记录，不会重复扣费。",
            },
        }
    }

    /// What the hotline asks for.
    pub fn code(&self) -> String {
        match self {
            Fault::Key(error) => error.code().to_owned(),
            Fault::Office(error) => error.to_string(),
        }
    }
}

#[component]
pub fn FaultNotice(fault: Fault) -> impl IntoView {
    let advice = fault.advice();
    view! {
        <Notice tone=Tone::Bad title=advice.what>
            <p>{advice.todo}</p>
            <p class="key-code">"代码 " <code>{fault.code()}</code></p>
        </Notice>
    }
}
