//! What journeys do to certificates: a lost one goes on hold and is revoked, an old pair makes room, a pair that will not
//! reach its holder counts for nobody (R134, R135, R140).

use crate::house::House;
use crate::relying::{Relying, entry, pairs, reason};
use crate::review::usual;
use crate::status::prompt;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::production::{IssuedPair, JobView, Personalisation};
use certificate::revocation::Reason;
use certificate::status::Standing;
use journey::Fen;
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use journey::evidence::EvidenceKind;
use journey::party::Party;
use journey::payment::Channel;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use server::advance::{self, MoveError};
use server::store;

/// An order of a service whose pages are not open yet, moved through the one door.
async fn opened(house: &House, service: Service) -> String {
    let ground = house.office.ground.clone();
    let opened = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            advance::open(tx, &ground, service, Party::Person, Route::Usual, &Actor::Applicant).await
        })
    });
    opened.await.map(|row| row.id).unwrap_or_else(|error: MoveError| panic!("{error}"))
}

async fn moves(house: &House, id: &str, events: &[(Actor, Event)]) {
    for (actor, event) in events.iter().cloned() {
        let (ground, id) = (house.office.ground.clone(), id.to_owned());
        let said = format!("{event:?}");
        let moved = house.office.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &id).await?;
                advance::advance(tx, &ground, row, None, event, &actor).await
            })
        });
        moved.await.unwrap_or_else(|error: MoveError| panic!("{said}: {error}"));
    }
}

async fn until_reason(relying: &Relying, serial: &str, expected: Option<Reason>) {
    until("the standing", || async { (relying.reason(serial).await == expected).then_some(()) }).await;
}

fn payment(amount: Fen) -> Event {
    Event::PaymentReceived { attempt: "1".to_owned(), channel: Channel::Alipay, amount }
}

#[tokio::test]
async fn r134_r135_a_lost_certificate_goes_on_hold_and_is_revoked_with_the_approval() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let (sign, encrypt) = pairs(&house, "issuing", 1).await.remove(0);
    let (other, _) = pairs(&house, "issuing", 1).await.remove(0);
    assert_eq!(relying.standing(&sign).await, Standing::Good);
    let id = opened(&house, Service::Replacement).await;
    let chosen = Event::RecordChosen { certificate_serial: sign.clone(), suspend: true };
    moves(&house, &id, &[(Actor::Applicant, chosen)]).await;
    until_reason(&relying, &sign, Some(Reason::CertificateHold)).await;
    until_reason(&relying, &encrypt, Some(Reason::CertificateHold)).await;
    let digest = || "ab".repeat(32);
    let reviewer = || Actor::Reviewer(StaffId("r".to_owned()));
    let applicant = || Actor::Applicant;
    moves(
        &house,
        &id,
        &[
            (applicant(), Event::DetailsEntered { digest: digest(), method: None, price: Fen(8_000) }),
            (applicant(), Event::EvidenceAdded { kind: EvidenceKind::HolderId, file: "1".to_owned() }),
            (applicant(), Event::EvidenceSubmitted),
            (applicant(), Event::Signed { digest: digest() }),
            (Actor::Provider, payment(Fen(8_000))),
            (reviewer(), Event::ReviewClaimed),
        ],
    )
    .await;
    assert_eq!(
        relying.reason(&sign).await,
        Some(Reason::CertificateHold),
        "until the approval it may be found"
    );
    moves(&house, &id, &[(reviewer(), Event::ReviewPassed)]).await;
    for serial in [&sign, &encrypt] {
        until_reason(&relying, serial, Some(Reason::Superseded)).await;
    }
    assert_eq!(relying.standing(&other).await, Standing::Good);
    let life = house.office.status.life(&sign).await.unwrap();
    let mut reader = house.office.ground.store.read().await.unwrap();
    let number = store::orders::load(&mut reader, &id).await.unwrap().number;
    assert!(life.len() == 2 && life.iter().all(|line| line.by == number), "{life:?}");
}

#[tokio::test]
async fn a_renewed_pair_supersedes_the_old_one_once_it_lies_on_the_key() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let (sign, encrypt) = pairs(&house, "issuing", 1).await.remove(0);
    let id = opened(&house, Service::Renewal).await;
    let digest = || "ab".repeat(32);
    let key_serial = || "K1".to_owned();
    let login = Event::KeyLoggedIn { key_serial: key_serial(), certificate_serial: sign.clone() };
    let applicant = || Actor::Applicant;
    moves(
        &house,
        &id,
        &[
            (applicant(), login),
            (applicant(), Event::DetailsEntered { digest: digest(), method: None, price: Fen(20_000) }),
            (applicant(), Event::PhoneChecked),
            (applicant(), Event::DetailsConfirmed { digest: digest() }),
            (Actor::Provider, payment(Fen(20_000))),
            (applicant(), Event::PairGenerated { key_serial: key_serial(), spki_digest: "cd".to_owned() }),
            (
                Actor::Office,
                Event::PairIssued {
                    spki_digest: "cd".to_owned(),
                    sign_serial: "4c01".to_owned(),
                    encrypt_serial: "4c02".to_owned(),
                },
            ),
        ],
    )
    .await;
    assert_eq!(relying.standing(&sign).await, Standing::Good, "until the new pair is proven on the key");
    moves(&house, &id, &[(applicant(), Event::PairLoaded { key_serial: key_serial() })]).await;
    for serial in [&sign, &encrypt] {
        until_reason(&relying, serial, Some(Reason::Superseded)).await;
    }
}

#[tokio::test]
async fn r140_what_is_signed_counts_when_it_is_proven_and_is_revoked_when_it_goes_to_nobody() {
    let (house, mut applicant) = usual().await;
    let relying = Relying::on(&house, "issuing");
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    let mut bench = Workbench::set_up().await;
    producer.take(&applicant.number).await.given::<JobView>();
    let given: Personalisation = bench.ask(&producer, &applicant.number).await.given();
    let request = bench.personalise(&given).await;
    let pair: IssuedPair = bench.hand_in(&producer, &applicant.number, Some(&request)).await.given();
    let order = house.row(&applicant.number).await.order;
    let (sign, encrypt) = (order.sign_serial.unwrap(), order.encrypt_serial.unwrap());
    // Signed, and nobody may rely on it yet.
    assert_eq!(relying.standing(&sign).await, Standing::Unknown);
    bench.install(&pair).await;
    let proof = bench.read_back(&pair).await;
    bench.prove(&producer, &applicant.number, &proof).await.given::<JobView>();
    until_good(&relying, &[&sign, &encrypt]).await;
    // The errand behind it comes late: it finds what stands, and leaves it.
    let late = house.office.issuing.issue(&house.row(&applicant.number).await.id).await.unwrap();
    assert_eq!((late.sign.serial_hex(), late.encrypt.serial_hex()), (sign.clone(), encrypt.clone()));
    assert_eq!((relying.reason(&sign).await, relying.reason(&encrypt).await), (None, None));
    // The office takes the order back before the key leaves: it will not reach its holder.
    let id = house.row(&applicant.number).await.id;
    moves(&house, &id, &[(Actor::Finance(StaffId("f".to_owned())), Event::Withdrawn)]).await;
    for serial in [&sign, &encrypt] {
        until_reason(&relying, serial, Some(Reason::Superseded)).await;
    }
    house.town().clock.forward_s(40);
    let both = |list: &_| entry(list, &sign).is_some() && entry(list, &encrypt).is_some();
    let full = relying.until_list(false, "the list with the pair", both).await;
    assert_eq!(reason(&full, &sign), Some(Reason::Superseded));
    let facts = house.office.status.facts(&sign).await.unwrap().unwrap();
    assert_eq!(facts.status, journey::eligibility::CertificateStatus::Revoked);
}

async fn until_good(relying: &Relying, serials: &[&String]) {
    for serial in serials {
        until("the standing", || async { (relying.standing(serial).await == Standing::Good).then_some(()) })
            .await;
    }
}

#[tokio::test]
async fn an_order_that_names_nothing_of_ours_moves_nothing() {
    let house = prompt().await;
    let id = opened(&house, Service::Replacement).await;
    let chosen = Event::RecordChosen { certificate_serial: "4a0b".to_owned(), suspend: true };
    moves(&house, &id, &[(Actor::Applicant, chosen)]).await;
    let given_up = until("the errand", || async {
        let left = house.errands_left().await;
        left.into_iter().find(|(kind, state, ..)| kind == "suspend_certificate" && state == "given_up")
    })
    .await;
    assert!(given_up.3.unwrap().contains("4a0b"));
}
