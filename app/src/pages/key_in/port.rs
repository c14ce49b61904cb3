//! Which key is in, asked every moment while the page is in front and nothing is being written; and what the office says
//! of its certificate.

use crate::browser;
use crate::desk::DeskError;
use crate::desk::held::{HeldView, look_at_certificate};
use crate::key_access::search::{look, the_one};
use crate::key_access::{AccessError, Way, holder, stirred};
use key::message::KeySummary;
use leptos::prelude::*;
use leptos::task::spawn_local;

const LOOK_MILLIS: u64 = 1500;

/// The one key that is in.
#[derive(Clone, Debug, PartialEq)]
pub struct Inserted {
    pub way: Way,
    pub key: KeySummary,
    /// Its signing certificate, base64 DER; empty on a blank key.
    pub certificate: String,
}

/// What every part of the page shares.
#[derive(Clone, Copy)]
pub struct KeyPort {
    /// `None` before the first look.
    pub seen: RwSignal<Option<Result<Inserted, AccessError>>>,
    /// What the office says of the certificate on it; `None` while it is asked.
    pub held: RwSignal<Option<Result<HeldView, DeskError>>>,
    /// The key is being used: nobody looks meanwhile.
    pub busy: RwSignal<bool>,
    looking: StoredValue<bool>,
}

impl KeyPort {
    /// Watches as long as the owner lives.
    pub fn watch() -> KeyPort {
        KeyPort::watch_unless(RwSignal::new(false))
    }

    /// Stands still while `busy`, which the page shares.
    pub fn watch_unless(busy: RwSignal<bool>) -> KeyPort {
        let port = KeyPort {
            seen: RwSignal::new(None),
            held: RwSignal::new(None),
            busy,
            looking: StoredValue::new(false),
        };
        // At once when something comes or goes; and every moment, for what no event tells of.
        let stirred = stirred();
        Effect::new(move || {
            stirred.track();
            port.look();
        });
        browser::every(LOOK_MILLIS, move || port.look());
        Effect::new(move |before: Option<Option<String>>| {
            let certificate = port.inserted().map(|inserted| inserted.certificate);
            if before != Some(certificate.clone()) {
                port.ask(certificate.clone());
            }
            certificate
        });
        port
    }

    /// The key that is in, if it is one.
    pub fn inserted(self) -> Option<Inserted> {
        self.seen.with(|seen| seen.as_ref().and_then(|seen| seen.clone().ok()))
    }

    pub fn inserted_untracked(self) -> Option<Inserted> {
        self.seen.with_untracked(|seen| seen.as_ref().and_then(|seen| seen.clone().ok()))
    }

    /// The key, if it is the one that this order began with (R067).
    pub fn bound_to(self, serial: &str) -> Option<Inserted> {
        self.inserted().filter(|inserted| inserted.key.serial == serial)
    }

    /// Looks now, if nobody does.
    pub fn look(self) {
        if self.looking.get_value() || self.busy.get_untracked() || !browser::in_front() {
            return;
        }
        self.looking.set_value(true);
        spawn_local(async move {
            let found = find().await;
            if self.looking.try_set_value(false).is_some() {
                return;
            }
            // Set only what is new: the card would be read out again every moment otherwise.
            if self.seen.try_get_untracked().is_some_and(|before| before.as_ref() != Some(&found)) {
                self.seen.try_set(Some(found));
            }
        });
    }

    /// Asks the office anew what it says of the certificate.
    pub fn ask_again(self) {
        self.ask(self.inserted_untracked().map(|inserted| inserted.certificate));
    }

    fn ask(self, certificate: Option<String>) {
        self.held.set(None);
        let Some(certificate) = certificate.filter(|certificate| !certificate.is_empty()) else { return };
        spawn_local(async move {
            let said = look_at_certificate(certificate.clone()).await;
            // Another key may be in by now.
            if self.inserted_untracked().is_some_and(|inserted| inserted.certificate == certificate) {
                self.held.try_set(Some(said));
            }
        });
    }
}

async fn find() -> Result<Inserted, AccessError> {
    let found = the_one(&look().await)?;
    let certificate = holder::certificate(found.way, found.key.key.clone()).await?;
    Ok(Inserted { way: found.way, key: found.key, certificate })
}
