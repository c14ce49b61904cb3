//! The way through the extension: `chrome.runtime.connect(EXTENSION_ID)` and a port that stays open.
//!
//! A closed port (the browser stopped the worker, the helper was replaced) is opened again by the next question. A
//! question itself is never asked twice: whether the first was carried out, only the key knows.

use super::inbox::{Inbox, Reply};
use super::{AccessError, purpose};
use crate::desk::mandates::{Purpose, give_mandate};
use futures::channel::oneshot::Receiver;
use js_sys::{Function, JSON, Reflect};
use key::KeyError;
use key::mandate::{Given, MandateRefusal};
use key::message::{Answer, EXTENSION_ID, Envelope, Request};
use leptos::prelude::set_timeout;
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use std::cell::RefCell;
use std::time::Duration;

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// One question over the page's only line. What needs the office's leave gets it first, for the helper of this line.
pub async fn ask(request: Request, patience: Duration) -> Reply {
    if !request.mandated() {
        return put(request, None, patience).await;
    }
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
    let station_key = station(patience).await?;
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
async fn station(patience: Duration) -> Result<String, AccessError> {
    if let Some(known) = LINE.with_borrow(|line| line.station.clone()) {
        return Ok(known);
    }
    match put(Request::Hello {}, None, patience).await? {
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
            // A port that is closed already needs no closing.
            let _ = call(&port, "disconnect", &JsValue::UNDEFINED);
        }
        line.station = None;
        line.inbox.fail_all(&AccessError::ConnectionLost);
    });
}

#[derive(Default)]
struct Line {
    port: Option<JsValue>,
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
            && call(port, "postMessage", &message).is_ok()
        {
            return Ok(());
        }
        // No port, or one that closed silently: then nothing was sent, and a fresh one may carry it.
        let port = open_port()?;
        let sent = call(&port, "postMessage", &message);
        self.port = Some(port);
        self.heard = false;
        self.station = None;
        sent.map(drop).map_err(|_| KeyError::ExtensionMissing.into())
    }

    fn receive(&mut self, port: &JsValue, text: &str) {
        if self.port.as_ref() == Some(port) {
            self.heard = true;
            self.inbox.receive(text);
        }
    }

    fn closed(&mut self, port: &JsValue) {
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

/// A new port with both ears on it. Without the extension the browser shows no `chrome.runtime` to the page, or a port
/// that closes at once.
fn open_port() -> Result<JsValue, AccessError> {
    let missing = || AccessError::Key(KeyError::ExtensionMissing);
    let runtime = self::runtime().ok_or_else(missing)?;
    let port = call(&runtime, "connect", &EXTENSION_ID.into()).map_err(|_| missing())?;
    let messages = member(&port, "onMessage").ok_or_else(missing)?;
    let closing = member(&port, "onDisconnect").ok_or_else(missing)?;

    // Two small closures a port live as long as the page; a page opens a handful of ports at most.
    let this = port.clone();
    let on_message = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
        let text = message.as_string().or_else(|| JSON::stringify(&message).ok().map(String::from));
        LINE.with_borrow_mut(|line| line.receive(&this, &text.unwrap_or_default()));
    });
    let this = port.clone();
    let on_close = Closure::<dyn FnMut()>::new(move || {
        // Reading the reason keeps the browser from reporting it as unseen.
        let _ = self::runtime().and_then(|runtime| member(&runtime, "lastError"));
        LINE.with_borrow_mut(|line| line.closed(&this));
    });
    call(&messages, "addListener", &on_message.into_js_value()).map_err(|_| missing())?;
    call(&closing, "addListener", &on_close.into_js_value()).map_err(|_| missing())?;
    Ok(port)
}

fn runtime() -> Option<JsValue> {
    member(&js_sys::global(), "chrome").and_then(|chrome| member(&chrome, "runtime"))
}

fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    Reflect::get(object, &method.into())?.dyn_into::<Function>()?.call1(object, argument)
}
