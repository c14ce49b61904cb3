//! The direct ways: this page speaks to the key itself, over WebHID or WebUSB, with the verbs of `key::serve`.
//!
//! One exchange at a time in this page (a queue), and one page at a time at the keys once a PIN is open (`lock`). A
//! device is a key of ours only after it has said so over its own wire.

use super::js;
use super::lock::{self, Held};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::lock::Mutex;
use key::KeyError;
use key::authorisation::Opener;
use key::message::{Answer, KeyRef, Request};
use key::serve::{Ring, serve, unblock};
use key::session::ApduKey;
use key::session_key::SessionKey;
use key::wire::{Pipe, Wire};
use leptos::wasm_bindgen::JsValue;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

/// One of the browser's two interfaces to devices.
#[allow(async_fn_in_trait)]
pub trait Bus: 'static {
    type Pipe: Pipe;
    /// Of the `KeyRef`s that this bus gives.
    const PREFIX: &'static str;

    /// Devices that this origin was given, of a kind that may be a key of ours.
    async fn granted() -> Result<Vec<JsValue>, KeyError>;
    /// Lets the person choose one; needs their click. `Cancelled` when they choose none.
    async fn choose() -> Result<(), KeyError>;
    async fn open(device: &JsValue, patience: Rc<Cell<Duration>>) -> Result<Self::Pipe, KeyError>;
}

/// What this page has open on one bus.
pub struct Direct<B: Bus> {
    inner: Rc<Mutex<Ports<B>>>,
}

struct Ports<B: Bus> {
    /// Every device seen, by the name it got; a device that comes back is another object, and gets another name.
    names: Vec<(KeyRef, JsValue)>,
    open: HashMap<KeyRef, ApduKey<Wire<B::Pipe>>>,
    patience: Rc<Cell<Duration>>,
    /// What the office seals to while this page has a key by itself; dies with the page.
    session: Option<SessionKey>,
    /// Held from the first PIN until the page leaves the keys.
    owned: Option<Held>,
}

impl<B: Bus> Default for Direct<B> {
    fn default() -> Self {
        let patience = Rc::new(Cell::new(Duration::ZERO));
        let ports = Ports { names: Vec::new(), open: HashMap::new(), patience, session: None, owned: None };
        Direct { inner: Rc::new(Mutex::new(ports)) }
    }
}

impl<B: Bus> Clone for Direct<B> {
    fn clone(&self) -> Self {
        Direct { inner: self.inner.clone() }
    }
}

impl<B: Bus> Direct<B> {
    /// # Errors
    /// The key's, the bus's, `Busy` while another page has the keys.
    pub async fn ask(&self, request: Request, patience: Duration) -> Result<Answer, KeyError> {
        let mut ports = self.inner.lock().await;
        ports.patience.set(patience);
        // Until the answer is there, or for good once a PIN is open: then nobody else may use what it opened.
        let held = if ports.owned.is_none() { Some(lock::hold(patience).await?) } else { None };
        let opens =
            matches!(request, Request::VerifyPin { .. } | Request::Login { .. } | Request::Unblock { .. });
        let answer = match request {
            Request::Hello {} => ports.hello(),
            Request::Unblock { .. } => {
                let mut session = ports.session.take().ok_or(KeyError::BadSeal)?;
                let answer = unblock(&mut *ports, &mut session, request, js_sys::Date::now() as i64).await;
                ports.session = Some(session);
                answer
            }
            request => serve(&mut *ports, &origin(), request).await,
        };
        if opens && answer.is_ok() && ports.owned.is_none() {
            ports.owned = held;
        }
        answer
    }

    /// Selecting the application anew ends what a PIN has opened; then others may come.
    pub async fn leave(&self) {
        let mut ports = self.inner.lock().await;
        for (_, key) in ports.open.drain() {
            // A key that is gone has forgotten by itself.
            let _ = key.close().await;
        }
        ports.names.clear();
        ports.owned = None;
    }
}

impl<B: Bus> Ports<B> {
    /// A page is a station too: it opens what the office seals to it, and no passcode of production.
    fn hello(&mut self) -> Result<Answer, KeyError> {
        let session = match self.session.take() {
            Some(session) => session,
            None => SessionKey::start(js::fill_random)?,
        };
        let station_key = STANDARD.encode(session.public_key());
        self.session = Some(session);
        Ok(Answer::Hello { helper_version: env!("CARGO_PKG_VERSION").into(), station_key })
    }
}

impl<B: Bus> Ring for Ports<B> {
    type Key = ApduKey<Wire<B::Pipe>>;

    async fn inserted(&mut self) -> Result<Vec<KeyRef>, KeyError> {
        let granted = B::granted().await?;
        // What is not granted or not plugged any more is nobody's name.
        self.names.retain(|(_, device)| granted.contains(device));
        let names = &self.names;
        self.open.retain(|name, _| names.iter().any(|(known, _)| known == name));
        for device in granted {
            if !self.names.iter().any(|(_, known)| *known == device) {
                self.names.push((KeyRef(format!("{}:{}", B::PREFIX, fresh())), device));
            }
        }
        let mut keys = Vec::new();
        for (name, _) in self.names.clone() {
            match self.key(&name).await {
                // Some other thing with the same numbers, or one that was pulled meanwhile.
                Err(KeyError::NotFound | KeyError::Unsupported | KeyError::Removed) => {}
                Ok(_) => keys.push(name),
                Err(error) => return Err(error),
            }
        }
        Ok(keys)
    }

    async fn key(&mut self, name: &KeyRef) -> Result<&mut Self::Key, KeyError> {
        if !self.open.contains_key(name) {
            let found = self.names.iter().find(|(known, _)| known == name);
            let (_, device) = found.ok_or(KeyError::Removed)?;
            let key = open::<B>(device, self.patience.clone()).await?;
            self.open.insert(name.clone(), key);
        }
        self.open.get_mut(name).ok_or(KeyError::Removed)
    }

    fn forget(&mut self, name: &KeyRef) {
        self.open.remove(name);
    }
}

/// A channel of our own to the device, and our application on it.
///
/// # Errors
/// `Unsupported`, `NotFound`: some other thing with the same numbers. The bus's and the wire's.
pub async fn open<B: Bus>(
    device: &JsValue,
    patience: Rc<Cell<Duration>>,
) -> Result<ApduKey<Wire<B::Pipe>>, KeyError> {
    ApduKey::open(wire::<B>(device, patience).await?).await
}

/// A channel of our own to the device.
///
/// # Errors
/// The bus's and the wire's.
pub async fn wire<B: Bus>(device: &JsValue, patience: Rc<Cell<Duration>>) -> Result<Wire<B::Pipe>, KeyError> {
    let pipe = B::open(device, patience).await?;
    Wire::open(pipe, nonce()).await
}

/// Counted over both buses, so that a name is never used twice in a page.
fn fresh() -> u32 {
    thread_local! {
        static LAST: Cell<u32> = const { Cell::new(0) };
    }
    LAST.with(|last| {
        last.set(last.get() + 1);
        last.get()
    })
}

/// Only tells two openers of one key apart; `Math.random` will do.
fn nonce() -> [u8; 8] {
    (js_sys::Math::random() * 9_007_199_254_740_992.0).to_bits().to_be_bytes()
}

fn origin() -> String {
    let location = js::member(&js_sys::global(), "location");
    location.and_then(|it| js::member(&it, "origin")?.as_string()).unwrap_or_default()
}

/// What the browser throws, as what a person can act on.
pub fn fault(error: &JsValue) -> KeyError {
    match js::error_name(error).as_str() {
        "NotFoundError" => KeyError::Removed,
        "SecurityError" | "NotAllowedError" => KeyError::Denied,
        "AbortError" => KeyError::Cancelled,
        // Another program or tab has claimed it.
        "InvalidStateError" => KeyError::Busy,
        name => KeyError::Transport(if name.is_empty() { "the browser refused".into() } else { name.into() }),
    }
}
