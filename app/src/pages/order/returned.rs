//! 退回补正: what the reviewer wants mended, item by item, one click away from it (R148).

use super::counter::Counter;
use crate::browser;
use crate::components::icon::{Icon, Shape};
use crate::desk::orders::OrderView;
use crate::wording;
use journey::event::{ReturnItem, ReturnTarget};
use journey::order::Standing;
use journey::party::Party;
use journey::step::Step;
use leptos::prelude::*;

/// The reviewer's reason in words, with the note if there is one.
pub fn reason_text(item: &ReturnItem) -> String {
    let reason = item.reason.title();
    match item.note.as_deref().filter(|note| !note.trim().is_empty()) {
        Some(note) => format!("{reason}：{note}"),
        None => reason.to_owned(),
    }
}

fn title_and_anchor(target: &ReturnTarget, party: Party) -> (String, String) {
    match target {
        ReturnTarget::Field(field) => (wording::field_title(field, party).to_owned(), field.clone()),
        ReturnTarget::Evidence(kind) => (kind.title().to_owned(), format!("evidence-{}", kind.code())),
    }
}

/// Shown only where the applicant can mend: at the form, the confirmation and the uploads.
fn mending(order: &OrderView) -> bool {
    let here = matches!(order.standing, Standing::Open(Step::Details | Step::Evidence | Step::Confirm));
    here && !order.returned.is_empty()
}

#[component]
pub fn ReturnedNotice(counter: Counter) -> impl IntoView {
    let order = counter.order;
    let party = order.with_untracked(|order| order.party);
    let line = move |item: ReturnItem| {
        let (title, anchor) = title_and_anchor(&item.item, party);
        let href = format!("#{anchor}");
        view! {
            <li>
                <a
                    href=href
                    on:click=move |event| {
                        event.prevent_default();
                        browser::focus_id(&anchor);
                    }
                >
                    {title}
                </a>
                "：" {reason_text(&item)}
            </li>
        }
    };
    view! {
        <Show when=move || order.with(mending)>
            <section class="notice notice-warning" aria-labelledby="returned-title">
                <Icon shape=Shape::Warning />
                <div class="notice-body">
                    <h2 id="returned-title" class="notice-title">"审核退回，请补正后重新提交"</h2>
                    <ul>
                        {move || order.with(|order| order.returned.clone()).into_iter().map(line).collect_view()}
                    </ul>
                    <p>"已支付的费用保留，补正后无需再次支付，重新提交后直接进入审核。"</p>
                </div>
            </section>
        </Show>
    }
}
