//! `/authority/{name}.{crt,pem,p7b}`: the certificates that others verify ours with. Public.

use super::answer::No;
use super::hall::Hall;
use crate::trust::Form;
use app::desk::DeskError;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const AN_HOUR: &str = "public, max-age=3600";

pub async fn certificate(State(hall): State<Arc<Hall>>, Path(file): Path<String>) -> Result<Response, No> {
    let named = file.rsplit_once('.').and_then(|(name, ending)| Some((name, Form::from_ending(ending)?)));
    let (name, form) = named.ok_or(DeskError::NotFound)?;
    let download = hall.answer.give(hall.office.trust.authority_file(name, form))?;
    let headers = [(header::CONTENT_TYPE, download.media_type), (header::CACHE_CONTROL, AN_HOUR)];
    Ok((headers, download.bytes).into_response())
}
