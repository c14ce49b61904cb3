//! Revocation lists and OCSP for everybody: `/crl/{issuer}.crl`, `/crl/{issuer}-delta.crl`, `/ocsp/{issuer}`.
//!
//! Programs ask here, many thousands a second: no visit, no cookie, no compression, no log line stands before these
//! routes.

use crate::status::{List, Reply, Status};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// A signed request with its chain has some thousands.
const LONGEST: usize = 16 * 1024;
/// A question comes whole within this, or waits among the slow ones.
const AT_ONCE: Duration = Duration::from_millis(500);
/// The slow ones: so many at one time, each so long. Whoever sends at once never meets them.
static SLOW: Semaphore = Semaphore::const_new(512);
const PATIENCE: Duration = Duration::from_secs(5);
/// R162: whoever keeps what we say for others keeps it no longer than a change may take to be heard.
const KEEP_S: i64 = 60;

/// In the address: the usual alphabet, with or without its padding (RFC 6960, A.1).
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

pub fn router(status: Status) -> Router {
    Router::new()
        .route("/ocsp/{issuer}", post(ask))
        .route("/ocsp/{issuer}/{*request}", get(ask_by_address))
        .route("/crl/{name}", get(list))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(status)
}

async fn ask(State(status): State<Status>, request: Request) -> Response {
    let path = request.uri().path();
    let issuer = path.strip_prefix("/ocsp/").unwrap_or_default().to_owned();
    let request = match read(request, &SLOW).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    match status.answer(&issuer, &request).await {
        Some(reply) => answer(reply.bytes),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The body, within its time.
async fn read(request: Request, slow: &Semaphore) -> Result<Bytes, Response> {
    let mut whole = pin!(Bytes::from_request(request, &()));
    let read = match timeout(AT_ONCE, &mut whole).await {
        Ok(read) => read,
        Err(_) => {
            let late = StatusCode::REQUEST_TIMEOUT;
            let _room = slow.try_acquire().map_err(|_| late.into_response())?;
            timeout(PATIENCE, whole).await.map_err(|_| late.into_response())?
        }
    };
    read.map_err(IntoResponse::into_response)
}

/// The base64 may hold slashes, and each of its signs may be escaped.
async fn ask_by_address(State(status): State<Status>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().strip_prefix("/ocsp/").unwrap_or_default();
    let (issuer, request) = path.split_once('/').unwrap_or_default();
    let request: Vec<u8> = percent_decode_str(request).collect();
    // What is no base64 is no request either, and the desk says so in its own words.
    let request = BASE64.decode(request).unwrap_or_default();
    match status.answer(issuer, &request).await {
        Some(Reply { bytes, life: Some(life) }) => {
            let tag = ring::digest::digest(&ring::digest::SHA256, &bytes);
            kept(&headers, life, &hex::encode(&tag.as_ref()[..12]), answer(bytes))
        }
        Some(reply) => {
            let mut response = answer(reply.bytes);
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(bytes: Vec<u8>) -> Response {
    typed("application/ocsp-response", Body::from(bytes))
}

async fn list(State(status): State<Status>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(name) = name.strip_suffix(".crl") else { return StatusCode::NOT_FOUND.into_response() };
    let list = match name.strip_suffix("-delta") {
        Some(issuer) => status.list(issuer, true),
        None => status.list(name, false),
    };
    let Some(list) = list else { return StatusCode::NOT_FOUND.into_response() };
    let (life, tag) = ((list.this_update, list.next_update), list.number.to_string());
    // RFC 2585: DER.
    let body = Body::from(Bytes::from_owner(Shared(list)));
    kept(&headers, life, &tag, typed("application/pkix-crl", body))
}

/// The list's bytes, not copied for each reader.
struct Shared(Arc<List>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0.bytes
    }
}

fn typed(kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// What others may keep, and until when (RFC 5019, 6.2); 304 to whoever has it.
fn kept(
    asked: &HeaderMap,
    (this_update, next_update): (i64, i64),
    tag: &str,
    mut response: Response,
) -> Response {
    let tag = format!("\"{tag}\"");
    let since = date(this_update);
    if has_it(asked, &tag, &since) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
    }
    let keep = format!("public, max-age={KEEP_S}, no-transform, must-revalidate");
    let lines: [(HeaderName, String); 4] = [
        (header::CACHE_CONTROL, keep),
        (header::ETAG, tag),
        (header::LAST_MODIFIED, since),
        (header::EXPIRES, date(next_update)),
    ];
    for (name, value) in lines {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// RFC 9110, 13.2.2: the tag counts before the date.
fn has_it(asked: &HeaderMap, tag: &str, since: &str) -> bool {
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    match text(header::IF_NONE_MATCH) {
        Some(tags) => {
            let mut tags = tags.split(',').map(|one| one.trim().trim_start_matches("W/"));
            tags.any(|one| one == "*" || one == tag)
        }
        None => text(header::IF_MODIFIED_SINCE) == Some(since),
    }
}

fn date(unix: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(HTTP_DATE).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;
    use std::time::Instant;

    /// A body of which no more comes.
    fn halting() -> Request {
        let begun = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"0"))]);
        Request::new(Body::from_stream(begun.chain(futures::stream::pending())))
    }

    #[tokio::test]
    async fn the_slow_do_not_fill_the_room_of_those_who_send_at_once() {
        let room = Semaphore::new(1);
        let started = Instant::now();
        let (one, other) = tokio::join!(read(halting(), &room), read(halting(), &room));
        for slow in [one, other] {
            assert_eq!(slow.unwrap_err().status(), StatusCode::REQUEST_TIMEOUT);
        }
        assert!(started.elapsed() < PATIENCE + AT_ONCE * 4);
        assert_eq!(room.available_permits(), 1, "given back");
        room.close();
        assert!(read(halting(), &room).await.is_err(), "no room, no waiting");
        assert_eq!(read(Request::new(Body::from("whole")), &room).await.unwrap(), "whole");
    }

    #[test]
    fn dates_are_those_of_http() {
        assert_eq!(date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn whoever_has_it_need_not_fetch_it() {
        let asked = |name: HeaderName, value: &'static str| {
            HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
        };
        let since = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert!(has_it(&asked(header::IF_NONE_MATCH, "\"6\", W/\"7\""), "\"7\"", since));
        assert!(has_it(&asked(header::IF_NONE_MATCH, "*"), "\"7\"", since));
        assert!(has_it(&asked(header::IF_MODIFIED_SINCE, since), "\"7\"", since));
        assert!(!has_it(&asked(header::IF_NONE_MATCH, "\"77\""), "\"7\"", since));
        assert!(!has_it(&HeaderMap::new(), "\"7\"", since));
    }
}
