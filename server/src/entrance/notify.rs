//! `POST /notify/{channel}`: what a payment provider tells us. Who it is from is the till's to verify. And
//! `POST /notify/sms/{carrier}`: what became of text messages; `POST /notify/courier`: where parcels are.

use super::hall::Hall;
use crate::post::sms::read_reports;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use journey::payment::Channel;
use std::sync::Arc;

pub async fn payment(
    State(hall): State<Arc<Hall>>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(channel) = Channel::from_code(&channel) else { return StatusCode::NOT_FOUND.into_response() };
    let plain = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers: Vec<(String, String)> = headers.iter().filter_map(plain).collect();
    match hall.office.till.notice(channel, &headers, &body).await {
        Some(said) => {
            let status = StatusCode::from_u16(said.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, said.content_type)], said.body).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Nobody signs these; see `Post::take_reports` for what little they can change.
pub async fn sms(State(hall): State<Arc<Hall>>, Path(carrier): Path<String>, body: Bytes) -> Response {
    let Some((reports, answer)) = read_reports(&carrier, &body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match hall.office.post.take_reports(reports).await {
        Ok(()) => ([(header::CONTENT_TYPE, "application/json")], answer).into_response(),
        // The carrier tells it again.
        Err(error) => {
            tracing::error!(%error, "delivery reports were not taken down");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Who it is from is dispatch's to verify; a stranger and an unknown parcel hear the same.
pub async fn courier(State(hall): State<Arc<Hall>>, body: Bytes) -> Response {
    match hall.office.dispatch.hear(&body).await {
        Some((kept, answer)) => {
            let status = if kept { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            (status, [(header::CONTENT_TYPE, "application/json")], answer).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
