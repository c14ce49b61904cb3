//! `/files/…`: papers of the counter: the sheet to sign (R041) and the text that was agreed to (R151).

use super::answer::No;
use super::desk::visit;
use super::hall::Hall;
use app::desk::Caller;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::sync::Arc;

/// `GET /files/seal_sheet`
pub async fn blank_sheet(State(hall): State<Arc<Hall>>) -> Result<Response, No> {
    let pdf = hall.answer.give(hall.office.evidence.blank_sheet().await)?;
    Ok(document("application/pdf", "个人签章采样表.pdf", pdf))
}

/// `GET /files/seal_sheet/{number}`
pub async fn sheet(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
) -> Result<Response, No> {
    let visit = visit(&caller)?;
    let pdf = hall.answer.give(hall.office.evidence.sheet(&visit.0, &number).await)?;
    Ok(document("application/pdf", "个人签章采样表.pdf", pdf))
}

/// `GET /files/agreement/{number}/{version}`
pub async fn agreement(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path((number, version)): Path<(String, String)>,
) -> Result<Response, No> {
    let visit = visit(&caller)?;
    let text = hall.answer.give(hall.office.orders.agreement_text(&visit, &number, &version).await)?;
    Ok(document("text/plain; charset=utf-8", "数字证书服务协议.txt", text.into_bytes()))
}

/// A file to keep, under a Chinese name (RFC 6266, 5).
fn document(content_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, bytes).into_response()
}
