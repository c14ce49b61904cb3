//! `/files/…`: uploads and what a person may look at or take home (`app::desk::evidence`).

use super::answer::No;
use super::body;
use super::desk::{at_hand, member, visit};
use super::hall::Hall;
use crate::evidence::{Looker, Shown};
use crate::fault::Fault;
use crate::invoices::{Colour, Form};
use crate::replacement;
use app::desk::evidence::LIMIT_BYTES;
use app::desk::orders::OrderView;
use app::desk::staff::Role;
use app::desk::{Caller, DeskError};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use journey::evidence::EvidenceKind;
use std::sync::Arc;

/// Whatever a file claims to be, it runs nothing (threat 12).
const SANDBOX: &str = "default-src 'none'; sandbox";

/// `POST /files/evidence/{number}/{kind}`: the body is the file; answers the order as it then stands.
pub async fn add(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path((number, kind)): Path<(String, String)>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<OrderView>, No> {
    let visit = at_hand(&caller, &number)?;
    let kind = EvidenceKind::from_code(&kind).ok_or(DeskError::NotFound)?;
    let seen = version(&headers)?;
    // Whoever may not upload is told before the bytes are taken.
    hall.answer.give(hall.office.orders.view(&visit, &number).await)?;
    let upload = body::read(&headers, body, LIMIT_BYTES).await?;
    hall.answer.give(hall.office.evidence.add(&visit.0, number.clone(), seen, kind, upload).await)?;
    Ok(Json(hall.answer.give(hall.office.orders.view(&visit, &number).await)?))
}

/// `DELETE /files/evidence/{number}/{kind}`
pub async fn remove(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path((number, kind)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<OrderView>, No> {
    let visit = at_hand(&caller, &number)?;
    let kind = EvidenceKind::from_code(&kind).ok_or(DeskError::NotFound)?;
    let seen = version(&headers)?;
    hall.answer.give(hall.office.evidence.remove(&visit.0, number.clone(), seen, kind).await)?;
    Ok(Json(hall.answer.give(hall.office.orders.view(&visit, &number).await)?))
}

/// The version that the page had on the screen (R158).
fn version(headers: &HeaderMap) -> Result<Option<i64>, DeskError> {
    let Some(version) = headers.get("x-order-version") else { return Ok(None) };
    let version = version.to_str().ok().and_then(|version| version.parse().ok());
    version.map(Some).ok_or(DeskError::PageOutOfDate)
}

/// `GET /files/evidence/{id}`: the applicant's own, or a reviewer's to look at.
pub async fn show(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, No> {
    for looker in lookers(&caller)? {
        match hall.office.evidence.show(&looker, &id).await {
            Err(Fault::NotFound) => {}
            shown => return Ok(picture(hall.answer.give(shown)?)),
        }
    }
    Err(No(DeskError::NotFound))
}

/// `GET /files/seal/{id}`: the seal cut out of that scan, for the same.
pub async fn seal(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, No> {
    for looker in lookers(&caller)? {
        match hall.office.evidence.show_seal(&looker, &id).await {
            Err(Fault::NotFound) => {}
            shown => return Ok(picture(hall.answer.give(shown)?)),
        }
    }
    Err(No(DeskError::NotFound))
}

/// As whom this caller may look at evidence.
fn lookers(caller: &Caller) -> Result<Vec<Looker>, No> {
    let reviewer = caller.staff.as_ref().filter(|staff| staff.roles.contains(&Role::Reviewer));
    let mut lookers = Vec::new();
    lookers.extend(visit(caller).ok().map(|visit| Looker::Visit(visit.0)));
    lookers.extend(caller.phone.as_ref().map(|phone| Looker::Phone { order_id: phone.order_id.clone() }));
    lookers.extend(reviewer.map(|staff| Looker::Staff(staff.id.clone())));
    if lookers.is_empty() {
        let signed_in = caller.staff.is_some();
        return Err(No(if signed_in { DeskError::NotYourDesk } else { DeskError::SignInAgain }));
    }
    Ok(lookers)
}

fn picture(shown: Shown) -> Response {
    let place = if shown.media_type.starts_with("image/") { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, shown.media_type),
        (header::CONTENT_DISPOSITION, place.to_owned()),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
    ];
    (headers, shown.bytes).into_response()
}

/// `GET /files/invoice/{number}.pdf` and `.xml` (R027); `{number}.red.pdf` is of the red letter.
pub async fn invoice(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, No> {
    let visit = visit(&caller)?;
    let (number, form, kind) = match name.rsplit_once('.') {
        Some((number, "pdf")) => (number, Form::Pdf, "application/pdf"),
        Some((number, "xml")) => (number, Form::Xml, "application/xml"),
        _ => return Err(No(DeskError::NotFound)),
    };
    let (number, colour) = match number.strip_suffix(".red") {
        Some(number) => (number, Colour::Red),
        None => (number, Colour::Blue),
    };
    let document = hall.office.invoices.document_for(&visit.0, number, colour, form).await;
    let document = hall.answer.give(document)?;
    // The number is an order's, or the desk had found nothing: digits alone.
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
    ];
    Ok((headers, document).into_response())
}

/// `GET /files/signature/{number}.pdf`: the signed application, the applicant's own or a reviewer's to look at (A41).
pub async fn signature(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Response, No> {
    let number = name.strip_suffix(".pdf").ok_or(DeskError::NotFound)?;
    let looker = match member(&caller, Role::Reviewer) {
        Ok(staff) => replacement::Looker::Staff(staff),
        Err(_) => replacement::Looker::Visit(visit(&caller)?.0),
    };
    let document = hall.answer.give(hall.office.replacements.document_for(&looker, number).await)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
    ];
    Ok((headers, document).into_response())
}

/// `GET /files/recovery/{number}`: the pairs of an approved case, for the custodian who filed it.
pub async fn recovered(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
) -> Result<Response, No> {
    let custodian = member(&caller, Role::Custodian)?;
    let package = hall.answer.give(hall.office.recovery.fetch(&custodian, number).await)?;
    // The number is a case's, or the desk had found nothing.
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", package.file_name)),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
    ];
    Ok((headers, package.text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_is_no_number_is_an_old_page_r158() {
        let mut headers = HeaderMap::new();
        assert_eq!(version(&headers), Ok(None));
        headers.insert("x-order-version", "17".parse().unwrap());
        assert_eq!(version(&headers), Ok(Some(17)));
        headers.insert("x-order-version", "seventeen".parse().unwrap());
        assert_eq!(version(&headers), Err(DeskError::PageOutOfDate));
    }

    #[test]
    fn a_picture_runs_nothing_r136() {
        let shown = picture(Shown { media_type: "image/png".into(), bytes: vec![1] });
        assert_eq!(shown.headers()[header::CONTENT_DISPOSITION], "inline");
        assert_eq!(shown.headers()[header::CONTENT_SECURITY_POLICY], SANDBOX);
        let other = picture(Shown { media_type: "text/html".into(), bytes: vec![1] });
        assert_eq!(other.headers()[header::CONTENT_DISPOSITION], "attachment");
    }
}
