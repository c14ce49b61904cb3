//! For whoever watches over the process: does it live, and can it work.

use super::hall::Hall;
use crate::status::Status;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

pub async fn lives() -> &'static str {
    "ok\n"
}

/// 200 when the store answers. A revocation list that is older than its plan is said and keeps nobody out: the rest of the
/// office works.
pub async fn ready(State(hall): State<Arc<Hall>>) -> (StatusCode, String) {
    match tokio::time::timeout(PATIENCE, hall.office.ground.store.read()).await {
        Ok(Ok(_)) => (StatusCode::OK, format!("ready\n{}", overdue(&hall.office.status))),
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n".to_owned())
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store takes too long\n".to_owned()),
    }
}

/// One line for each issuer whose list is late.
fn overdue(status: &Status) -> String {
    let late = status.freshness().into_iter().filter(|one| one.overdue);
    late.map(|one| format!("{}: a revocation list is older than its plan\n", one.issuer)).collect()
}
