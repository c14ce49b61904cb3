//! Signing in against a real store, with a clock that stands where the test puts it.

use super::*;
use crate::clock::{Clock, Dice, SystemEntropy};
use crate::ground::Ground;
use crate::sealing::Sealing;
use crate::staff::ensure_demo_staff;
use app::desk::staff::Role;
use journey::Calendar;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2026-11-20 10:00 in Beijing, at the beginning of a time step.
const START: i64 = 1_795_140_000_000;

#[derive(Default)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::Relaxed))
    }
}

struct House {
    staff: Staff,
    clock: Arc<HandClock>,
    folder: PathBuf,
}

struct Member {
    name: String,
    password: Password,
    secret: Vec<u8>,
}

impl House {
    async fn open() -> House {
        let dice = Dice::new(Arc::new(SystemEntropy::default()));
        let folder = std::env::temp_dir().join(format!("certhall-staff-{}", dice.id()));
        std::fs::create_dir_all(&folder).unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let ground = Ground {
            store: store::Store::open(&folder.join("office.db")).await.unwrap(),
            sealing: Sealing::new(&[7; 32], dice.clone()),
            dice,
            clock: clock.clone(),
            calendar: Arc::new(Calendar::official()),
            bell: Arc::default(),
            standing_bell: Arc::default(),
        };
        ensure_demo_staff(&ground, &folder).await.unwrap();
        House { staff: Staff::new(ground), clock, folder }
    }

    fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// As the demo file tells.
    fn member(&self, role: &str) -> Member {
        let text = std::fs::read_to_string(self.folder.join("staff.txt")).unwrap();
        let line = text.lines().find(|line| line.split('\t').next() == Some(role)).unwrap();
        let words: Vec<&str> = line.split('\t').collect();
        let secret = totp_rs::Secret::Encoded(words[3].to_owned()).to_bytes().unwrap();
        Member { name: words[1].to_owned(), password: Password::new(words[2]), secret }
    }

    fn code(&self, member: &Member) -> String {
        let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, member.secret.clone()).unwrap();
        totp.generate(self.clock.now().millis().unsigned_abs() / 1000)
    }

    async fn sign_in(&self, member: &Member) -> Result<SignedIn, Fault> {
        self.staff.sign_in(&member.name, member.password.clone(), &self.code(member)).await
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn the_right_three_open_a_session_until_it_is_left() {
    let house = House::open().await;
    let signed_in = house.sign_in(&house.member("producer")).await.unwrap();
    assert_eq!(signed_in.view.name, "zhizheng");
    let found = house.staff.find_by_session(&signed_in.token).await.unwrap().unwrap();
    assert_eq!(found.roles, [Role::Producer, Role::Dispatcher]);
    assert!(house.staff.find_by_session(&"0".repeat(64)).await.unwrap().is_none());
    house.staff.sign_out(&found.session).await.unwrap();
    assert!(house.staff.find_by_session(&signed_in.token).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_ends_by_idleness_and_after_its_hours() {
    let house = House::open().await;
    let idle = house.sign_in(&house.member("reviewer")).await.unwrap().token;
    house.pass(session::IDLE_MINUTES * 60 - 1);
    assert!(house.staff.find_by_session(&idle).await.unwrap().is_some());
    house.pass(session::IDLE_MINUTES * 60 + 1);
    assert!(house.staff.find_by_session(&idle).await.unwrap().is_none());

    let busy = house.sign_in(&house.member("reviewer")).await.unwrap().token;
    for _ in 0..session::HOURS * 6 - 1 {
        house.pass(600);
        assert!(house.staff.find_by_session(&busy).await.unwrap().is_some());
    }
    house.pass(600);
    assert!(house.staff.find_by_session(&busy).await.unwrap().is_none());
}

#[tokio::test]
async fn a_one_time_code_counts_once() {
    let house = House::open().await;
    let member = house.member("reviewer");
    house.sign_in(&member).await.unwrap();
    house.pass(5);
    assert!(matches!(house.sign_in(&member).await, Err(Fault::SignInRefused)));
    house.pass(30);
    assert!(house.sign_in(&member).await.is_ok());
}

#[tokio::test]
async fn whichever_is_wrong_the_answer_is_the_same() {
    let house = House::open().await;
    let member = house.member("finance");
    let wrong_password =
        house.staff.sign_in(&member.name, Password::new("wrong"), &house.code(&member)).await;
    house.pass(2);
    let wrong_code = house.staff.sign_in(&member.name, member.password.clone(), "000000").await;
    let wrong_name = house.staff.sign_in("nobody", member.password.clone(), &house.code(&member)).await;
    for answer in [wrong_password, wrong_code, wrong_name] {
        assert!(matches!(answer, Err(Fault::SignInRefused)));
    }
    // Both names wait now, known or not, whatever is typed.
    for name in [member.name.as_str(), "nobody"] {
        let waits = house.staff.sign_in(name, member.password.clone(), &house.code(&member)).await;
        assert!(matches!(waits, Err(Fault::SlowDown { retry_after_s: 1 })), "{name}");
    }
    house.pass(1);
    assert!(house.sign_in(&member).await.is_ok());
}

#[tokio::test]
async fn many_tries_at_once_are_one_try() {
    let house = House::open().await;
    let member = house.member("reviewer");
    let tries = (0..8).map(|_| house.staff.sign_in(&member.name, Password::new("guess"), "123456"));
    let answers = futures::future::join_all(tries).await;
    let compared = answers.iter().filter(|answer| matches!(answer, Err(Fault::SignInRefused))).count();
    assert_eq!(compared, 1);
}

#[tokio::test]
async fn demo_staff_is_made_once_and_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::open().await;
    let file = house.folder.join("staff.txt");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read_to_string(&file).unwrap();
    assert!(before.starts_with("# "));
    ensure_demo_staff(&house.staff.ground, &house.folder).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}
