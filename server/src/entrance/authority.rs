//! `/authority/{name}.{crt,pem}`: the certificates that others verify ours with. Public.

use super::hall::Hall;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const AN_HOUR: &str = "public, max-age=3600";

pub async fn certificate(State(hall): State<Arc<Hall>>, Path(name): Path<String>) -> Response {
    let Some((name, form)) = name.rsplit_once('.') else { return StatusCode::NOT_FOUND.into_response() };
    let Some(authority) = hall.office.issuing.authorities().find(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let certificate = &authority.certificate;
    let (kind, bytes) = match form {
        // RFC 2585: DER.
        "crt" => ("application/pkix-cert", certificate.der().to_vec()),
        "pem" => ("application/x-pem-file", certificate.to_pem().into_bytes()),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, AN_HOUR)], bytes).into_response()
}
