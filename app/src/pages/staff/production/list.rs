//! `/staff/production`: what waits for its key.

use crate::desk::production::production_queue;
use crate::desk::staff::Role;
use crate::pages::staff::asked::Asked;
use crate::pages::staff::frame::StaffPage;
use crate::pages::staff::queue::Queue;
use leptos::prelude::*;

#[component]
pub fn ProductionListPage() -> impl IntoView {
    view! {
        <StaffPage title="制证" role=Role::Producer>
            <List />
        </StaffPage>
    }
}

#[component]
fn List() -> impl IntoView {
    let lines = Asked::new(production_queue);
    view! { <Queue lines path="/staff/production" verb="查看" empty="没有待制证的订单。" /> }
}
