//! Plays an order: what would happen next if all went well, by whom, and the shorthand of the stories.

use journey::{order::PasscodeState, *};

pub const PRICE: Fen = Fen(20_000);
pub const START: Moment = Moment::from_millis(1_795_000_000_000); // 2026-11-18, Beijing

pub fn reviewer(name: &str) -> Actor {
    Actor::Reviewer(StaffId(name.to_owned()))
}

pub fn producer(name: &str) -> Actor {
    Actor::Producer(StaffId(name.to_owned()))
}

pub fn dispatcher() -> Actor {
    Actor::Dispatcher(StaffId("d1".to_owned()))
}

pub fn finance() -> Actor {
    Actor::Finance(StaffId("f1".to_owned()))
}

pub fn actor_of(role: Role) -> Actor {
    match role {
        Role::Applicant => Actor::Applicant,
        Role::Reviewer => reviewer("r1"),
        Role::Producer => producer("p1"),
        Role::Dispatcher => dispatcher(),
        Role::Finance => finance(),
        Role::Provider => Actor::Provider,
        Role::Office => Actor::Office,
    }
}

/// An order with its journal and everything that was ordered to be done.
#[derive(Clone)]
pub struct Play {
    pub order: Order,
    pub journal: Vec<Entry>,
    pub done: Vec<Effect>,
    pub calendar: Calendar,
    pub now: Moment,
}

impl Play {
    pub fn open(service: Service, party: Party, route: Route) -> Play {
        let event = Event::Opened { service, party, route };
        let order = open(&event, &Actor::Applicant, START).unwrap().order;
        let journal = vec![Entry { event, actor: Actor::Applicant, at: START }];
        Play { order, journal, done: Vec::new(), calendar: Calendar::official(), now: START }
    }

    pub fn application() -> Play {
        Play::open(Service::Application, Party::Organisation, Route::Usual)
    }

    /// Tells the order; a refusal leaves everything as it was.
    pub fn tell(&mut self, event: Event, actor: Actor) -> Result<Vec<Effect>, Refusal> {
        let before = self.order.clone();
        match advance(&self.order, &event, &actor, self.now, &self.calendar) {
            Ok(Advance { order, effects }) => {
                self.order = order;
                self.done.extend(effects.clone());
                self.journal.push(Entry { event, actor, at: self.now });
                self.now = self.now.plus_minutes(1);
                Ok(effects)
            }
            Err(refusal) => {
                assert_eq!(self.order, before, "a refusal leaves the order alone");
                Err(refusal)
            }
        }
    }

    /// Tells what must be allowed.
    #[track_caller]
    pub fn must(&mut self, event: Event, actor: Actor) -> Vec<Effect> {
        let (standing, kind) = (self.order.standing, event.kind());
        match self.tell(event, actor) {
            Ok(effects) => effects,
            Err(refusal) => panic!("{kind:?} at {standing:?} was refused: {refusal:?}"),
        }
    }

    /// Lets all go well until the order stands at this step.
    #[track_caller]
    pub fn to(mut self, step: Step) -> Play {
        self.onward_to(step);
        self
    }

    #[track_caller]
    pub fn onward_to(&mut self, step: Step) {
        while self.order.step() != Some(step) {
            let (event, actor) = next(&self.order).expect("the itinerary ends before the step");
            self.must(event, actor);
        }
    }

    /// Lets all go well to the end.
    pub fn finish(&mut self) {
        while let Some((event, actor)) = next(&self.order) {
            self.must(event, actor);
        }
    }

    #[track_caller]
    pub fn stands_at(&self, step: Step) {
        assert_eq!(self.order.standing, Standing::Open(step));
    }
}

pub fn payment(attempt: &str) -> Event {
    Event::PaymentReceived { attempt: attempt.to_owned(), channel: Channel::Alipay, amount: PRICE }
}

pub fn details(digest: &str) -> Event {
    let method = Some(IdentityMethod::LegalPersonPhone);
    Event::DetailsEntered { digest: digest.to_owned(), method, price: PRICE }
}

pub fn returned(items: &[ReturnTarget]) -> Event {
    let item =
        |item: &ReturnTarget| ReturnItem { item: item.clone(), reason: ReturnReason::Unreadable, note: None };
    Event::ReviewReturned { items: items.iter().map(item).collect() }
}

/// The next thing that happens to an order when all goes well; `None` at an end.
pub fn next(order: &Order) -> Option<(Event, Actor)> {
    let digest = || order.digest.clone().unwrap_or_default();
    let key = || order.key_serial.clone().unwrap_or_else(|| "K1".to_owned());
    let applicant = |event| (event, Actor::Applicant);
    let price = if order.service.is_free() { Fen::ZERO } else { PRICE };
    let at_review = |event| match &order.claimed_by {
        None => (Event::ReviewClaimed, reviewer("r1")),
        Some(staff) => (event, Actor::Reviewer(staff.clone())),
    };
    Some(match order.step()? {
        Step::KeyLogin => {
            applicant(Event::KeyLoggedIn { key_serial: "K1".into(), certificate_serial: "C1".into() })
        }
        Step::KeyPresence => applicant(Event::KeyPresented { key_serial: "K1".into() }),
        Step::Record => applicant(Event::RecordChosen { certificate_serial: "C1".into(), suspend: true }),
        Step::Details => applicant(Event::DetailsEntered {
            digest: "d1".into(),
            method: Some(IdentityMethod::CompanyTransfer),
            price,
        }),
        Step::Confirm => applicant(Event::DetailsConfirmed { digest: digest() }),
        Step::Evidence => {
            let required = evidence::required(order.service, order.party, order.route);
            match required.iter().find(|kind| !order.evidence.contains_key(kind)) {
                Some(&kind) => applicant(Event::EvidenceAdded { kind, file: format!("{}.jpg", kind.code()) }),
                None => applicant(Event::EvidenceSubmitted),
            }
        }
        Step::PhoneCheck => applicant(Event::PhoneChecked),
        Step::IdentityCheck => (Event::IdentityPassed, Actor::Provider),
        Step::Signature => applicant(Event::Signed { digest: digest() }),
        Step::Payment => (payment("A1"), Actor::Provider),
        Step::Review => at_review(Event::ReviewPassed),
        Step::Settlement => (Event::TransferMatched { line: "L1".into(), amount: PRICE }, finance()),
        Step::Passcode if order.passcode == PasscodeState::Sealed => (Event::PasscodeSent, Actor::Provider),
        Step::Passcode => (Event::PasscodeSealed, Actor::Office),
        Step::Production => produce(order),
        Step::Dispatch => (Event::Shipped { courier: "SF".into(), waybill: "SF1".into() }, dispatcher()),
        Step::Receipt => applicant(Event::Received),
        Step::Issuing if order.spki_digest.is_some() => (issued(order), Actor::Office),
        Step::Issuing => applicant(Event::PairGenerated { key_serial: key(), spki_digest: "s1".into() }),
        Step::Loading => applicant(Event::PairLoaded { key_serial: key() }),
        Step::PinReset => applicant(Event::PinReset { key_serial: key() }),
    })
}

/// The producer's next handle; never by the one who reviewed (R137).
fn produce(order: &Order) -> (Event, Actor) {
    let Some(staff) = &order.produced_by else { return (Event::JobTaken, producer("p1")) };
    let by = Actor::Producer(staff.clone());
    match (&order.spki_digest, &order.sign_serial, &order.key_serial) {
        (None, ..) => (Event::PairGenerated { key_serial: "K1".into(), spki_digest: "s1".into() }, by),
        (Some(_), None, _) => (issued(order), Actor::Office),
        (Some(_), Some(_), key) => (Event::KeyVerified { key_serial: key.clone().unwrap_or_default() }, by),
    }
}

/// Certificates for the pair of the order; their serials follow from it.
pub fn issued(order: &Order) -> Event {
    let spki_digest = order.spki_digest.clone().unwrap_or_default();
    Event::PairIssued {
        sign_serial: format!("sign-{spki_digest}"),
        encrypt_serial: format!("encrypt-{spki_digest}"),
        spki_digest,
    }
}
