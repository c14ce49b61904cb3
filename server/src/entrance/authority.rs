//! `/authority/{root,issuing}.{crt,pem}`: the certificates that others verify ours with. Public.

use super::hall::Hall;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const AN_HOUR: &str = "public, max-age=3600";

pub async fn certificate(State(hall): State<Arc<Hall>>, Path(name): Path<String>) -> Response {
    let authorities = hall.office.issuing.authorities();
    let (certificate, form) = match name.rsplit_once('.') {
        Some(("root", form)) => (&authorities.root, form),
        Some(("issuing", form)) => (&authorities.issuing.certificate, form),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let (kind, bytes) = match form {
        // RFC 2585: DER.
        "crt" => ("application/pkix-cert", certificate.der().to_vec()),
        "pem" => ("application/x-pem-file", certificate.to_pem().into_bytes()),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, AN_HOUR)], bytes).into_response()
}
