//! Owns: 密钥管理: the cases of judicial recovery, one case with its record, a new case, and a custodian's word.
//! Never: a decision of its own: who may approve, refuse and fetch the office says.
//! Start at: `case.rs`.

pub mod case;
mod decide;
pub mod list;
pub mod new;

use crate::desk::recovery::{CaseStanding, RecoveryLine};
use crate::wording::recovery as words;
use leptos::prelude::*;

/// How the case stands, in a word and a colour.
#[component]
fn StandingBadge(standing: CaseStanding) -> impl IntoView {
    let class = match standing {
        CaseStanding::Waiting => "status status-wait",
        CaseStanding::Approved => "status status-todo",
        CaseStanding::Released => "status status-good",
        CaseStanding::Refused | CaseStanding::Expired => "status status-over",
        CaseStanding::Broken => "status status-bad",
    };
    view! { <span class=class>{words::standing(standing)}</span> }
}

fn progress(line: &RecoveryLine) -> String {
    format!("{} / {}", line.approvals, line.needed)
}
