//! The guard at the door: what changes something comes from our own pages, and in the form that only they can send
//! (threat 21). leptos checks neither.

use super::answer::No;
use super::gate::shown;
use super::hall::Hall;
use app::desk::DeskError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Refuses what another site's page made the browser send. Notices come from no page and have signatures of their own.
pub async fn same_origin(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let notice = request.uri().path().starts_with("/notify/");
    if reads || notice || from_our_page(&hall.office.settings.office.public_origin, request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!(path = shown(request.uri().path()), origin = ?request.headers().get(header::ORIGIN), "not from our page");
    (StatusCode::FORBIDDEN, "This request does not come from a page of ours.\n").into_response()
}

/// Every browser says it in `Sec-Fetch-Site`, older ones in `Origin`; who says neither is no browser with our page.
fn from_our_page(public_origin: &str, headers: &HeaderMap) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == public_origin,
        (None, None) => false,
    }
}

/// Server functions take JSON and give JSON. A plain form cannot send it, and to `Accept: text/html` leptos would answer
/// with a redirect that carries the error in its address.
pub async fn json_only(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if says(headers, header::ACCEPT, "text/html") {
        return (StatusCode::NOT_ACCEPTABLE, "This address answers in JSON.\n").into_response();
    }
    if *request.method() == Method::POST && !is_json(headers) {
        let mut response = No(DeskError::PageOutOfDate).into_response();
        *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return response;
    }
    next.run(request).await
}

fn says(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    let mut lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.any(|line| line.to_ascii_lowercase().contains(word))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "https://ca.example";

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>()
    }

    #[test]
    fn our_own_page_may_change_things() {
        assert!(from_our_page(HOME, &headers(&[("sec-fetch-site", "same-origin"), ("origin", HOME)])));
        assert!(from_our_page(HOME, &headers(&[("sec-fetch-site", "same-origin")])));
        assert!(from_our_page(HOME, &headers(&[("origin", HOME)])));
    }

    #[test]
    fn another_page_may_not() {
        for lines in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
            // A subdomain, and a page that forges the older of the two.
            &[("sec-fetch-site", "same-site"), ("origin", "https://shop.ca.example")],
            &[("sec-fetch-site", "cross-site"), ("origin", HOME)],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://ca.example.evil.example")],
            &[("origin", "http://ca.example")],
            &[("origin", "null")],
            &[],
        ] {
            assert!(!from_our_page(HOME, &headers(lines)), "{lines:?}");
        }
    }

    #[test]
    fn json_is_json_by_its_own_name() {
        assert!(is_json(&headers(&[("content-type", "application/json; charset=utf-8")])));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "text/plain; a=application/json", ""]
        {
            assert!(!is_json(&headers(&[("content-type", kind)])), "{kind}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
