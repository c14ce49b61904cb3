//! For whoever watches over the process: does it live, and can it work.

use super::hall::Hall;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

pub async fn lives() -> &'static str {
    "ok\n"
}

/// 200 when the store answers.
pub async fn ready(State(hall): State<Arc<Hall>>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(PATIENCE, hall.office.ground.store.read()).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store takes too long\n"),
    }
}
