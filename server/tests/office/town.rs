//! What every test has around it: a folder, an address, the outside world, and a clock that can be put forward.

use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::clerk::Clerk;
use crate::holder::Organisation;
use crate::outside::Outside;
use journey::moment::Moment;
use server::clock::{Clock, SystemClock};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than any of these things takes on a busy machine; what waits in vain fails with its name.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Town {
    pub outside: Outside,
    pub clock: Arc<TestClock>,
    pub url: String,
    folder: TempDir,
}

/// The machine's clock, put forward by a test. Outside parties go by the real time and take five minutes' difference.
#[derive(Default)]
pub struct TestClock {
    ahead: AtomicI64,
    /// Where it stands still; 0 while it goes.
    stands_at: AtomicI64,
}

impl TestClock {
    pub fn forward_s(&self, seconds: i64) {
        self.ahead.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// Stops at this moment, to the millisecond.
    pub fn stand_at(&self, moment: Moment) {
        self.stands_at.store(moment.millis(), Ordering::SeqCst);
    }

    /// Goes again.
    pub fn go(&self) {
        self.stands_at.store(0, Ordering::SeqCst);
    }

    pub fn forward_minutes(&self, minutes: i64) {
        self.forward_s(minutes * 60);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        match self.stands_at.load(Ordering::SeqCst) {
            0 => Moment::from_millis(SystemClock.now().millis() + self.ahead.load(Ordering::SeqCst)),
            still => Moment::from_millis(still),
        }
    }
}

impl Town {
    /// A town whose office will answer at this address, with more lines for the section `[office]` of its settings.
    pub fn found(address: &str, more: &str) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("dist");
        std::fs::create_dir(&dist).unwrap();
        std::fs::write(dist.join("index.html"), INDEX).unwrap();
        let settings = format!(
            "[office]\nlisten = \"{address}\"\npublic_origin = \"http://{address}\"\ndata_dir = \"office\"\n\
             dist_dir = \"dist\"\ndemo = true\n{more}\n{}\n[remittance]\naccount_name = \"示范电子认证服务机构\"\nbank = \"示范银行北京中关村支行\"\n\
             account_number = \"11001000000000000001\"\n",
            // A few pairs are enough for a few orders; a test with more of them says so itself.
            if more.contains("[kmc]") { "" } else { "[kmc]\npool_low = 1\npool_high = 2\n" }
        );
        std::fs::write(folder.path().join("office.toml"), settings).unwrap();
        Town { outside: Outside::start(), clock: Arc::default(), url: format!("http://{address}"), folder }
    }

    pub fn settings_files(&self) -> [PathBuf; 2] {
        [self.folder.path().join("office.toml"), self.outside.credentials()]
    }

    /// Database, sealed evidence, master key.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("office")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }
}

/// People come in by the address, whether the office is a program of its own or runs inside the test.
pub trait Streets {
    fn town(&self) -> &Arc<Town>;

    /// Somebody who applies for an organisation that nobody has heard of.
    fn applicant(&self) -> Applicant {
        Applicant::new(self.town().clone(), Organisation::made_up())
    }

    /// Signed in.
    async fn reviewer(&self) -> Clerk {
        Clerk::sign_in(self.town(), "shenhe").await
    }

    async fn second_reviewer(&self) -> Clerk {
        Clerk::sign_in(self.town(), "shenhe2").await
    }

    async fn producer(&self) -> Clerk {
        Clerk::sign_in(self.town(), "zhizheng").await
    }
}

/// As much of a bundle as the office demands: a program, and a place for the nonce.
const INDEX: &str = "<!DOCTYPE html><html><head><script type=\"module\" nonce=\"{{__TRUNK NONCE__}}\"></script>\
    </head><body></body></html>";

/// An address that is free now.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Asks until the answer is there.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
