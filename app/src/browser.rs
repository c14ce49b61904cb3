//! The few things we ask the browser for beyond leptos: the clock, the local store, focus, visibility.
//!
//! Call these only from effects and handlers: the office renders the same pages and has no browser.

use journey::moment::Moment;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, prelude::Closure};
use std::cell::Cell;
use web_sys::HtmlElement;

/// The clock of this computer: good for counting down, never for a rule (R155).
pub fn now() -> Moment {
    if cfg!(target_arch = "wasm32") {
        Moment::from_millis(js_sys::Date::now() as i64)
    } else {
        Moment::from_millis(0)
    }
}

thread_local! {
    /// Seconds that this computer's clock is ahead of the office's; `None` until it was asked.
    static AHEAD_S: Cell<Option<i64>> = const { Cell::new(None) };
}

/// The office's clock, which every time on a page is of. A computer that is a day off counts down rightly all the same; still
/// never for a rule (R155).
pub fn office_now() -> Moment {
    at_office(now(), AHEAD_S.get().unwrap_or_default())
}

/// Asks the office for its clock, once for a page.
pub async fn learn_office_clock() {
    if AHEAD_S.get().is_none()
        && let Some(ahead) = ahead_of_office().await
    {
        AHEAD_S.set(Some(ahead));
    }
}

/// The answer names whole seconds and took a while: a few of them are no difference.
fn at_office(here: Moment, ahead_s: i64) -> Moment {
    let off = if ahead_s.abs() < 5 { 0 } else { ahead_s };
    Moment::from_millis(here.millis() - off * 1000)
}

/// The page is in front: a hidden tab asks nothing.
pub fn in_front() -> bool {
    document().visibility_state() != web_sys::VisibilityState::Hidden
}

pub fn online() -> bool {
    window().navigator().on_line()
}

/// Keeps a text on this computer; a full or forbidden store is no fault of the page.
pub fn keep(key: &str, text: &str) {
    if let Ok(Some(store)) = window().local_storage() {
        let _ = store.set_item(key, text);
    }
}

pub fn recall(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

pub fn forget(key: &str) {
    if let Ok(Some(store)) = window().local_storage() {
        let _ = store.remove_item(key);
    }
}

/// Puts the focus on the first element that matches, once the page has settled.
pub fn focus(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// The element with this id is brought into view and focused (error summaries link so).
pub fn focus_id(id: &str) {
    if let Some(element) =
        document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        element.scroll_into_view();
        let _ = element.focus();
    }
}

/// Puts a text on the clipboard; the browser may refuse, and then the text can still be marked by hand.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

/// Reads a file as a `data:` address; `None` when the browser cannot.
pub fn read_file(file: &web_sys::File, done: impl FnOnce(Option<String>) + 'static) {
    let Ok(reader) = web_sys::FileReader::new() else { return done(None) };
    let answer = reader.clone();
    let finished = Closure::once_into_js(move || {
        done(answer.result().ok().and_then(|result| result.as_string()));
    });
    reader.set_onloadend(Some(finished.unchecked_ref()));
    let _ = reader.read_as_data_url(file);
}

/// Reads a file as text in UTF-8, or where that does not fit in the encoding of Chinese spreadsheets; `None` when the browser
/// cannot.
pub fn read_text(file: &web_sys::File, done: impl FnOnce(Option<String>) + 'static) {
    let again = file.clone();
    read_as(file, "utf-8", move |text| match text {
        Some(text) if text.contains('\u{fffd}') => read_as(&again, "gb18030", done),
        other => done(other),
    });
}

fn read_as(file: &web_sys::File, encoding: &str, done: impl FnOnce(Option<String>) + 'static) {
    let Ok(reader) = web_sys::FileReader::new() else { return done(None) };
    let answer = reader.clone();
    let finished = Closure::once_into_js(move || {
        done(answer.result().ok().and_then(|result| result.as_string()));
    });
    reader.set_onloadend(Some(finished.unchecked_ref()));
    let _ = reader.read_as_text_with_label(file, encoding);
}

pub fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// What stands behind the `#` of the address, which it leaves: a secret is not to be seen, shared or opened again.
pub fn take_fragment() -> Option<String> {
    let location = window().location();
    let fragment =
        location.hash().ok()?.strip_prefix('#').map(str::to_owned).filter(|text| !text.is_empty())?;
    let history = window().history().ok()?;
    let _ = history.replace_state_with_url(
        &leptos::wasm_bindgen::JsValue::NULL,
        "",
        location.pathname().ok().as_deref(),
    );
    Some(fragment)
}

/// True once the handlers of this page are attached: controls that need them are disabled until then, so that nothing
/// that a quick person types is lost.
pub fn use_alive() -> ReadSignal<bool> {
    let (alive, set_alive) = signal(false);
    Effect::new(move || set_alive.set(true));
    alive
}

/// Calls `work` every `millis` while the current owner lives. Nothing happens on the office's side.
pub fn every(millis: u64, work: impl Fn() + Send + Sync + 'static) {
    let work = StoredValue::new(work);
    Effect::new(move || {
        let tick = move || {
            let _ = work.try_with_value(|work| work());
        };
        if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_millis(millis)) {
            on_cleanup(move || handle.clear());
        }
    });
}

/// The id of the element that has the focus.
pub fn focused_id() -> Option<String> {
    document().active_element().map(|element| element.id())
}

/// Asks for a plain text of our own; `None` when it does not come.
pub fn fetch_text(path: &str, done: impl FnOnce(Option<String>) + 'static) {
    let Ok(request) = web_sys::XmlHttpRequest::new() else { return done(None) };
    if request.open("GET", path).is_err() {
        return done(None);
    }
    let answer = request.clone();
    let finished = Closure::once_into_js(move || {
        let text = answer.response_text().ok().flatten();
        done(text.filter(|_| answer.status().is_ok_and(|status| status == 200)));
    });
    request.set_onloadend(Some(finished.unchecked_ref()));
    let _ = request.send();
}

/// Whether the browser takes this page as secure: only then may it use devices.
pub fn is_secure() -> bool {
    cfg!(target_arch = "wasm32") && window().is_secure_context()
}

pub fn user_agent() -> String {
    window().navigator().user_agent().unwrap_or_default()
}

/// Seconds that this computer's clock is ahead of the office's, by the `Date` of an answer; `None` without one.
pub async fn ahead_of_office() -> Option<i64> {
    let (tell, told) = futures::channel::oneshot::channel();
    let request = web_sys::XmlHttpRequest::new().ok()?;
    request.open("GET", "/healthz").ok()?;
    let answer = request.clone();
    let finished = Closure::once_into_js(move || {
        let _ = tell.send(answer.get_response_header("date").ok().flatten());
    });
    request.set_onloadend(Some(finished.unchecked_ref()));
    request.send().ok()?;
    let date = told.await.ok().flatten()?;
    let office = js_sys::Date::parse(&date);
    (!office.is_nan()).then(|| ((js_sys::Date::now() - office) / 1000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r155_a_computer_that_is_a_day_off_counts_by_the_offices_clock() {
        let office = Moment::from_millis(1_795_335_480_000);
        for days in [-1, 1] {
            let ahead_s = days * 86_400;
            assert_eq!(at_office(office.plus_days(days), ahead_s), office);
        }
        assert_eq!(at_office(office, 2), office, "the answer's own way is no difference");
    }
}
