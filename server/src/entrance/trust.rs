//! `/trust…` beside its pages: the plain form of the checker, the statement as a file, and what machines watch.

use super::answer::No;
use super::hall::Hall;
use super::page;
use app::desk::error::ReadRefusal;
use app::desk::trust::{CHECK_PATH, Checked, LIMIT_BYTES, Posted};
use app::desk::{Caller, DeskError};
use axum::Extension;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use std::sync::Arc;

/// Watchers ask again after this; what changed is seen within it.
const MINUTES: &str = "public, max-age=300";

/// `POST /trust/check`: the form without the program, with a text field `text` and a file `file`. Answers the page with
/// the result on it.
pub async fn check(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let checked = read_form(&hall, &caller, request).await;
    page::answering(&hall, CHECK_PATH, caller, Posted(checked)).await
}

async fn read_form(hall: &Hall, caller: &Caller, request: Request) -> Result<Checked, DeskError> {
    let too_large = || DeskError::Unreadable(ReadRefusal::TooLarge { limit_bytes: LIMIT_BYTES as u64 });
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| DeskError::PageOutOfDate)?;
    let mut text = String::new();
    while let Some(field) = form.next_field().await.map_err(|_| too_large())? {
        let file = field.name() == Some("file");
        let bytes = field.bytes().await.map_err(|_| too_large())?;
        if file && !bytes.is_empty() {
            return hall.answer.give(hall.office.trust.check_file(caller.ip, &bytes).await);
        }
        if !file {
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    hall.answer.give(hall.office.trust.check_text(caller.ip, &text).await)
}

/// `GET /trust/cps.txt`
pub async fn statement(State(hall): State<Arc<Hall>>) -> Response {
    let trust = &hall.office.trust;
    let name = format!("attachment; filename=\"cps-{}.txt\"", trust.statement().facts.version);
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, trust.statement_text()).into_response()
}

/// `GET /trust.json`: chains, fingerprints, lists. The tag changes when one of them does.
pub async fn machine(State(hall): State<Arc<Hall>>, headers: HeaderMap) -> Result<Response, No> {
    let view = hall.answer.give(hall.office.trust.machine())?;
    Ok(tagged(&headers, "application/json", view))
}

/// `GET /trust.atom`: one entry an authority's certificate.
pub async fn feed(State(hall): State<Arc<Hall>>, headers: HeaderMap) -> Response {
    tagged(&headers, "application/atom+xml; charset=utf-8", hall.office.trust.feed())
}

/// `GET /helper/office.json`: what `certhall-helper install --office` takes.
pub async fn office(State(hall): State<Arc<Hall>>, headers: HeaderMap) -> Response {
    tagged(&headers, "application/json", hall.office.mandates.office())
}

fn tagged(asked: &HeaderMap, kind: &'static str, text: String) -> Response {
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes())));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let headers = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, MINUTES.to_owned())];
    if known.is_some_and(|known| known.split(',').any(|known| known.trim() == tag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, kind)], text).into_response()
}
