//! The way through the extension: `chrome.runtime.connect(EXTENSION_ID)` and a port that stays open.
//!
//! A closed port (the browser stopped the worker, the helper was replaced) is opened again by the next question. A
//! question itself is never asked twice: whether the first was carried out, only the key knows.

use super::AccessError;
use super::inbox::{Inbox, Reply};
use futures::channel::oneshot::Receiver;
use js_sys::{Function, JSON, Reflect};
use key::KeyError;
use key::message::{EXTENSION_ID, Envelope, Request};
use leptos::prelude::set_timeout;
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use std::cell::RefCell;
use std::time::Duration;

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// One question over the page's only line.
pub async fn ask(request: Request, patience: Duration) -> Reply {
    let (id, reply) = LINE.with_borrow_mut(|line| line.send(request))?;
    set_timeout(
        move || LINE.with_borrow_mut(|line| line.inbox.settle(id, Err(KeyError::Timeout.into()))),
        patience,
    );
    reply.await.unwrap_or(Err(AccessError::ConnectionLost))
}

/// Closes the line: the helper of this page ends, and with it every PIN it has verified.
pub fn hang_up() {
    LINE.with_borrow_mut(|line| {
        if let Some(port) = line.port.take() {
            // A port that is closed already needs no closing.
            let _ = call(&port, "disconnect", &JsValue::UNDEFINED);
        }
        line.inbox.fail_all(&AccessError::ConnectionLost);
    });
}

#[derive(Default)]
struct Line {
    port: Option<JsValue>,
    /// The port of now has said something: so there is an extension at its other end.
    heard: bool,
    inbox: Inbox,
}

impl Line {
    fn send(&mut self, request: Request) -> Result<(u32, Receiver<Reply>), AccessError> {
        let (id, reply) = self.inbox.open();
        match self.post(id, request) {
            Ok(()) => Ok((id, reply)),
            Err(error) => {
                self.inbox.settle(id, Err(error.clone()));
                Err(error)
            }
        }
    }

    fn post(&mut self, id: u32, request: Request) -> Result<(), AccessError> {
        let text = serde_json::to_string(&Envelope::new(id, request)).map_err(|_| AccessError::Unexpected)?;
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
