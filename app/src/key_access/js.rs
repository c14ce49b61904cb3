//! The browser's objects that no typed interface of ours describes: a member, a call, a promise.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::wasm_bindgen::{JsCast, JsValue, closure::Closure};
use std::future::Future;

/// `object.name`, unless it is missing.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// `object.name` as a number; 0 where it is none.
pub fn number(object: &JsValue, name: &str) -> u32 {
    member(object, name).and_then(|value| value.as_f64()).unwrap_or_default() as u32
}

/// `object.method(…)`.
///
/// # Errors
/// What the browser throws, or that there is no such method.
pub fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let list: Array = arguments.iter().copied().collect();
    Reflect::get(object, &method.into())?.dyn_into::<Function>()?.apply(object, &list)
}

/// `await object.method(…)`. The call itself is made at once, not when the future is first asked.
///
/// # Errors
/// What the browser throws or the promise is rejected with.
pub fn promise(
    object: &JsValue,
    method: &str,
    arguments: &[&JsValue],
) -> impl Future<Output = Result<JsValue, JsValue>> + use<> {
    let begun = call(object, method, arguments);
    async move { wasm_bindgen_futures::JsFuture::from(Promise::resolve(&begun?)).await }
}

/// The name of an exception: `NotFoundError`, `SecurityError` …
pub fn error_name(error: &JsValue) -> String {
    member(error, "name").and_then(|name| name.as_string()).unwrap_or_default()
}

/// `navigator.name`, where this browser has it and this page may use it.
pub fn of_navigator(name: &str) -> Option<JsValue> {
    member(&member(&js_sys::global(), "navigator")?, name)
}

/// An ear that lives as long as this value.
pub struct Ear {
    target: JsValue,
    event: &'static str,
    closure: Closure<dyn FnMut(JsValue)>,
}

impl Ear {
    pub fn new(target: &JsValue, event: &'static str, hear: impl FnMut(JsValue) + 'static) -> Ear {
        let closure = Closure::<dyn FnMut(JsValue)>::new(hear);
        let _ = call(target, "addEventListener", &[&event.into(), closure.as_ref()]);
        Ear { target: target.clone(), event, closure }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = call(&self.target, "removeEventListener", &[&self.event.into(), self.closure.as_ref()]);
    }
}

/// Fills bytes with the browser's own randomness.
///
/// # Errors
/// A browser without any.
pub fn fill_random(bytes: &mut [u8]) -> Result<(), key::KeyError> {
    let none = || key::KeyError::Transport("the browser has no randomness".into());
    let crypto = web_sys::window().and_then(|window| window.crypto().ok()).ok_or_else(none)?;
    crypto.get_random_values_with_u8_array(bytes).map(drop).map_err(|_| none())
}
