//! The way to the extension's worker: a port that the browser gives to the page (Chromium), or the extension's own script in
//! this page, which hands messages on (Firefox; `helper/extension_firefox/bridge.js`).

use super::js::{Ear, call, member};
use js_sys::{JSON, Object, Reflect};
use key::message::EXTENSION_ID;
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use std::cell::RefCell;

thread_local! {
    /// Lives as long as the page.
    static EAR: RefCell<Option<Ear>> = const { RefCell::new(None) };
}

/// Something that messages can be given to. The two differ in nothing else.
#[derive(Clone, PartialEq)]
pub enum Port {
    Extension(JsValue),
    /// There is one in a page, whoever uses it.
    Bridge,
}

/// What a port says, as JSON text, and that it has closed.
pub enum Said {
    Message(String),
    Closed,
}

impl Port {
    /// A new port with ears on it. `None`: there is no extension, or it does not know this site.
    pub fn open(hear: fn(&Port, Said)) -> Option<Port> {
        runtime().map_or_else(|| bridge(hear), |runtime| connect(&runtime, hear))
    }

    /// Whether it was taken; a port that has closed takes nothing.
    pub fn post(&self, message: &JsValue) -> bool {
        match self {
            Port::Extension(port) => call(port, "postMessage", &[message]).is_ok(),
            Port::Bridge => to_bridge("ask", message),
        }
    }

    pub fn close(&self) {
        // One that is closed already needs no closing.
        match self {
            Port::Extension(port) => drop(call(port, "disconnect", &[])),
            Port::Bridge => drop(to_bridge("close", &JsValue::UNDEFINED)),
        }
    }
}

/// Without the extension Chromium shows no `chrome.runtime` to the page, or a port that closes at once.
fn connect(runtime: &JsValue, hear: fn(&Port, Said)) -> Option<Port> {
    let opened = call(runtime, "connect", &[&EXTENSION_ID.into()]).ok()?;
    let port = Port::Extension(opened.clone());
    // Two small closures a port live as long as the page; a page opens a handful of ports at most.
    let this = port.clone();
    let on_message = Closure::<dyn FnMut(JsValue)>::new(move |message: JsValue| {
        hear(&this, Said::Message(text(&message)));
    });
    let this = port.clone();
    let on_close = Closure::<dyn FnMut()>::new(move || {
        // Reading the reason keeps the browser from reporting it as unseen.
        let _ = self::runtime().and_then(|runtime| member(&runtime, "lastError"));
        hear(&this, Said::Closed);
    });
    for (event, ear) in
        [("onMessage", on_message.into_js_value()), ("onDisconnect", on_close.into_js_value())]
    {
        call(&member(&opened, event)?, "addListener", &[&ear]).ok()?;
    }
    Some(port)
}

fn bridge(hear: fn(&Port, Said)) -> Option<Port> {
    let document = member(&js_sys::global(), "document")?;
    let marks = member(&member(&document, "documentElement")?, "dataset")?;
    member(&marks, "certhallBridge")?;
    EAR.with_borrow_mut(|ear| {
        ear.get_or_insert_with(|| {
            let window: JsValue = js_sys::global().into();
            Ear::new(&window.clone(), "message", move |event| {
                if member(&event, "source").as_ref() != Some(&window) {
                    return;
                }
                let Some(data) = member(&event, "data") else { return };
                match member(&data, "certhall").and_then(|kind| kind.as_string()).as_deref() {
                    Some("answer") => {
                        let message = member(&data, "message").unwrap_or(JsValue::NULL);
                        hear(&Port::Bridge, Said::Message(text(&message)));
                    }
                    Some("closed") => hear(&Port::Bridge, Said::Closed),
                    _ => {}
                }
            })
        });
    });
    Some(Port::Bridge)
}

fn to_bridge(kind: &str, message: &JsValue) -> bool {
    let envelope = Object::new();
    let set = Reflect::set(&envelope, &"certhall".into(), &kind.into())
        .and_then(|_| Reflect::set(&envelope, &"message".into(), message));
    let origin = member(&js_sys::global(), "location").and_then(|location| member(&location, "origin"));
    let Some(origin) = origin.filter(|_| set.is_ok()) else { return false };
    call(&js_sys::global(), "postMessage", &[envelope.unchecked_ref(), &origin]).is_ok()
}

fn text(message: &JsValue) -> String {
    message.as_string().or_else(|| JSON::stringify(message).ok().map(String::from)).unwrap_or_default()
}

fn runtime() -> Option<JsValue> {
    let runtime = member(&member(&js_sys::global(), "chrome")?, "runtime")?;
    member(&runtime, "connect").map(|_| runtime)
}
