//! A gate lets so many in at one time and waits so long for each; behind the last resort no panic ends more than its own
//! request.

use super::answer::No;
use super::hall::Hall;
use app::desk::DeskError;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// One class of requests (threat 24): a crowd at this gate does not fill the others' room.
#[derive(Clone)]
pub struct Gate {
    room: Arc<Semaphore>,
    patience: Duration,
}

impl Gate {
    pub fn new(at_once: usize, patience: Duration) -> Gate {
        Gate { room: Arc::new(Semaphore::new(at_once)), patience }
    }
}

/// Full or too slow: 503, and when to come again.
pub async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_room) = gate.room.try_acquire() else { return come_again() };
    let path = request.uri().path().to_owned();
    match tokio::time::timeout(gate.patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(path, "took too long");
            come_again()
        }
    }
}

fn come_again() -> Response {
    let mut response = No(DeskError::SlowDown { retry_after_s: 5 }).into_response();
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

/// The outermost layer: catches what nobody else did, and writes one line a request.
pub async fn last_resort(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response =
        answered.unwrap_or_else(|_| No(hall.answer.broken(&"a panic, see the line before")).into_response());
    let (status, ms) =
        (response.status().as_u16(), u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
    // Files of the bundle are many and tell nothing.
    if method == Method::GET && status < 400 {
        tracing::debug!(%method, path, status, ms, "answered");
    } else {
        tracing::info!(%method, path, status, ms, "answered");
    }
    response
}
