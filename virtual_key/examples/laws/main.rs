//! The laws of a key for a page in a browser: asks on stdout, one JSON a line, hears on stdin (`page/src/line.rs`); between
//! them `held NAME` for each law, and a panic for one that does not hold. The keys lie in the drawer that it is told; each
//! is used once: LAW001, LAW002 … Names after the drawer are the only laws that are asked.

#![allow(clippy::unwrap_used)] // a law that cannot go on has failed
#![allow(clippy::print_stdout)] // the line

#[allow(dead_code, reason = "the other stands run the list at once")]
#[path = "../../../key/tests/laws/mod.rs"]
mod laws;
#[path = "../../page/src/line.rs"]
mod line;
#[allow(dead_code, reason = "the office of the other tests can do more")]
#[path = "../../../key/tests/soft_key/office.rs"]
mod office;

use key::{
    KeyError,
    remote::{RemoteKey, Said, Verb},
    soft::{Drawer, Faults, PowerCut},
};
use laws::Stand;
use line::{Order, Report};
use office::Office;
use std::{
    thread,
    time::{Duration, Instant},
};

/// A key that was put in is seen by then.
const SEEN: Duration = Duration::from_secs(20);

fn main() {
    let mut given = std::env::args().skip(1);
    let folder = given.next().expect("the drawer");
    let wanted: Vec<String> = given.collect();
    let mut page = Page { office: Office::open(), drawer: Drawer::at(folder), used: 0 };
    for (name, law) in laws::list::<Page>() {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        let since = Instant::now();
        law(&mut page);
        println!("held {name} {:.1}", since.elapsed().as_secs_f32());
    }
}

struct Page {
    office: Office,
    drawer: Drawer,
    used: u32,
}

/// A session in the page.
struct Session;

impl key::remote::Line for Session {
    async fn ask(&mut self, verb: Verb) -> Result<Said, KeyError> {
        match ask(&Order::Ask(verb)) {
            Report::Said(said) => Ok(said),
            Report::Failed(error) => Err(error),
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !thread::panicking() {
            ask(&Order::Close);
        }
    }
}

fn ask(order: &Order) -> Report {
    println!("{}", serde_json::to_string(order).unwrap());
    let mut said = String::new();
    std::io::stdin().read_line(&mut said).unwrap();
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("the page says {said:?} to {order:?}"))
}

impl Page {
    fn serial(&self) -> String {
        format!("LAW{:03}", self.used)
    }

    /// Until the page sees as many keys as lie in the port.
    fn settle(&self) {
        let inserted = self.drawer.list().unwrap().iter().filter(|key| key.inserted).count();
        let since = Instant::now();
        loop {
            let seen = ask(&Order::Count);
            if matches!(seen, Report::Seen(seen) if seen == inserted) {
                return;
            }
            assert!(since.elapsed() < SEEN, "{seen:?} instead of {inserted} keys");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn set(&self, faults: Faults) {
        self.drawer.set_faults(&self.serial(), faults).unwrap();
    }
}

impl Stand for Page {
    type Key = RemoteKey<Session>;

    fn office(&self) -> &Office {
        &self.office
    }

    fn blank(&mut self) -> String {
        if self.used > 0 {
            self.drawer.remove(&self.serial()).unwrap();
        }
        self.settle();
        self.used += 1;
        let serial = self.drawer.add(Some(&self.serial())).unwrap();
        self.drawer.insert(&serial).unwrap();
        serial
    }

    fn open(&mut self) -> Result<Self::Key, KeyError> {
        self.settle();
        match ask(&Order::Open) {
            Report::Done => Ok(RemoteKey(Session)),
            Report::Failed(error) => Err(error),
            other => panic!("{other:?}"),
        }
    }

    fn pull_after(&mut self, commands: u32) {
        self.set(Faults { remove_after: Some(commands), ..Faults::default() });
    }

    fn power_goes_after(&mut self, commands: u32, done: bool) {
        self.set(Faults { power_cut: Some(PowerCut { after: commands, done }), ..Faults::default() });
    }

    fn stride(&self) -> u32 {
        3
    }

    /// First until it is seen to be gone: a person is slower than this test.
    fn put_back(&mut self) {
        self.set(Faults::default());
        self.settle();
        self.drawer.insert(&self.serial()).unwrap();
    }
}
