//! Nothing typed is lost (R004): each change goes to this computer at once and to the office a moment later; the copy
//! here goes when the office has said that it holds the same.

use super::counter::Counter;
use super::form::Form;
use crate::browser;
use crate::desk::DeskError;
use crate::desk::orders::keep_draft;
use journey::details::DetailsForm;
use journey::moment::Moment;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// A pause in typing after which the draft goes to the office.
const PAUSE: Duration = Duration::from_millis(900);
/// How often a draft that the office does not hold yet is sent again.
const AGAIN_MILLIS: u64 = 8_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Saving {
    #[default]
    Idle,
    Busy,
    Saved(Moment),
    /// Only on this computer so far.
    Here,
    /// Found on this computer and put back into the form.
    Restored,
}

#[derive(Clone, Copy)]
pub struct Draft {
    pub saving: RwSignal<Saving>,
    counter: Counter,
    form: Form,
    /// Counts changes: a pause is over when nothing was changed since.
    change: StoredValue<u64>,
}

fn key(number: &str) -> String {
    format!("certhall-draft-{number}")
}

impl Draft {
    /// Puts back what the office never got, then follows every change.
    pub fn follow(counter: Counter, form: Form) -> Draft {
        let draft = Draft { saving: RwSignal::new(Saving::Idle), counter, form, change: StoredValue::new(0) };
        Effect::new(move |first: Option<()>| {
            // What was restored is a change too: the office does not hold it yet.
            let changed = first.is_some() || draft.restore();
            let text = form.values.with(|values| serde_json::to_string(values).ok());
            if let Some(text) = text.filter(|_| changed) {
                draft.changed(&text);
            }
        });
        browser::every(AGAIN_MILLIS, move || {
            if draft.saving.get_untracked() == Saving::Here && browser::online() {
                draft.send();
            }
        });
        draft
    }

    /// True where this computer held something newer than the office.
    fn restore(self) -> bool {
        let kept = browser::recall(&key(&self.counter.number()));
        let kept = kept.and_then(|text| serde_json::from_str::<DetailsForm>(&text).ok());
        let newer = kept.filter(|kept| self.form.values.with_untracked(|values| values != kept));
        let found = newer.is_some();
        if let Some(kept) = newer {
            self.form.values.set(kept);
            self.saving.set(Saving::Restored);
        }
        found
    }

    fn changed(self, text: &str) {
        browser::keep(&key(&self.counter.number()), text);
        self.change.update_value(|change| *change += 1);
        let change = self.change.get_value();
        let send = move || {
            if self.change.try_get_value() == Some(change) {
                self.send();
            }
        };
        set_timeout(send, PAUSE);
    }

    fn send(self) {
        let (number, change) = (self.counter.number(), self.change.get_value());
        let values = self.form.values.get_untracked();
        self.saving.set(Saving::Busy);
        spawn_local(async move {
            let answer = keep_draft(number.clone(), values).await;
            if self.change.try_get_value() != Some(change) {
                return; // Typed on meanwhile: the next pause sends the rest.
            }
            match answer {
                Ok(at) => {
                    browser::forget(&key(&number));
                    self.saving.try_set(Saving::Saved(at));
                }
                Err(error) => {
                    self.saving.try_set(Saving::Here);
                    // The order stands elsewhere by now: show where, without taking the focus from who types.
                    if matches!(error, DeskError::Changed | DeskError::Refused(_)) {
                        self.counter.refresh();
                    }
                    if !matches!(error, DeskError::Offline | DeskError::SlowDown { .. }) {
                        self.counter.trouble.try_set(Some(error));
                    }
                }
            }
        });
    }

    /// The office holds the entered form: the copy here has no more use.
    pub fn settled(self) {
        self.change.update_value(|change| *change += 1);
        browser::forget(&key(&self.counter.number()));
    }
}

/// `已保存 10:31`.
#[component]
pub fn SavingLine(draft: Draft) -> impl IntoView {
    let text = move || match draft.saving.get() {
        Saving::Idle => "填写内容会自动保存".to_owned(),
        Saving::Busy => "正在保存…".to_owned(),
        Saving::Saved(at) => {
            let at = at.beijing();
            format!("已保存 {:02}:{:02}", at.hour(), at.minute())
        }
        Saving::Here => "已保存在本机，联网后自动上传".to_owned(),
        Saving::Restored => "已恢复您上次填写的内容".to_owned(),
    };
    view! { <p class="saving number" role="status">{text}</p> }
}
