//! An office inside the test: the real composition, router, store and errand runner, on a port of its own.

use crate::town::{Streets, TestClock, Town};
use journey::replay::replay;
use server::clock::{Clock, Dice, SystemEntropy};
use server::office::Office;
use server::store::attempts::Attempt;
use server::store::orders::OrderRow;
use server::{entrance, settings, staff, store};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{OnceCell, watch};

/// Errands that wait for days by their nature.
const FOR_ANOTHER_DAY: [&str; 2] = ["ask_courier", "take_as_received"];

pub struct House {
    pub town: Arc<Town>,
    pub office: Office,
    staffed: OnceCell<()>,
    /// Held: when it goes, so does the errand runner.
    stop: watch::Sender<bool>,
    work: Vec<tokio::task::JoinHandle<()>>,
}

impl House {
    pub async fn open() -> House {
        House::open_with("codes_per_address_hour = 1000").await
    }

    /// `more` are lines for the section `[office]` of the settings.
    pub async fn open_with(more: &str) -> House {
        House::founded(more, 0).await
    }

    /// Whose authorities are so many days old; the clock stands at now.
    pub async fn founded(more: &str, days: i64) -> House {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let more = more.to_owned();
        let town = tokio::task::spawn_blocking(move || Town::found(&address, &more)).await.unwrap();
        let settings = settings::load(&town.settings_files(), std::iter::empty()).unwrap();
        town.clock.forward_minutes(-days * 24 * 60);
        let clock: Arc<TestClock> = town.clock.clone();
        let dice = Dice::new(Arc::new(SystemEntropy::default()));
        let office = Box::pin(Office::open(settings, clock as Arc<dyn Clock>, dice)).await.unwrap();
        let router = entrance::router(&office).unwrap();
        let served = tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).await.unwrap();
        });
        let (tell, stop) = watch::channel(false);
        let worker = office.clone();
        let worked = tokio::spawn(async move { worker.work(stop).await });
        town.clock.forward_minutes(days * 24 * 60);
        let work = vec![served, worked];
        House { town: Arc::new(town), office, staffed: OnceCell::new(), stop: tell, work }
    }

    /// Nobody works here any more; the town with its data stays.
    pub async fn close(self) -> Arc<Town> {
        let House { town, office, stop, work, .. } = self;
        drop(stop);
        for work in work {
            work.abort();
            let _ = work.await;
        }
        office.ground.store.close().await;
        town
    }

    /// The staff come in. Hashing their passwords takes a second, so that only tests with staff wait for it.
    pub async fn staffed(&self) -> &House {
        let make =
            || async { staff::ensure_demo_staff(&self.office.ground, &self.town.data()).await.unwrap() };
        self.staffed.get_or_init(make).await;
        self
    }

    /// The order's row as it is kept.
    pub async fn row(&self, number: &str) -> OrderRow {
        let mut reader = self.office.ground.store.read().await.unwrap();
        store::orders::find_by_number(&mut reader, number).await.unwrap().expect("such an order")
    }

    /// The order's payment attempts, newest first.
    pub async fn attempts(&self, number: &str) -> Vec<Attempt> {
        let row = self.row(number).await;
        let mut reader = self.office.ground.store.read().await.unwrap();
        store::attempts::list_for_order(&mut reader, &row.id).await.unwrap()
    }

    /// The journal told again gives the row: nothing moved but through the one door (R130).
    pub async fn journal_tells_the_row(&self, number: &str) {
        let row = self.row(number).await;
        let mut reader = self.office.ground.store.read().await.unwrap();
        let journal = store::journal::list(&mut reader, &row.id).await.unwrap();
        assert_eq!(i64::try_from(journal.len()).unwrap(), row.version, "one line for each version");
        assert_eq!(replay(&journal, &self.office.ground.calendar).unwrap(), row.order);
    }

    /// Everything that was to be done is done, and nothing was given up.
    pub async fn errands_rest(&self) {
        // The question behind every payment attempt comes twenty seconds after it.
        self.town.clock.forward_s(25);
        let mut left = Vec::new();
        for _ in 0..400 {
            left = self.errands_left().await;
            // A courier that is silent is asked tomorrow.
            left.retain(|(kind, state, ..)| state != "waiting" || !FOR_ANOTHER_DAY.contains(&kind.as_str()));
            if left.is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("errands do not rest: {left:?}");
    }

    /// (kind, state, tries, last error) of what is not done.
    pub async fn errands_left(&self) -> Vec<(String, String, i64, Option<String>)> {
        let mut reader = self.office.ground.store.read().await.unwrap();
        let left = sqlx::query_as("SELECT kind, state, tries, last_error FROM errands WHERE state <> 'done'");
        left.fetch_all(&mut *reader).await.unwrap()
    }
}

impl Streets for House {
    fn town(&self) -> &Arc<Town> {
        &self.town
    }
}
