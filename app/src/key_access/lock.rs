//! One page at a time at the keys: `navigator.locks`, held for an exchange, or from the first PIN until the page leaves.

use super::js;
use futures::channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use key::KeyError;
use leptos::prelude::set_timeout;
use leptos::wasm_bindgen::{JsValue, closure::Closure};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

const NAME: &str = "certhall-key";

/// The lock, until this is dropped.
pub struct Held {
    release: Function,
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Waits for the lock.
///
/// # Errors
/// `Busy` when another page has not given it within `patience`.
pub async fn hold(patience: Duration) -> Result<Held, KeyError> {
    let unsupported = || KeyError::Unsupported;
    let locks = js::of_navigator("locks").ok_or_else(unsupported)?;
    let controller = js::member(&js_sys::global(), "AbortController").ok_or_else(unsupported)?;
    let controller =
        Reflect::construct(&controller.into(), &js_sys::Array::new()).map_err(|_| KeyError::Unsupported)?;
    let options = Object::new();
    let signal = js::member(&controller, "signal").ok_or_else(unsupported)?;
    let _ = Reflect::set(&options, &"signal".into(), &signal);

    // The lock is ours from the moment the browser calls us until the promise that we give it is resolved.
    let (given, got) = oneshot::channel();
    let given = Rc::new(RefCell::new(Some(given)));
    let inform = given.clone();
    let granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        let held = Promise::new(&mut |resolve, _| {
            if let Some(given) = inform.borrow_mut().take() {
                let _ = given.send(Held { release: resolve });
            }
        });
        held.into()
    });
    let asked = js::promise(&locks, "request", &[&NAME.into(), &options, &granted]);
    // The promise ends with the lock itself: only its refusal is of interest, and that the timer brings.
    leptos::task::spawn_local(async move {
        let _ = asked.await;
    });
    set_timeout(
        move || {
            if given.borrow_mut().take().is_some() {
                let _ = js::call(&controller, "abort", &[]);
            }
        },
        patience,
    );
    got.await.map_err(|_| KeyError::Busy)
}
