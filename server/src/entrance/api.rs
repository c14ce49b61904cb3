//! `/api/…`: the server functions of `app::desk`.

use super::answer::{INCIDENT, No};
use super::hall::{Hall, provide};
use app::desk::DeskError;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub async fn answer(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    let known = server_fn::axum::get_server_fn_service(request.uri().path(), request.method().clone());
    if known.is_none() {
        // An older page may ask for a function that is gone.
        let mut response = No(DeskError::PageOutOfDate).into_response();
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    }
    let desks = hall.desks.clone();
    let answered = leptos_axum::handle_server_fns_with_context(move || provide(&desks), request).await;
    let mut response = answered.into_response();
    // Arguments that do not fit are refused before any desk is asked, and leptos calls that a fault of ours.
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR && !response.headers().contains_key(INCIDENT) {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}
