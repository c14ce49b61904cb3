//! Nothing typed is lost (R004): each change goes to this computer at once and to the office a moment later; the copy
//! here goes when the office has said that it holds the same. Where another tab or device has written meanwhile, the person
//! says whose words count (R158).

use super::counter::Counter;
use super::form::Form;
use crate::browser;
use crate::components::notice::{Notice, Tone};
use crate::desk::DeskError;
use crate::desk::orders::{OrderView, keep_draft, view_order};
use journey::details::DetailsForm;
use journey::moment::Moment;
use journey::order::Standing;
use journey::step::Step;
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
    /// Names what the office holds, as far as this page knows.
    mark: StoredValue<String>,
    /// What this page sent last: its own words are no conflict.
    sent: StoredValue<Option<DetailsForm>>,
    /// The order as somebody else has filled it in meanwhile.
    pub conflict: RwSignal<Option<OrderView>>,
}

fn key(number: &str) -> String {
    format!("certhall-draft-{number}")
}

impl Draft {
    /// Puts back what the office never got, then follows every change.
    pub fn follow(counter: Counter, form: Form) -> Draft {
        let draft = Draft {
            saving: RwSignal::new(Saving::Idle),
            counter,
            form,
            change: StoredValue::new(0),
            mark: StoredValue::new(counter.order.with_untracked(|order| order.draft_mark.clone())),
            sent: StoredValue::new(None),
            conflict: RwSignal::new(None),
        };
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

    /// The mark of what this page began with.
    pub fn mark(self) -> Option<String> {
        Some(self.mark.get_value()).filter(|mark| !mark.is_empty())
    }

    fn send(self) {
        if self.conflict.with_untracked(Option::is_some) {
            return;
        }
        let (number, change) = (self.counter.number(), self.change.get_value());
        let values = self.form.values.get_untracked();
        self.saving.set(Saving::Busy);
        let mark = self.mark();
        self.sent.set_value(Some(values.clone()));
        spawn_local(async move {
            let answer = keep_draft(number.clone(), mark, values).await;
            if let Ok(kept) = &answer {
                self.mark.try_set_value(kept.mark.clone());
            }
            if self.change.try_get_value() != Some(change) {
                return; // Typed on meanwhile: the next pause sends the rest.
            }
            match answer {
                Ok(kept) => {
                    browser::forget(&key(&number));
                    self.saving.try_set(Saving::Saved(kept.at));
                }
                Err(DeskError::Changed) => {
                    self.saving.try_set(Saving::Here);
                    self.changed_elsewhere(move || self.send()).await;
                }
                Err(error) => {
                    self.saving.try_set(Saving::Here);
                    // The order stands elsewhere by now: show where, without taking the focus from who types.
                    if matches!(error, DeskError::Refused(_)) {
                        self.counter.refresh();
                    }
                    if !matches!(error, DeskError::Offline | DeskError::SlowDown { .. }) {
                        self.counter.trouble.try_set(Some(error));
                    }
                }
            }
        });
    }

    /// The office holds something else than this page began with. Where that is this page's own last word (its answer was
    /// overtaken), `again` goes on; where it is somebody else's, the person decides.
    pub async fn changed_elsewhere(self, again: impl FnOnce()) {
        let Ok(view) = view_order(self.counter.number()).await else { return };
        if view.standing != Standing::Open(Step::Details) {
            return self.counter.show(view);
        }
        let own = self.sent.try_with_value(|sent| sent.as_ref() == Some(&view.details));
        if own == Some(true) {
            self.mark.try_set_value(view.draft_mark);
            again();
        } else {
            self.conflict.try_set(Some(view));
        }
    }

    fn take_theirs(self) {
        let Some(view) = self.conflict.get_untracked() else { return };
        self.mark.set_value(view.draft_mark);
        self.form.values.set(view.details);
        self.conflict.set(None);
    }

    fn keep_mine(self) {
        let Some(view) = self.conflict.get_untracked() else { return };
        self.mark.set_value(view.draft_mark);
        self.conflict.set(None);
        self.send();
    }

    /// The office holds the entered form: the copy here has no more use.
    pub fn settled(self) {
        self.change.update_value(|change| *change += 1);
        browser::forget(&key(&self.counter.number()));
    }
}

/// Two tabs, or two people, at one form.
#[component]
pub fn Conflict(draft: Draft) -> impl IntoView {
    view! {
        <div role="alert">
            <Show when=move || draft.conflict.with(Option::is_some)>
                <Notice tone=Tone::Warning title="这份申请刚刚在另一个窗口或设备上修改过">
                    <p>"您在这里填写的内容仍然保留，请选择以哪一份为准。"</p>
                    <p class="actions">
                        <button type="button" class="button" on:click=move |_| draft.take_theirs()>
                            "载入另一处的内容"
                        </button>
                        <button type="button" class="button button-primary" on:click=move |_| draft.keep_mine()>
                            "保留这里的内容"
                        </button>
                    </p>
                </Notice>
            </Show>
        </div>
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
