//! Owns: the steps of 证书解锁 on the order's page: the key recognised, 核对信息, the identity check, the new PIN, the end;
//! and 解挂, which is proven by the same check (B01).
//! Never: a PIN beyond the field it is typed in and the key it is for; whether a step may be left (the rule book says).
//! Start at: `presence.rs`, then in the order of the steps.

mod asks;
mod details;
mod done;
mod found;
mod identity;
mod pin_reset;
mod presence;
mod prove;

pub use details::UnblockDetails;
pub use done::UnblockDone;
pub use found::{FoundDetails, FoundDone};
pub use identity::IdentityStep;
pub use pin_reset::PinResetStep;
pub use presence::PresenceStep;

use super::counter::Counter;
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::desk::unblock::{UnblockView, view_unblock};
use crate::wording;
use leptos::prelude::*;

/// What stands beside the order, once it is here.
#[component]
fn Beside<V: IntoView + 'static>(
    counter: Counter,
    show: impl Fn(UnblockView) -> V + Send + Sync + 'static,
) -> impl IntoView {
    let beside: LocalResource<Result<UnblockView, DeskError>> =
        LocalResource::new(move || view_unblock(counter.number()));
    move || match beside.get() {
        None => view! { <Skeleton lines=5 /> }.into_any(),
        Some(Err(error)) => view! {
            <Notice tone=Tone::Bad>
                <p>{wording::desk_error(&error)}</p>
                <button type="button" class="button" on:click=move |_| beside.refetch()>"重新载入"</button>
            </Notice>
        }
        .into_any(),
        Some(Ok(view)) => show(view).into_any(),
    }
}
