//! What came of a renewal or a modification: the new end, or what was changed and the end that stays (R056, R113, A47).

use super::counter::Counter;
use crate::desk::loading::{LoadingView, look_at_loading};
use crate::wording::field_title;
use journey::party::Party;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn Loaded(counter: Counter) -> impl IntoView {
    let loaded = look(counter);
    let (party, route) = counter.order.with_untracked(|order| (order.party, order.route));
    move || {
        loaded.get().map(|view| {
            if counter.service() == Service::Renewal {
                view! { <NewYear view title="新证书有效期" /> }.into_any()
            } else {
                view! { <Changed view party route /> }.into_any()
            }
        })
    }
}

/// What the office says of the writing, once it has.
pub(super) fn look(counter: Counter) -> ReadSignal<Option<LoadingView>> {
    let (looked, set) = signal(None);
    Effect::new(move || {
        spawn_local(async move {
            if let Ok(view) = look_at_loading(counter.number()).await {
                set.try_set(Some(view));
            }
        });
    });
    looked
}

/// From until when to until when.
#[component]
pub(super) fn NewYear(view: LoadingView, title: &'static str) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="loaded-title">
            <h3 id="loaded-title">{title}</h3>
            <dl class="facts">
                <div><dt>"原截止日期"</dt><dd class="number">{view.old_end.to_string()}</dd></div>
                <div><dt>"新截止日期"</dt><dd class="number"><strong>{view.new_end.to_string()}</strong></dd></div>
                <div><dt>"证书Key"</dt><dd class="number">{view.key_serial}</dd></div>
            </dl>
        </section>
    }
}

#[component]
fn Changed(view: LoadingView, party: Party, route: Route) -> impl IntoView {
    // The parts of one address are one thing that changed.
    let title = |field: &String| match field.as_str() {
        "province" | "city" | "county" | "street" => "通讯地址",
        field => field_title(field, party),
    };
    let mut titles: Vec<&'static str> = view.changed.iter().map(title).collect();
    titles.dedup();
    let titles = if titles.is_empty() { "内容与原来一致".to_owned() } else { titles.join("、") };
    let written = match route {
        Route::ContactsOnly | Route::ByIdentity => "证书内容不变，无需重新写入",
        Route::Usual | Route::WithEvidence => "已写入新证书，原证书同时作废",
    };
    view! {
        <section class="card" aria-labelledby="loaded-title">
            <h3 id="loaded-title">"变更结果"</h3>
            <dl class="facts">
                <div><dt>"变更项目"</dt><dd>{titles}</dd></div>
                <div><dt>"证书"</dt><dd>{written}</dd></div>
                <div><dt>"有效期至"</dt><dd><span class="number">{view.new_end.to_string()}</span>"（不变）"</dd></div>
            </dl>
        </section>
    }
}
