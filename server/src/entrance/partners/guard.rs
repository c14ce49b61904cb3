//! Who comes in: the token first, then a seat, then the work. A stranger costs one digest.

use super::{BODY_BYTES, Door, answer};
use crate::entrance::gate::shown;
use crate::issuing::partner::{Partner, PartnerFault, PartnerRefusal};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

pub(super) async fn pass(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let Some(partner) = door.partner(request.headers()) else { return answer::stranger() };
    if announces_too_much(request.headers()) {
        return answer::refused(&PartnerRefusal::TooLarge);
    }
    let path = shown(request.uri().path());
    request.extensions_mut().insert(partner);
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind();
    match door.gate.enter(&path, answered).await {
        Some(Ok(response)) => response,
        Some(Err(_)) => door.answer(Err(PartnerFault::Broken("a panic, see the line before".to_owned()))),
        None => answer::refused(&PartnerRefusal::Busy),
    }
}

/// What says itself that it is too long need not be read; the rest is counted while it comes.
fn announces_too_much(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > BODY_BYTES)
}

impl Door {
    /// Who holds the token of `Authorization: Bearer …`.
    fn partner(&self, headers: &HeaderMap) -> Option<Arc<Partner>> {
        let line = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = line.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(())?;
        self.partners.find_by_token(token.trim())
    }
}
