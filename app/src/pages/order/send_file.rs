//! One upload on its way: a plain request, because only it can say how far it is (`desk/evidence.rs`).

use crate::desk::DeskError;
use crate::desk::orders::OrderView;
use leptos::wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{File, ProgressEvent, XmlHttpRequest};

/// Sends the file as the body of `POST path`. `progress` hears 0 to 100; `done` the order as it then stands, or why not.
pub fn send_file(
    path: &str,
    file: &File,
    order_version: i64,
    progress: impl Fn(u32) + 'static,
    done: impl FnOnce(Result<OrderView, DeskError>) + 'static,
) {
    let Some(request) = prepared("POST", path, order_version) else { return done(Err(DeskError::Offline)) };
    if !file.type_().is_empty() {
        let _ = request.set_request_header("content-type", &file.type_());
    }
    if let Ok(upload) = request.upload() {
        let heard = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                progress((event.loaded() / event.total() * 100.0) as u32);
            }
        });
        upload.set_onprogress(Some(heard.into_js_value().unchecked_ref()));
    }
    answered(&request, done);
    let _ = request.send_with_opt_blob(Some(file));
}

/// `DELETE path`: removes what was uploaded.
pub fn remove_file(
    path: &str,
    order_version: i64,
    done: impl FnOnce(Result<OrderView, DeskError>) + 'static,
) {
    let Some(request) = prepared("DELETE", path, order_version) else { return done(Err(DeskError::Offline)) };
    answered(&request, done);
    let _ = request.send();
}

fn prepared(method: &str, path: &str, order_version: i64) -> Option<XmlHttpRequest> {
    let request = XmlHttpRequest::new().ok()?;
    request.open(method, path).ok()?;
    request.set_request_header("x-order-version", &order_version.to_string()).ok()?;
    request.set_request_header("accept", "application/json").ok()?;
    Some(request)
}

fn answered(request: &XmlHttpRequest, done: impl FnOnce(Result<OrderView, DeskError>) + 'static) {
    let answer = request.clone();
    let finished = Closure::once_into_js(move || {
        let status = answer.status().unwrap_or(0);
        let text = answer.response_text().ok().flatten().unwrap_or_default();
        done(read(status, &text));
    });
    request.set_onloadend(Some(finished.unchecked_ref()));
}

/// Status 0 is a request that never came through.
fn read(status: u16, text: &str) -> Result<OrderView, DeskError> {
    match status {
        0 => Err(DeskError::Offline),
        200 => serde_json::from_str(text).map_err(|_| DeskError::PageOutOfDate),
        _ => Err(serde_json::from_str(text)
            .unwrap_or_else(|_| DeskError::Broken { incident: format!("http-{status}") })),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::desk::DeskError;
    use crate::desk::error::FileRefusal;

    #[test]
    fn an_answer_is_read_by_its_status_r136() {
        let refusal = DeskError::File(FileRefusal::WrongType);
        let text = serde_json::to_string(&refusal).expect("plain");
        assert_eq!(read(422, &text).err(), Some(refusal));
        assert_eq!(read(0, "").err(), Some(DeskError::Offline));
        assert_eq!(read(200, "<html>").err(), Some(DeskError::PageOutOfDate));
        assert_eq!(read(502, "Bad Gateway").err(), Some(DeskError::Broken { incident: "http-502".into() }));
    }
}
