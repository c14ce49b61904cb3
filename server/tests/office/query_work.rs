//! Known and unknown numbers cost the same (R126): not seconds are compared, which a busy machine spoils, but the work:
//! dice thrown, rows and pages written, and what is left to be done after the answer.

use crate::holder::Organisation;
use crate::lone_desk;
use crate::town::TestClock;
use async_trait::async_trait;
use journey::identity::IdentityMethod;
use journey::party::Party;
use journey::secret::SmsCode;
use journey::service::Service;
use server::clock::{Dice, Entropy, SystemEntropy};
use server::codes::PerAddressHour;
use server::errand::CodePurpose;
use server::ground::Ground;
use server::lost::Lost;
use server::orders::{Offers, Orders, Query, Visit};
use server::outside::CallError;
use server::registry::register::{self, Register};
use server::registry::{Answer, Registry};
use server::settings::{AuthoritySettings, Prices};
use server::visits::Visits;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// Dice that count how many bytes were thrown.
struct Counting(SystemEntropy, Arc<AtomicUsize>);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        self.1.fetch_add(bytes.len(), Ordering::SeqCst);
        self.0.fill(bytes);
    }
}

/// What one request has cost so far.
#[derive(Debug, PartialEq, Eq)]
struct Work {
    dice: usize,
    /// Of each table that a query touches.
    rows: Vec<i64>,
    /// Bytes of all errands that wait.
    errands: i64,
    /// Pages written ahead.
    written: u64,
}

struct Meter {
    ground: Ground,
    dice: Arc<AtomicUsize>,
    folder: TempDir,
}

impl Meter {
    async fn read(&self) -> Work {
        let mut reader = self.ground.store.read().await.unwrap();
        let mut rows = Vec::new();
        for table in ["queries", "codes", "code_requests", "errands", "visits", "visit_orders", "orders"] {
            let count = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")));
            rows.push(count.fetch_one(&mut *reader).await.unwrap());
        }
        let errands = sqlx::query_scalar("SELECT coalesce(sum(length(body)), 0) FROM errands");
        Work {
            dice: self.dice.load(Ordering::SeqCst),
            rows,
            errands: errands.fetch_one(&mut *reader).await.unwrap(),
            written: std::fs::metadata(self.folder.path().join("office.db-wal")).unwrap().len(),
        }
    }

    /// What `done` costs.
    async fn cost<T>(&self, done: impl Future<Output = T>) -> Work {
        let before = self.read().await;
        done.await;
        let after = self.read().await;
        Work {
            dice: after.dice - before.dice,
            rows: after.rows.iter().zip(before.rows).map(|(after, before)| after - before).collect(),
            errands: after.errands - before.errands,
            written: after.written - before.written,
        }
    }
}

/// No question about a number asks a register.
struct NoRegister;

#[async_trait]
impl Register for NoRegister {
    async fn organisation(&self, _: &register::Organisation<'_>) -> Result<Answer, CallError> {
        unreachable!("a register was asked")
    }

    async fn person(&self, _: &str, _: &str) -> Result<Answer, CallError> {
        unreachable!("a register was asked")
    }
}

/// A desk that nobody runs errands for, and a holder with several orders.
async fn desk() -> (Meter, Orders, Organisation) {
    let (folder, counted) = (tempfile::tempdir().unwrap(), Arc::new(AtomicUsize::new(0)));
    let dice = Dice::new(Arc::new(Counting(SystemEntropy::default(), counted.clone())));
    let ground = Ground { dice, ..lone_desk::ground(&folder, Arc::<TestClock>::default()).await };
    let offers = Offers::new(&AuthoritySettings::default(), &Prices::default(), true);
    let many = PerAddressHour(1000);
    let orders = Orders::new(
        ground.clone(),
        offers,
        Registry::new(ground.clone(), Arc::new(NoRegister)),
        (many, many),
        30,
    );
    let holder = Organisation::made_up();
    for _ in 0..3 {
        let visit = Visit(Visits::new(ground.clone()).begin().await.unwrap().digest);
        let number =
            orders.start(&visit, address(), Service::Application, Party::Organisation).await.unwrap();
        let form = holder.form(IdentityMethod::LegalPersonPhone, "1");
        orders.keep_draft(&visit, number, None, form).await.unwrap();
    }
    (Meter { ground, dice: counted, folder }, orders, holder)
}

fn address() -> IpAddr {
    IpAddr::V4(Ipv4Addr::LOCALHOST)
}

fn query(id_number: &str) -> Query {
    Query { party: Party::Organisation, id_number: id_number.to_owned(), phone: String::new() }
}

#[tokio::test]
async fn r126_a_known_number_costs_no_more_work_than_an_unknown_one() {
    let (meter, orders, holder) = desk().await;
    let visits = Visits::new(meter.ground.clone());
    let known = holder.credit_code.clone();
    let mut costs = Vec::new();
    // Twice each and in turns: the first of all also makes what every later one finds.
    for number in [Organisation::made_up().credit_code, known.clone(), Organisation::made_up().credit_code] {
        let visit = Visit(visits.begin().await.unwrap().digest);
        let asked = meter
            .cost(async { orders.ask_for_orders(&visit, address(), query(&number)).await.unwrap() })
            .await;
        // The errand behind the known number has run: its code waits while the guess is compared.
        if number == known {
            let key = server::details::holder_key(&meter.ground, Party::Organisation, &known).unwrap();
            send_codes(&meter.ground, &orders, &key).await;
        }
        let fresh = Visit(visits.begin().await.unwrap().digest);
        let guessed = meter
            .cost(async {
                let code = SmsCode::new("000000");
                orders.check_query_code(&visit, &fresh, Party::Organisation, number, code).await.unwrap_err()
            })
            .await;
        costs.push((asked, guessed));
    }
    assert_eq!(costs[1], costs[2], "known, unknown");
    let (asked, guessed) = &costs[1];
    assert_eq!(asked.rows, [1, 0, 1, 1, 0, 0, 0], "a question, a request, and the errand that looks further");
    assert!(asked.written > 0 && guessed.written > 0 && guessed.rows.iter().all(|rows| *rows == 0));
}

/// What the runner would do with the newest question.
async fn send_codes(ground: &Ground, orders: &Orders, key: &[u8]) {
    let id = newest(ground).await;
    let ends_at = ground.now().plus_minutes(5);
    let outcome =
        orders.send_query_codes(id, Party::Organisation, hex::encode(key), None, ends_at).await.unwrap();
    write(ground, outcome).await;
}

async fn newest(ground: &Ground) -> String {
    let mut reader = ground.store.read().await.unwrap();
    let newest = "SELECT id FROM queries ORDER BY asked_at DESC, rowid DESC LIMIT 1";
    sqlx::query_scalar(newest).fetch_one(&mut *reader).await.unwrap()
}

/// What an errand leaves behind.
async fn write(ground: &Ground, outcome: server::errand::Outcome) {
    let server::errand::Outcome::Done(write) = outcome else { panic!("codes are sent") };
    ground.store.write(move |tx| write(tx)).await.unwrap();
    let mut reader = ground.store.read().await.unwrap();
    let codes: i64 = sqlx::query_scalar("SELECT count(*) FROM codes").fetch_one(&mut *reader).await.unwrap();
    assert_eq!(codes, 1, "there is a code to compare with");
}

#[tokio::test]
async fn r126_a_holder_who_lost_the_key_costs_no_more_work_than_nobody() {
    let (meter, _, holder) = desk().await;
    let lost = Lost::new(meter.ground.clone(), PerAddressHour(1000));
    let visits = Visits::new(meter.ground.clone());
    let known = holder.credit_code.clone();
    let mut costs = Vec::new();
    for number in [Organisation::made_up().credit_code, known.clone(), Organisation::made_up().credit_code] {
        let visit = visits.begin().await.unwrap().digest;
        let ask = lost.send_code(visit.clone(), address(), Party::Organisation, number.clone());
        let asked = meter.cost(async { ask.await.unwrap() }).await;
        // What the errand leaves for a reserved phone waits while the guess is compared.
        if number == known {
            let phones = vec![holder.agent_phone.clone()];
            let id = newest(&meter.ground).await;
            write(&meter.ground, server::questions::send(&meter.ground, CodePurpose::Lost, id, phones)).await;
        }
        let fresh = visits.begin().await.unwrap().digest;
        let guess = lost.check_code(visit, fresh, Party::Organisation, number, SmsCode::new("000000"));
        costs.push((asked, meter.cost(async { guess.await.unwrap_err() }).await));
    }
    assert_eq!(costs[1], costs[2], "known, unknown");
    let (asked, guessed) = &costs[1];
    assert_eq!(asked.rows, [1, 0, 1, 1, 0, 0, 0], "a question, a request, and the errand that looks further");
    assert!(asked.written > 0 && guessed.written > 0 && guessed.rows.iter().all(|rows| *rows == 0));
}
