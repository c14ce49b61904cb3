//! The way through the extension: a port that stays open (`bridge.rs`), questions and their answers.
//!
//! A closed port (the browser stopped the worker, the helper was replaced) is opened again by the next question. A
//! question itself is never asked twice: whether the first was carried out, only the key knows.

use super::bridge::{Port, Said};
use super::inbox::{Inbox, Reply};
use super::{AccessError, purpose};
use crate::desk::mandates::{Purpose, give_mandate};
use futures::channel::oneshot::Receiver;
use js_sys::JSON;
use key::KeyError;
use key::mandate::{Given, MandateRefusal};
use key::message::{Answer, Envelope, Request};
use leptos::prelude::set_timeout;
use std::cell::RefCell;
use std::time::Duration;

/// A helper that is there answers in milliseconds.
const GREETING: Duration = Duration::from_secs(8);
/// The helper's own patience with its window, for two of them, and a little more.
const TYPING: Duration = Duration::from_secs(250);

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// One question over the page's only line. What needs the office's leave gets it first, for the helper of this line.
pub async fn ask(request: Request, patience: Duration) -> Reply {
    if !request.mandated() {
        return put(request, None, patience).await;
    }
    // The helper's window waits for a person.
    let patience = if request.asks_pin() { patience + TYPING } else { patience };
    let purpose = purpose::stated().ok_or(KeyError::Mandate(MandateRefusal::Missing))?;
    let request = request.without_pins();
    match with_mandate(purpose.clone(), request.clone(), patience).await {
        // Another helper process has taken over behind the same line, and has touched nothing: asked for anew, once.
        Ok(Answer::Failed { error: KeyError::Mandate(MandateRefusal::OtherStation) }) => {
            LINE.with_borrow_mut(|line| line.station = None);
            with_mandate(purpose, request, patience).await
        }
        reply => reply,
    }
}

async fn with_mandate(purpose: Purpose, request: Request, patience: Duration) -> Reply {
    let station_key = station().await?;
    let mandate = give_mandate(purpose, request.clone(), station_key).await.map_err(AccessError::Office)?;
    put(request, Some(mandate), patience).await
}

async fn put(request: Request, mandate: Option<Given>, patience: Duration) -> Reply {
    let (id, reply) = LINE.with_borrow_mut(|line| line.send(request, mandate))?;
    set_timeout(
        move || LINE.with_borrow_mut(|line| line.inbox.settle(id, Err(KeyError::Timeout.into()))),
        patience,
    );
    reply.await.unwrap_or(Err(AccessError::ConnectionLost))
}

/// The station key of the helper at the other end, asked once for each line.
async fn station() -> Result<String, AccessError> {
    if let Some(known) = LINE.with_borrow(|line| line.station.clone()) {
        return Ok(known);
    }
    match put(Request::Hello {}, None, GREETING).await? {
        Answer::Hello { station_key, .. } => {
            LINE.with_borrow_mut(|line| line.station = Some(station_key.clone()));
            Ok(station_key)
        }
        Answer::Failed { error } => Err(error.into()),
        _ => Err(AccessError::Unexpected),
    }
}

/// Closes the line: the helper of this page ends, and with it every PIN it has verified.
pub fn hang_up() {
    LINE.with_borrow_mut(|line| {
        if let Some(port) = line.port.take() {
            port.close();
        }
        line.station = None;
        line.inbox.fail_all(&AccessError::ConnectionLost);
    });
}

#[derive(Default)]
struct Line {
    port: Option<Port>,
    /// The port of now has said something: so there is an extension at its other end.
    heard: bool,
    /// Of the helper process at its other end, once asked.
    station: Option<String>,
    inbox: Inbox,
}

impl Line {
    fn send(
        &mut self,
        request: Request,
        mandate: Option<Given>,
    ) -> Result<(u32, Receiver<Reply>), AccessError> {
        let (id, reply) = self.inbox.open();
        match self.post(&Envelope { mandate, ..Envelope::new(id, request) }) {
            Ok(()) => Ok((id, reply)),
            Err(error) => {
                self.inbox.settle(id, Err(error.clone()));
                Err(error)
            }
        }
    }

    fn post(&mut self, envelope: &Envelope<Request>) -> Result<(), AccessError> {
        let text = serde_json::to_string(envelope).map_err(|_| AccessError::Unexpected)?;
        let message = JSON::parse(&text).map_err(|_| AccessError::Unexpected)?;
        if let Some(port) = &self.port
            && port.post(&message)
        {
            return Ok(());
        }
        // No port, or one that closed silently: then nothing was sent, and a fresh one may carry it.
        let missing = || AccessError::Key(KeyError::ExtensionMissing);
        let port = Port::open(hear).ok_or_else(missing)?;
        let sent = port.post(&message);
        self.port = Some(port);
        self.heard = false;
        self.station = None;
        if sent { Ok(()) } else { Err(missing()) }
    }

    /// True when it says that something came or went.
    fn receive(&mut self, port: &Port, text: &str) -> bool {
        let ours = self.port.as_ref() == Some(port);
        self.heard |= ours;
        ours && self.inbox.receive(text)
    }

    fn closed(&mut self, port: &Port) {
        if self.port.as_ref() != Some(port) {
            return;
        }
        self.port = None;
        self.station = None;
        let error = if self.heard {
            AccessError::ConnectionLost
        } else {
            AccessError::Key(KeyError::ExtensionMissing)
        };
        self.inbox.fail_all(&error);
    }
}

/// Both ears of every port.
fn hear(port: &Port, said: Said) {
    let stirred = LINE.with_borrow_mut(|line| match said {
        Said::Message(text) => line.receive(port, &text),
        Said::Closed => {
            line.closed(port);
            false
        }
    });
    if stirred {
        super::stir::stir();
    }
}
