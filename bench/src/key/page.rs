//! A key in a page of real Chromium: orders on stdout, one JSON a line, reports on stdin (`virtual_key/page`).

use super::measure::by_turns;
use super::stands::{Goods, SERIAL, SIGNS, WRITES};
use crate::{Failure, Plan};
use key::KeyError;
use key::key::Slot;
use key::remote::{Line, RemoteKey, Said, Verb};
use key::soft::Drawer;
use line::{Order, Report};
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../../virtual_key/page/src/line.rs"]
mod line;

/// A key that was put in is seen by then.
const SEEN: Duration = Duration::from_secs(20);

/// The page's session.
struct Session;

impl Line for Session {
    async fn ask(&mut self, verb: Verb) -> Result<Said, KeyError> {
        match ask(&Order::Ask(verb)) {
            Ok(Report::Said(said)) => Ok(said),
            Ok(Report::Failed(error)) => Err(error),
            other => Err(KeyError::Transport(format!("the page says {other:?}"))),
        }
    }
}

pub fn measure(plan: &Plan, way: &str, keys: &Path) -> Result<(), Failure> {
    let drawer = Drawer::at(keys);
    drawer.add(Some(SERIAL))?;
    drawer.insert(SERIAL)?;
    let since = Instant::now();
    while !matches!(ask(&Order::Count)?, Report::Seen(1)) {
        if since.elapsed() > SEEN {
            return Err("the page sees no key".into());
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    match ask(&Order::Open)? {
        Report::Done => {}
        other => return Err(format!("the page says {other:?}").into()),
    }
    let goods = Goods::make(&mut RemoteKey(Session), keys)?;
    let write = writing(&goods);
    let ours = async || took(&Order::Turn(write.clone()));
    let peer = async || took(&Order::Again);
    by_turns(plan, &format!("key_write_{way}"), WRITES, || goods.rewind(), ours, peer)?;
    let ours = async || took(&Order::Turn(vec![Verb::Sign(b"a statement".to_vec())]));
    by_turns(plan, &format!("key_sign_{way}"), SIGNS, || Ok(()), ours, peer)
}

/// What `key::production::install` asks of a key, in one order: the page must not wait for us in between.
fn writing(goods: &Goods) -> Vec<Verb> {
    let mut verbs = vec![Verb::Identify, Verb::ImportPair(goods.enveloped.clone())];
    for (slot, der) in [(Slot::Sign, &goods.sign_certificate), (Slot::Encrypt, &goods.encrypt_certificate)] {
        verbs.extend([Verb::WriteCertificate(slot, der.clone()), Verb::ReadCertificate(slot)]);
    }
    verbs.push(Verb::Finish);
    verbs
}

fn took(order: &Order) -> Result<Duration, Failure> {
    match ask(order)? {
        Report::Took(micros) => Ok(Duration::from_micros(micros)),
        other => Err(format!("the page says {other:?}").into()),
    }
}

fn ask(order: &Order) -> Result<Report, KeyError> {
    let astray = |error: &dyn std::fmt::Display| KeyError::Transport(error.to_string());
    println!("{}", serde_json::to_string(order).map_err(|error| astray(&error))?);
    let mut said = String::new();
    std::io::stdin().read_line(&mut said).map_err(|error| astray(&error))?;
    serde_json::from_str(&said).map_err(|error| astray(&error))
}
