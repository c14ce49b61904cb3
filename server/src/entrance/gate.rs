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

    /// Gives the answer a seat. `None`: there is none, or it takes too long.
    pub async fn enter<T>(&self, path: &str, answer: impl Future<Output = T>) -> Option<T> {
        let _room = self.room.try_acquire().ok()?;
        let answered = tokio::time::timeout(self.patience, answer).await;
        if answered.is_err() {
            tracing::warn!(path, "took too long");
        }
        answered.ok()
    }
}

/// Full or too slow: 503, and when to come again.
pub async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let path = shown(request.uri().path());
    gate.enter(&path, next.run(request)).await.unwrap_or_else(come_again)
}

fn come_again() -> Response {
    let mut response = No(DeskError::SlowDown { retry_after_s: 5 }).into_response();
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

/// The outermost layer: catches what nobody else did, and writes one line a request.
pub async fn last_resort(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), shown(request.uri().path()));
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

/// A path as the log may have it: of what a person may have typed into the address (a number, a name) nothing stays, but
/// an order's number, which begins with its day, and the ids of files (R141).
pub fn shown(path: &str) -> String {
    let part = |part: &str| if tells_nothing(part) { part.to_owned() } else { "…".to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn tells_nothing(part: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let name = part.split('.').next().unwrap_or_default();
    let order = name.len() == 18 && digits == 18 && name.starts_with("20");
    let id = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let file = part.contains('.') && part.starts_with(|first: char| first.is_ascii_lowercase());
    part.len() <= 80 && part.bytes().all(plain) && (digits < 6 || order || id || file)
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn r141_a_path_in_the_log_tells_nothing_of_a_person() {
        for kept in [
            "/",
            "/api/orders/phone/send",
            "/orders/202611221234567890",
            "/files/invoice/202611221234567890.pdf",
            "/files/evidence/202611221234567890/business_licence",
            "/files/evidence/0123456789abcdef0123456789abcdef",
            "/frontend-0123456789abcdef_bg.wasm",
        ] {
            assert_eq!(shown(kept), kept);
        }
        // An ID number, a credit code, a phone, a card, a name as the browser sends it.
        for typed in [
            "110105194912310021",
            "91110108MA0012345X",
            "13800138000",
            "138-0013-8000",
            "6225880137000008",
            "%E5%BC%A0%E4%B8%89",
        ] {
            assert_eq!(shown(&format!("/orders/{typed}")), "/orders/…");
        }
    }
}
