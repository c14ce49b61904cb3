//! The signer as a process of its own, here as a task behind a real socket: it goes away in the middle of the road, and
//! comes back (I16).

use crate::applicant::Applicant;
use crate::house::House;
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::production::{JobView, Personalisation};
use certificate::extension::Places;
use certificate::profile::OCSP_RESPONDER;
use certificate::{KeyKind, Name, NameParts};
use journey::step::Step;
use server::store::orders::OrderRow;
use signer::{Ceremony, Clock, Keyring, KeyringSettings, NewKey, SharedSecret, listen, system_clock};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::task::JoinHandle;

struct Apart {
    folder: TempDir,
    secret: SharedSecret,
    ring: Keyring,
    clock: Clock,
}

impl Apart {
    /// Authorities made by a ceremony, away from the office.
    async fn set_up() -> Apart {
        let made = tokio::task::spawn_blocking(|| {
            let folder = tempfile::tempdir().unwrap();
            let secret = SharedSecret::from_file_or_new(&folder.path().join("secret")).unwrap();
            let settings = KeyringSettings {
                key_dir: folder.path().join("keys"),
                passphrase_file: Some(folder.path().join("keys/passphrase")),
                log_file: folder.path().join("keys/acts.log"),
                demo: true,
                keys: BTreeMap::new(),
                devices: BTreeMap::new(),
            };
            let clock = system_clock();
            let mut ceremony = Ceremony::open(&settings, clock.clone()).unwrap();
            let (sm2, places) = (|| NewKey::File(KeyKind::Sm2), Places::default());
            ceremony.new_root("root", sm2(), &name("Root")).unwrap();
            ceremony.new_issuing("issuing", "root", sm2(), &name("Issuing"), &places).unwrap();
            let responder = name("Responder");
            ceremony
                .new_below("responder_issuing", "issuing", &OCSP_RESPONDER, sm2(), &responder, &places)
                .unwrap();
            drop(ceremony);
            let ring = Keyring::open(&settings, &secret, clock.clone()).unwrap();
            Apart { folder, secret, ring, clock }
        });
        made.await.unwrap()
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("signer.sock")
    }

    fn serve(&self) -> JoinHandle<()> {
        let listening = listen(&self.socket(), None).unwrap();
        let (ring, secret, clock) = (self.ring.clone(), self.secret.clone(), self.clock.clone());
        tokio::spawn(async move { listening.serve(ring, &secret, clock, std::future::pending()).await })
    }

    fn settings(&self) -> String {
        let folder = self.folder.path().display();
        format!(
            "codes_per_address_hour = 1000\n[signer]\nsocket_file = \"{folder}/signer.sock\"\n\
             secret_file = \"{folder}/secret\"\n"
        )
    }
}

fn name(common_name: &str) -> Name {
    let parts = NameParts { common_name: Some(common_name.into()), ..NameParts::default() };
    Name::from_parts(&parts).unwrap()
}

async fn states(house: &House, row: &OrderRow) -> Vec<(String, String)> {
    let mut reader = house.office.ground.store.read().await.unwrap();
    let states = "SELECT state, serial FROM certificates WHERE order_id = $1 ORDER BY slot";
    sqlx::query_as(states).bind(&row.id).fetch_all(&mut *reader).await.unwrap()
}

/// An order whose request the office took, and could not sign.
async fn broken_off() -> (Apart, House, Applicant, Vec<(String, String)>) {
    let apart = Apart::set_up().await;
    let serving = apart.serve();
    let house = House::open_with(&apart.settings()).await;
    house.staffed().await;
    let mut applicant = house.applicant();
    applicant.walk_to(Step::Review).await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    producer.take(&applicant.number).await.given::<JobView>();
    let mut bench = Workbench::set_up().await;
    let given: Personalisation = bench.ask(&producer, &applicant.number).await.given();
    let request = bench.personalise(&given).await;
    serving.abort();
    let _ = serving.await;
    let answer = bench.hand_in(&producer, &applicant.number, Some(&request)).await;
    assert!(answer.status >= 500, "{} {}", answer.status, answer.text());
    let row = house.row(&applicant.number).await;
    let reserved = states(&house, &row).await;
    assert_eq!(reserved.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["reserved", "reserved"]);
    assert_eq!(row.order.sign_serial, None);
    // The errand meant the same and must have heard of it too: none of its questions is still on the way.
    until("the errand to have failed", || async {
        house.errands_left().await.into_iter().find(|(_, _, tries, error)| *tries > 0 && error.is_some())
    })
    .await;
    (apart, house, applicant, reserved)
}

#[tokio::test]
async fn i16_an_order_whose_signer_went_away_is_taken_up_when_it_is_back() {
    let (apart, house, applicant, reserved) = broken_off().await;
    let _serving = apart.serve();
    house.town.clock.forward_minutes(11);
    house.office.sweep_once().await.unwrap();
    let row = house.row(&applicant.number).await;
    let signed = states(&house, &row).await;
    assert_eq!(signed.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["signed", "signed"]);
    let serials = |rows: &[(String, String)]| rows.iter().map(|one| one.1.clone()).collect::<Vec<_>>();
    assert_eq!(serials(&signed), serials(&reserved), "what was meant");
    assert_eq!(row.order.encrypt_serial.as_ref(), Some(&signed[0].1));
    assert_eq!(row.order.sign_serial.as_ref(), Some(&signed[1].1));
    house.journal_tells_the_row(&applicant.number).await;
}

#[tokio::test]
async fn i16_a_road_that_nobody_wants_any_more_is_put_aside() {
    let (apart, house, applicant, _) = broken_off().await;
    let row = house.row(&applicant.number).await;
    // Another key came meanwhile, or the order ended: nobody names these rows any more.
    let id = row.id.clone();
    let torn = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            let other = "UPDATE certificates SET spki_digest = 'of another key' WHERE order_id = $1 AND slot = 'sign'";
            sqlx::query(other).bind(id).execute(tx).await?;
            Ok::<_, server::store::StoreError>(())
        })
    });
    torn.await.unwrap();
    let _serving = apart.serve();
    house.town.clock.forward_minutes(11);
    house.office.sweep_once().await.unwrap();
    let states = states(&house, &row).await;
    assert!(states.iter().all(|one| one.0 == "discarded"), "{states:?}");
}
