//! Which key is in the port, asked every moment while the page is in front and nothing is being written.

use super::run::check_key;
use crate::browser;
use crate::desk::production::{JobStage, JobView};
use crate::key_access::{AccessError, Way, station, stirred};
use crate::wording;
use key::message::{KeyState, KeySummary};
use leptos::prelude::*;
use leptos::task::spawn_local;

const LOOK_MILLIS: u64 = 1500;

/// What was seen last; `None` before the first look.
pub type Seen = Option<Result<KeySummary, AccessError>>;

/// Looks as long as the owner lives; stands still while `busy`.
pub fn watch(way: Way, busy: Signal<bool>) -> RwSignal<Seen> {
    let seen = RwSignal::new(None);
    let looking = StoredValue::new(false);
    let look = move || {
        if looking.get_value() || busy.get_untracked() || !browser::in_front() {
            return;
        }
        looking.set_value(true);
        spawn_local(async move {
            let found = station::only_key(way).await;
            looking.try_set_value(false);
            // Set only what is new: the panel would be read out again every moment otherwise.
            if seen.try_get_untracked().is_some_and(|before| before.as_ref() != Some(&found)) {
                seen.try_set(Some(found));
            }
        });
    };
    // At once when something comes or goes; and every moment, for what no event tells of.
    let stirred = stirred();
    Effect::new(move || {
        stirred.track();
        look();
    });
    browser::every(LOOK_MILLIS, look);
    seen
}

/// The key in the port, and whether it will do.
#[component]
pub fn KeyPanel(job: JobView, seen: RwSignal<Seen>) -> impl IntoView {
    let rule = if job.stage == JobStage::Issued {
        "，只能用它继续。"
    } else {
        "，请用它继续；Key损坏时可换一个空白Key。"
    };
    let bound = job.key_serial.clone().map(|serial| {
        view! {
            <p class="key-bound">"本订单已绑定Key "<span class="number">{serial}</span>{rule}</p>
        }
    });
    let body = move || match seen.get() {
        None => view! { <p class="key-state">"正在查找证书Key…"</p> }.into_any(),
        Some(Err(error)) => {
            let advice = wording::key::of(&error);
            view! {
                <p class="key-state key-state-bad">{advice.what}</p>
                <p>{advice.todo}</p>
                <p class="key-code">"代码 "<code>{error.code()}</code></p>
            }
            .into_any()
        }
        Some(Ok(key)) => {
            let unfit = check_key(&job, &key).err().map(|error| {
                let advice = wording::key::of(&error);
                view! {
                    <p class="key-state key-state-bad">{advice.what}</p>
                    <p>{advice.todo}</p>
                }
            });
            let fit =
                unfit.is_none().then(|| view! { <p class="key-state key-state-good">"证书Key已就绪"</p> });
            view! { {fit} {unfit} <KeyFacts key /> }.into_any()
        }
    };
    view! {
        <section class="key-panel" aria-label="证书Key" aria-live="polite">
            <h2>"证书Key"</h2>
            {bound}
            {body}
        </section>
    }
}

#[component]
fn KeyFacts(key: KeySummary) -> impl IntoView {
    let state = match key.state {
        KeyState::Blank => "空白",
        KeyState::Personalised => "已有证书",
    };
    let name = key
        .certificate_name
        .map(|name| view! { <div class="case-fact"><dt>"证书名称"</dt><dd>{name}</dd></div> });
    let label = (!key.label.is_empty())
        .then(|| view! { <div class="case-fact"><dt>"标签"</dt><dd>{key.label}</dd></div> });
    view! {
        <dl class="key-facts">
            <div class="case-fact"><dt>"序列号"</dt><dd class="number">{key.serial}</dd></div>
            <div class="case-fact"><dt>"状态"</dt><dd>{state}</dd></div>
            {label}
            {name}
        </dl>
    }
}
