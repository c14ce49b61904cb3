//! Owns: everything HTTP: routes, cookies, the guard, pages, files, notices, and how an answer looks on the wire.
//! Never: a rule, a row, a decision: it finds out who asks, asks the desk, and answers.
//! Start at: `routes.rs`, then `guard.rs`.

mod answer;
mod api;
mod authority;
mod body;
mod caller;
mod desk;
mod dist;
mod documents;
mod files;
mod gate;
mod guard;
mod hall;
mod headers;
mod health;
mod issued;
mod notify;
mod page;
mod partners;
mod query;
mod routes;
mod session;
mod status;
mod trust;

pub use page::NoBundle;
pub use routes::router;

use crate::office::Office;
use axum::serve::ListenerExt;
use std::net::SocketAddr;
use std::time::Duration;

/// Answers under way when the office closes are waited for this long.
const LAST_ANSWERS: Duration = Duration::from_secs(8);

/// Lets people in until `closing` is over; answers under way are finished.
///
/// # Errors
/// The browser bundle is missing, or the address is taken; each says what to do.
pub async fn serve(
    office: &Office,
    closing: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let router = routes::router(office)?;
    let wanted = office.settings.office.listen;
    let listener = tokio::net::TcpListener::bind(wanted)
        .await
        .map_err(|error| format!("[office] listen = \"{wanted}\": {error}"))?;
    tracing::info!(address = %listener.local_addr()?, origin = office.settings.office.public_origin, "open");
    // Without this a streamed answer waits for Nagle and the delayed acknowledgement, 40 ms each time.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let (close, closed) = tokio::sync::oneshot::channel();
    let served = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            closing.await;
            let _ = close.send(());
        });
    let too_late = async move {
        let _ = closed.await;
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        served = async { served.await } => served?,
        () = too_late => tracing::warn!("some answers were cut off"),
    }
    Ok(())
}
