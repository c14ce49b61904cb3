//! The order on the page and the one way an answer of the office reaches it.

use crate::browser;
use crate::desk::DeskError;
use crate::desk::orders::{Act, OrderView, act_on_order, view_order};
use crate::wording;
use journey::event::EventKind;
use journey::moves::Move;
use journey::order::Standing;
use journey::route::Route;
use journey::service::Service;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What every step of the page shares.
#[derive(Clone, Copy)]
pub struct Counter {
    pub order: RwSignal<OrderView>,
    /// What went wrong with the last thing asked; gone with the next success.
    pub trouble: RwSignal<Option<DeskError>>,
    /// An answer is awaited: buttons rest.
    pub busy: RwSignal<bool>,
    /// The handlers are attached; until then every control rests.
    pub alive: ReadSignal<bool>,
    /// The order moved while the page was open: the step was reached by going, not by opening the page.
    pub moved: RwSignal<bool>,
    pub standing: Memo<Standing>,
}

impl Counter {
    pub fn open(view: OrderView) -> Counter {
        let order = RwSignal::new(view);
        let counter = Counter {
            order,
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            alive: browser::use_alive(),
            moved: RwSignal::new(false),
            standing: Memo::new(move |_| order.with(|order| order.standing)),
        };
        counter.follow_steps();
        counter
    }

    /// On a new step the page begins at its heading, also for the eyes and the screen reader.
    fn follow_steps(self) {
        Effect::new(move |before: Option<Standing>| {
            let standing = self.standing.get();
            if before.is_some_and(|before| before != standing) {
                browser::scroll_to_top();
                browser::focus("#step-heading");
            }
            standing
        });
    }

    pub fn number(self) -> String {
        self.order.with_untracked(|order| order.number.clone())
    }

    pub fn service(self) -> Service {
        self.order.with_untracked(|order| order.service)
    }

    /// A20: with the papers of an application.
    pub fn is_late_renewal(self) -> bool {
        self.order
            .with_untracked(|order| (order.service, order.route) == (Service::Renewal, Route::WithEvidence))
    }

    pub fn version(self) -> i64 {
        self.order.with_untracked(|order| order.version)
    }

    /// Nothing may be pressed now.
    pub fn resting(self) -> bool {
        !self.alive.get() || self.busy.get()
    }

    /// An answer is here: show the order as it now stands, or what went wrong.
    pub fn take(self, answer: Result<OrderView, DeskError>) {
        self.busy.try_set(false);
        match answer {
            Ok(view) => {
                self.trouble.try_set(None);
                self.show(view);
            }
            Err(error) => {
                // The order is elsewhere than this page thinks (R158): keep the message, show the truth.
                if matches!(error, DeskError::Changed | DeskError::Refused(_)) {
                    self.refresh();
                }
                self.trouble.try_set(Some(error));
                browser::focus(".trouble");
            }
        }
    }

    /// Puts a newer view on the page; an older one (a slow poll) is dropped.
    pub fn show(self, view: OrderView) {
        let known = self.order.try_with_untracked(|order| (order.version, order.standing));
        let Some((version, standing)) = known else { return };
        if view.version < version {
            return;
        }
        if view.standing != standing {
            self.moved.set(true);
        }
        self.order.set(view);
    }

    /// Asks the office how the order stands, and says nothing if it cannot be asked.
    pub fn refresh(self) {
        let number = self.number();
        spawn_local(async move {
            if let Ok(view) = view_order(number).await {
                self.show(view);
            }
        });
    }

    /// The applicant's move on this event, if the rule book offers it now.
    pub fn find_move(self, event: EventKind) -> Option<Move> {
        self.order.with(|order| order.moves.iter().find(|offered| offered.event == event).cloned())
    }

    pub fn act(self, act: Act) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let (number, version) = (self.number(), self.version());
        spawn_local(async move { self.take(act_on_order(number, version, act).await) });
    }

    /// Looks every few seconds whether the order moved, while somebody looks at the page.
    pub fn watch(self, every_millis: u64) {
        browser::every(every_millis, move || {
            if browser::in_front() && browser::online() {
                self.refresh();
            }
        });
    }
}

/// A button of the rule book: there only while the move is offered, resting with its reason while something is missing.
#[component]
pub fn MoveButton(
    counter: Counter,
    event: EventKind,
    act: Act,
    #[prop(optional)] leads: bool,
) -> impl IntoView {
    let offered = Memo::new(move |_| counter.find_move(event));
    let blocked =
        move || offered.with(|offered| offered.as_ref().is_some_and(|offered| offered.blocked.is_some()));
    let words = move || offered.with(|offered| offered.as_ref().map(|offered| offered.words.clone()));
    view! {
        <Show when=move || offered.with(Option::is_some)>
            <button
                type="button"
                class=if leads { "button button-primary button-large" } else { "button" }
                disabled=move || counter.resting() || blocked()
                on:click=move |_| counter.act(act)
            >
                {words}
            </button>
        </Show>
    }
}

/// Why a move that is offered cannot be made yet.
#[component]
pub fn MoveBlocked(counter: Counter, event: EventKind) -> impl IntoView {
    let why = move || counter.find_move(event).and_then(|offered| offered.blocked);
    move || why().map(|refusal| view! { <p class="blocked" role="status">{wording::refusal(&refusal)}</p> })
}
