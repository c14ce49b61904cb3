//! Pull the key any time (B05): a paid renewal is broken off at every act of its writing, in each of five ways, and ends
//! every time as if nothing had happened: written, paid once, one active pair, and what was encrypted before still opens.

use crate::browser::Browser;
use crate::key_holder::KeyHolder;
use crate::key_writing::Broken;
use crate::program::Program;
use crate::town::{Town, until};
use certificate::{Certificate, cipher};
use journey::payment::Channel;
use journey::replay::replay;
use journey::{Calendar, order::Standing};
use key::key::Slot;
use key::soft::{Faults, PowerCut};
use server::clock::{Dice, SystemEntropy};
use server::store::{self, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Before the so-manieth command, counted over the whole writing.
    Unplugged,
    PowerCut {
        done: bool,
    },
    TabClosed,
    HelperKilled,
    OfficeKilled,
}

/// A paid renewal that nobody has begun to write, kept so that it can be begun again and again.
struct Paid {
    town: Arc<Town>,
    holder: KeyHolder,
    kept: tempfile::TempDir,
    /// With the visit of then.
    browser: Browser,
    /// Encrypted for the certificate of before.
    bid: (Vec<u8>, [u8; 65]),
}

const BID: &[u8] = b"a bid that nobody opened yet";

impl Paid {
    async fn made() -> Paid {
        let (house, mut holder) = KeyHolder::since(300).await;
        holder.renew_up_to_the_writing(Channel::Alipay).await;
        house.errands_rest().await;
        house.town.clock.forward_s(-25);
        let old =
            Certificate::from_der(&holder.certificate(Slot::Encrypt).await).unwrap().public_key().unwrap();
        let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
        let bid = (cipher::encrypt(&old, BID, &mut dice).unwrap(), old.to_point());
        holder.helper_dies();
        let town = Box::pin(house.close()).await;
        // What of that office still ends in the background must not write into the next one's folder.
        let settings = &town.settings_files()[0];
        let text = std::fs::read_to_string(settings).unwrap();
        std::fs::write(settings, text.replace("data_dir = \"office\"", "data_dir = \"again\"")).unwrap();
        let kept = tempfile::tempdir().unwrap();
        copy(&town.data(), &kept.path().join("office"));
        keep_database(&town.data(), &kept.path().join("office")).await;
        copy(&holder.keys(), &kept.path().join("keys"));
        let browser = holder.browser.copy();
        Paid { town, holder, kept, browser, bid }
    }

    /// Everything as it was when the money had come.
    fn put_back(&mut self) {
        self.holder.helper_dies();
        self.holder.browser = self.browser.copy();
        for (from, to) in [("office", data(&self.town)), ("keys", self.holder.keys())] {
            if to.exists() {
                std::fs::remove_dir_all(&to).unwrap();
            }
            copy(&self.kept.path().join(from), &to);
        }
    }

    /// One writing, broken off there, and then gone on with. `false`: it was over before.
    async fn survives(&mut self, way: Way, point: u32) -> bool {
        self.put_back();
        let mut office = Program::take_over(self.town.clone()).await;
        let what = format!("{way:?} at {point}");
        let (serial, number) = (self.holder.serial.clone(), self.holder.number.clone());
        match way {
            Way::Unplugged => {
                let faults = Faults { remove_after: Some(point), ..Faults::default() };
                self.holder.drawer.set_faults(&serial, faults).unwrap();
            }
            Way::PowerCut { done } => {
                let cut = PowerCut { after: point, done };
                let faults = Faults { power_cut: Some(cut), ..Faults::default() };
                self.holder.drawer.set_faults(&serial, faults).unwrap();
            }
            Way::TabClosed | Way::HelperKilled | Way::OfficeKilled => {}
        }
        let mut acts = 0;
        let broken = {
            let office = &mut office;
            let mut cut = |_: &str| {
                acts += 1;
                match way {
                    Way::OfficeKilled if acts == point + 1 => {
                        office.kill();
                        Ok(())
                    }
                    Way::TabClosed | Way::HelperKilled if acts == point + 1 => {
                        Err(Broken::Office("gone".into()))
                    }
                    _ => Ok(()),
                }
            };
            self.holder.write(&mut cut).await
        };
        if broken.is_ok() && way != Way::OfficeKilled {
            office.kill();
            return false;
        }
        let over = broken.is_ok();
        self.holder.helper_dies();
        self.holder.drawer.set_faults(&serial, Faults::default()).unwrap();
        self.holder.drawer.insert(&serial).unwrap();
        match way {
            Way::OfficeKilled if acts > point => office.start_again().await,
            // Another tab knows nothing: the key leads it to the same order.
            Way::TabClosed if point + 1 < ACTS => {
                self.holder.elsewhere();
                self.holder.start(journey::service::Service::Renewal).await.given::<String>();
                self.holder.log_in().await.given::<String>();
                assert_eq!(self.holder.number, number, "{what}");
            }
            _ => {}
        }
        self.holder.write(&mut |_| Ok(())).await.unwrap_or_else(|broken| panic!("{what}: {broken:?}"));
        self.ended_well(&mut office, &what).await;
        !over
    }

    async fn ended_well(&mut self, office: &mut Program, what: &str) {
        assert_eq!(self.holder.see().await.standing, Standing::Completed, "{what}");
        // The errands behind it are the office's own matter: they end, whoever was killed.
        let sign = Certificate::from_der(&self.holder.certificate(Slot::Sign).await).unwrap().serial_hex();
        until("the new pair to count", || async {
            let pair = self.holder.browser.call("trust/view", serde_json::json!({})).await;
            assert_eq!(pair.status, 200);
            (states(&self.town).await.iter().any(|(serial, state)| *serial == sign && state == "active"))
                .then_some(())
        })
        .await;
        let on_key = states(&self.town).await;
        let active: Vec<&String> =
            on_key.iter().filter(|(_, state)| state == "active").map(|(serial, _)| serial).collect();
        assert_eq!(active, [&sign], "I4, {what}: {on_key:?}");
        assert_eq!(on_key[0].1, "revoked", "{what}: the old pair is superseded");
        let (cipher, point) = &self.bid;
        assert_eq!(self.holder.decrypt_with_any(point, cipher).await, BID, "B02, {what}");
        office.kill();
        let store = Store::open(&data(&self.town).join("office.db")).await.unwrap();
        let mut reader = store.read().await.unwrap();
        let row = store::orders::find_by_number(&mut reader, &self.holder.number).await.unwrap().unwrap();
        let journal = store::journal::list(&mut reader, &row.id).await.unwrap();
        assert_eq!(replay(&journal, &Calendar::official()).unwrap(), row.order, "{what}");
        let attempts = store::attempts::list_for_order(&mut reader, &row.id).await.unwrap();
        let paid = attempts.iter().filter(|one| one.state.code() == "paid").count();
        assert_eq!((attempts.len(), paid), (1, 1), "I3, {what}: paid once, asked once");
        drop(reader);
        store.close().await;
    }
}

/// (serial, state) of the signing certificates, the oldest first; read beside the office that works.
async fn states(town: &Town) -> Vec<(String, String)> {
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(data(town).join("office.db")).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let rows = sqlx::query_as(
        "SELECT serial, state FROM certificates WHERE slot = 'sign' AND order_id IS NOT NULL ORDER BY recorded_at",
    );
    let rows = rows.fetch_all(&pool).await.unwrap();
    pool.close().await;
    rows
}

/// One whole file, whatever of it was still in the log of changes when it was copied.
async fn keep_database(from: &Path, to: &Path) {
    for name in ["office.db", "office.db-wal", "office.db-shm"] {
        let _ = std::fs::remove_file(to.join(name));
    }
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(from.join("office.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let whole = to.join("office.db");
    sqlx::query("VACUUM INTO $1").bind(whole.to_str().unwrap()).execute(&pool).await.unwrap();
    pool.close().await;
}

/// Of the office that is killed and comes back.
fn data(town: &Town) -> PathBuf {
    town.folder().join("again")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // An office that closes takes the last of its database's side files away while they are listed.
            match std::fs::copy(entry.path(), target) {
                Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => {}
                copied => drop(copied.unwrap()),
            }
        }
    }
}

/// Acts of one writing, each of which somebody may interrupt (`KeyHolder::write`).
const ACTS: u32 = 12;
/// Commands of one writing: about seventy.
const COMMANDS: std::ops::Range<u32> = 0..90;

#[tokio::test]
async fn b05_a_key_pulled_at_any_moment_of_a_renewal_ends_in_the_same_state() {
    let mut paid = Box::pin(Paid::made()).await;
    let mut points = 0;
    for point in COMMANDS.step_by(4) {
        if !Box::pin(paid.survives(Way::Unplugged, point)).await {
            break;
        }
        points += 1;
    }
    assert!(points >= 12, "{points} points");
}

#[tokio::test]
async fn b05_power_that_goes_at_any_write_of_a_renewal_ends_in_the_same_state() {
    let mut paid = Box::pin(Paid::made()).await;
    let mut points = 0;
    for point in COMMANDS.step_by(4) {
        if !Box::pin(paid.survives(Way::PowerCut { done: point % 8 == 0 }, point)).await {
            break;
        }
        points += 1;
    }
    assert!(points >= 12, "{points} points");
}

#[tokio::test]
async fn b05_a_tab_a_helper_or_the_office_that_dies_at_any_act_ends_in_the_same_state() {
    let mut paid = Box::pin(Paid::made()).await;
    for way in [Way::TabClosed, Way::HelperKilled, Way::OfficeKilled] {
        for point in 0..ACTS {
            assert!(
                Box::pin(paid.survives(way, point)).await || way == Way::OfficeKilled,
                "{way:?} at {point}"
            );
            tokio::time::sleep(Duration::ZERO).await;
        }
    }
}
