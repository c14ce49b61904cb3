//! How the door answers: what was asked for, or a code, a sentence, and what a programmer needs.

use super::Door;
use crate::entrance::answer::INCIDENT;
use crate::issuing::partner::{Given, PartnerFault, PartnerRefusal};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

#[derive(Serialize)]
struct No<'a> {
    code: &'a str,
    message: &'a str,
    detail: &'a str,
}

impl Door {
    pub(super) fn answer(&self, given: Result<Given, PartnerFault>) -> Response {
        match given {
            Ok(given) => json(StatusCode::OK, &given),
            Err(PartnerFault::Refused(refusal)) => refused(&refusal),
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

pub(super) fn refused(refusal: &PartnerRefusal) -> Response {
    let body = No { code: refusal.code(), message: &refusal.sentence(), detail: refusal.detail() };
    let mut response = json(status(refusal), &body);
    if matches!(refusal, PartnerRefusal::InProgress | PartnerRefusal::Busy | PartnerRefusal::SignerAway) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

pub(super) fn stranger() -> Response {
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
        PartnerRefusal::NotFound | PartnerRefusal::NoSuchAddress => StatusCode::NOT_FOUND,
        PartnerRefusal::OtherMethod => StatusCode::METHOD_NOT_ALLOWED,
        PartnerRefusal::ProfileUnknown(_) => StatusCode::FORBIDDEN,
        PartnerRefusal::NumberTaken
        | PartnerRefusal::InProgress
        | PartnerRefusal::KeyTaken
        | PartnerRefusal::Standing(_) => StatusCode::CONFLICT,
        PartnerRefusal::NumberInvalid
        | PartnerRefusal::NoIssuer(_)
        | PartnerRefusal::SubjectInvalid(_)
        | PartnerRefusal::IdentityInvalid(_)
        | PartnerRefusal::DaysInvalid
        | PartnerRefusal::ReasonUnknown
        | PartnerRefusal::Request(_)
        | PartnerRefusal::Lint(_) => StatusCode::UNPROCESSABLE_ENTITY,
        PartnerRefusal::Busy | PartnerRefusal::SignerAway => StatusCode::SERVICE_UNAVAILABLE,
    }
}
