//! `/staff/review`: what waits for a verdict.

use crate::desk::review::review_queue;
use crate::desk::staff::Role;
use crate::pages::staff::asked::Asked;
use crate::pages::staff::frame::StaffPage;
use crate::pages::staff::queue::Queue;
use leptos::prelude::*;

#[component]
pub fn ReviewListPage() -> impl IntoView {
    view! {
        <StaffPage title="审核" role=Role::Reviewer>
            <List />
        </StaffPage>
    }
}

#[component]
fn List() -> impl IntoView {
    let lines = Asked::new(review_queue);
    view! { <Queue lines path="/staff/review" verb="查看" empty="没有待审核的申请。" /> }
}
