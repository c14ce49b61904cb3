//! `GET /files/certificates.{csv,json}`: the list of everything issued, for registrars, piece by piece.

use super::answer::No;
use super::desk::member;
use super::hall::Hall;
use crate::registrar::ListForm;
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use std::sync::Arc;

pub async fn list(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Response, No> {
    member(&caller, Role::Registrar)?;
    let who = caller.staff.map(|staff| staff.name).ok_or(DeskError::SignInAgain)?;
    let ending = uri.path().rsplit_once('.').map_or("", |(_, ending)| ending);
    let form = ListForm::from_ending(ending).ok_or(DeskError::NotFound)?;
    let export = hall.office.registrar.export(&who, form);
    let name = format!("attachment; filename=\"certificates-{}.{ending}\"", export.stamp());
    let headers = [(header::CONTENT_TYPE, form.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.inspect_err(|error| tracing::error!(%error, "the list broke off"))?;
        Ok::<_, crate::fault::Fault>(piece.map(|piece| (piece, export)))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}
