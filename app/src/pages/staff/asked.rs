//! What a page asked the office for: not there yet, there, or refused; asked again whenever the page wants.
//!
//! Staff pages ask from the browser only: what they show is personal and has no place in a rendered document.

use super::session::{Session, use_session};
use crate::browser;
use crate::components::notice::{Notice, Tone};
use crate::components::skeleton::Skeleton;
use crate::desk::DeskError;
use crate::wording;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;

type Fetch<T> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, DeskError>>>>>;

pub struct Asked<T: Send + Sync + 'static> {
    answer: RwSignal<Option<Result<T, DeskError>>>,
    asking: RwSignal<bool>,
    round: StoredValue<u32>,
    session: Session,
    fetch: StoredValue<Fetch<T>, LocalStorage>,
}

impl<T: Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asked<T> {}

impl<T: Clone + Send + Sync + 'static> Asked<T> {
    /// Asks at once when the page has arrived in the browser.
    pub fn new<F>(fetch: impl Fn() -> F + 'static) -> Self
    where
        F: Future<Output = Result<T, DeskError>> + 'static,
    {
        let fetch: Fetch<T> = Box::new(move || Box::pin(fetch()));
        let asked = Asked {
            answer: RwSignal::new(None),
            asking: RwSignal::new(false),
            round: StoredValue::new(0),
            session: use_session(),
            fetch: StoredValue::new_local(fetch),
        };
        Effect::new(move || asked.again());
        asked
    }

    /// Asks again; the old answer stays on the page until the new one is there.
    pub fn again(self) {
        let Some(question) = self.fetch.try_with_value(|fetch| fetch()) else { return };
        let round = self.next_round();
        self.asking.try_set(true);
        spawn_local(async move {
            let answer = question.await;
            // The page was left, or has asked again meanwhile: this answer is of no use.
            if self.round.try_get_value() != Some(round) {
                return;
            }
            if let Err(error) = &answer {
                self.session.heed(error);
            }
            self.asking.try_set(false);
            self.answer.try_set(Some(answer));
        });
    }

    /// The answer came another way (a move gives the new view): it stands from now on.
    pub fn put(self, value: T) {
        self.next_round();
        self.asking.try_set(false);
        self.answer.try_set(Some(Ok(value)));
    }

    pub fn get(self) -> Option<Result<T, DeskError>> {
        self.answer.get()
    }

    /// The answer in `view`; until it is there as many grey `lines`, and where there is none the reason and 重试.
    pub fn shown<V: IntoView + 'static>(
        self,
        lines: u8,
        view: impl Fn(T) -> V + Send + Sync + 'static,
    ) -> impl IntoView {
        move || match self.get() {
            None => view! { <Skeleton lines /> }.into_any(),
            Some(Err(error)) => view! {
                <Notice tone=Tone::Bad>
                    <p>{wording::desk_error(&error)}</p>
                    <button type="button" class="button" on:click=move |_| self.again()>"重试"</button>
                </Notice>
            }
            .into_any(),
            Some(Ok(value)) => view(value).into_any(),
        }
    }

    /// Asks again every so many milliseconds while the page is in front.
    pub fn every(self, millis: u64) {
        browser::every(millis, move || {
            if browser::in_front() {
                self.again();
            }
        });
    }

    pub fn asking(self) -> bool {
        self.asking.get()
    }

    fn next_round(self) -> u32 {
        let mut now = 0;
        let _ = self.round.try_update_value(|round| {
            *round = round.wrapping_add(1);
            now = *round;
        });
        now
    }
}
