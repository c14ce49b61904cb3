//! The partners' door, `/ra/v1/certificates`: JSON in and out under a bearer token. No cookie, no visit, no page: it
//! stands beside the hall, with a gate of its own.

use super::answer::INCIDENT;
use super::gate::{self, Gate};
use crate::clock::Dice;
use crate::issuing::partner::{Asked, Given, Partner, PartnerFault, PartnerRefusal, Partners};
use crate::office::Office;
use crate::standing::{By, Which};
use crate::status::Status;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use certificate::revocation::Reason;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// A request of 16 KiB, in base64, and its words.
const BODY_BYTES: usize = 32 * 1024;
const AT_ONCE: usize = 1024;
const PATIENCE: Duration = Duration::from_secs(60);

enum Change {
    Suspend,
    Resume,
    Revoke(Reason),
}

#[derive(Clone)]
struct Door {
    partners: Partners,
    status: Status,
    dice: Dice,
}

pub fn router(office: &Office) -> Router {
    let door = Door {
        partners: office.partners.clone(),
        status: office.status.clone(),
        dice: office.ground.dice.clone(),
    };
    Router::new()
        .route("/ra/v1/certificates", post(issue))
        .route("/ra/v1/certificates/{number}", get(find))
        .route("/ra/v1/certificates/{number}/suspend", post(suspend))
        .route("/ra/v1/certificates/{number}/resume", post(resume))
        .route("/ra/v1/certificates/{number}/revoke", post(revoke))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(Gate::new(AT_ONCE, PATIENCE), gate::pass))
        .with_state(door)
}

async fn issue(
    State(door): State<Door>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(partner) = door.partner(&headers) else { return stranger() };
    let asked = match body {
        Ok(body) => serde_json::from_slice::<Asked>(&body)
            .map_err(|error| PartnerFault::from(PartnerRefusal::Malformed(error.to_string()))),
        Err(_) => Err(PartnerRefusal::TooLarge.into()),
    };
    let given = match asked {
        Ok(asked) => door.partners.issue(partner, asked).await,
        Err(fault) => Err(fault),
    };
    door.answer(given)
}

async fn find(State(door): State<Door>, headers: HeaderMap, Path(number): Path<String>) -> Response {
    let Some(partner) = door.partner(&headers) else { return stranger() };
    let given = door.partners.find(&partner, &number).await;
    door.answer(given)
}

/// 挂失: what stands under the number is on hold until it is resumed or revoked.
async fn suspend(State(door): State<Door>, headers: HeaderMap, Path(number): Path<String>) -> Response {
    let Some(partner) = door.partner(&headers) else { return stranger() };
    let changed = door.change(&partner, &number, Change::Suspend).await;
    door.answer(changed)
}

async fn resume(State(door): State<Door>, headers: HeaderMap, Path(number): Path<String>) -> Response {
    let Some(partner) = door.partner(&headers) else { return stranger() };
    let changed = door.change(&partner, &number, Change::Resume).await;
    door.answer(changed)
}

async fn revoke(
    State(door): State<Door>,
    headers: HeaderMap,
    Path(number): Path<String>,
    body: Bytes,
) -> Response {
    let Some(partner) = door.partner(&headers) else { return stranger() };
    let changed = match reason(&body) {
        Ok(reason) => door.change(&partner, &number, Change::Revoke(reason)).await,
        Err(refusal) => Err(refusal.into()),
    };
    door.answer(changed)
}

/// The body of a revocation; an empty one gives no reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    reason: String,
}

fn reason(body: &[u8]) -> Result<Reason, PartnerRefusal> {
    if body.is_empty() {
        return Ok(Reason::Unspecified);
    }
    let why: Why = serde_json::from_slice(body).map_err(|e| PartnerRefusal::Malformed(e.to_string()))?;
    Reason::from_code(&why.reason).ok_or(PartnerRefusal::ReasonUnknown)
}

impl Door {
    /// Changes how everything under this number stands, and gives what then stands.
    async fn change(&self, partner: &Partner, number: &str, change: Change) -> Result<Given, PartnerFault> {
        let given = self.partners.find(partner, number).await?;
        let serial = given.certificates.first().map(|one| one.serial.clone());
        let which = Which::PairOf(serial.ok_or(PartnerRefusal::NotFound)?);
        let by = By::new(format!("partner:{}", partner.name), format!("业务编号 {number}"));
        match change {
            Change::Suspend => self.status.suspend(which, by).await,
            Change::Resume => self.status.resume(which, by).await,
            Change::Revoke(reason) => self.status.revoke(which, reason, by).await,
        }?;
        self.partners.find(partner, number).await
    }

    /// Who holds the token of `Authorization: Bearer …`.
    fn partner(&self, headers: &HeaderMap) -> Option<Arc<Partner>> {
        let line = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = line.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(())?;
        self.partners.find_by_token(token.trim())
    }

    fn answer(&self, given: Result<Given, PartnerFault>) -> Response {
        match given {
            Ok(given) => json(StatusCode::OK, &given),
            Err(PartnerFault::Refused(refusal)) => {
                let mut response = json(
                    status(&refusal),
                    &No { code: refusal.code(), message: &refusal.sentence(), detail: refusal.detail() },
                );
                if matches!(
                    refusal,
                    PartnerRefusal::InProgress | PartnerRefusal::Busy | PartnerRefusal::SignerAway
                ) {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
                }
                response
            }
            Err(PartnerFault::Broken(why)) => {
                let mut incident = self.dice.id();
                incident.truncate(8);
                tracing::error!(incident, %why, "broken");
                let message = "系统故障，请以相同业务编号重试；若仍失败请将故障编号告知我们";
                let body = No { code: "broken", message, detail: &incident };
                let mut response = json(StatusCode::INTERNAL_SERVER_ERROR, &body);
                if let Ok(value) = HeaderValue::from_str(&incident) {
                    response.headers_mut().insert(INCIDENT, value);
                }
                response
            }
        }
    }
}

#[derive(Serialize)]
struct No<'a> {
    code: &'a str,
    message: &'a str,
    detail: &'a str,
}

fn stranger() -> Response {
    let message = "访问令牌无效，请核对 Authorization: Bearer 后的令牌";
    let mut response = json(StatusCode::UNAUTHORIZED, &No { code: "token", message, detail: "" });
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn status(refusal: &PartnerRefusal) -> StatusCode {
    match refusal {
        PartnerRefusal::Malformed(_) => StatusCode::BAD_REQUEST,
        PartnerRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        PartnerRefusal::NotFound => StatusCode::NOT_FOUND,
        PartnerRefusal::ProfileUnknown(_) => StatusCode::FORBIDDEN,
        PartnerRefusal::NumberTaken
        | PartnerRefusal::InProgress
        | PartnerRefusal::KeyTaken
        | PartnerRefusal::Standing(_) => StatusCode::CONFLICT,
        PartnerRefusal::NumberInvalid
        | PartnerRefusal::NoIssuer(_)
        | PartnerRefusal::SubjectInvalid(_)
        | PartnerRefusal::DaysInvalid
        | PartnerRefusal::ReasonUnknown
        | PartnerRefusal::Request(_)
        | PartnerRefusal::Lint(_) => StatusCode::UNPROCESSABLE_ENTITY,
        PartnerRefusal::Busy | PartnerRefusal::SignerAway => StatusCode::SERVICE_UNAVAILABLE,
    }
}
