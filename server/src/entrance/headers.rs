//! What every answer carries so that no browser makes more of it than it is (ASVS 3.4).

use super::hall::Hall;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// What is no page runs nothing and frames nothing.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // To ourselves the whole address, which the guard needs as `Origin`; to others nothing.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];
/// Two years; set only where the public origin is https.
const HSTS: &str = "max-age=63072000; includeSubDomains";

pub async fn add(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if hall.office.settings.office.public_origin.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    unless_there(headers, header::CONTENT_SECURITY_POLICY, NO_PAGE);
    // Personal unless somebody said otherwise: nothing stays in a shared computer (threat 18).
    unless_there(headers, header::CACHE_CONTROL, "no-store");
    response
}

fn unless_there(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
