//! Owns: the partners' door, `/ra/v1/certificates`: JSON in and out under a bearer token.
//! Never: a cookie, a visit, a page, an answer that is not the door's own JSON.
//! Start at: `guard.rs` (who comes in), then [`router`].

mod answer;
mod guard;

use super::gate::Gate;
use crate::clock::Dice;
use crate::issuing::partner::{Asked, Given, Partner, PartnerFault, PartnerRefusal, Partners};
use crate::office::Office;
use crate::standing::{By, Which};
use crate::status::Status;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use certificate::revocation::Reason;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// A request of 16 KiB, in base64, and its words.
const BODY_BYTES: usize = 32 * 1024;
const AT_ONCE: usize = 1024;
const PATIENCE: Duration = Duration::from_secs(60);

type Who = Extension<Arc<Partner>>;
type Number = Result<Path<String>, PathRejection>;

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
    gate: Gate,
}

pub fn router(office: &Office) -> Router {
    let door = Door {
        partners: office.partners.clone(),
        status: office.status.clone(),
        dice: office.ground.dice.clone(),
        gate: Gate::new(AT_ONCE, PATIENCE),
    };
    Router::new()
        .route("/ra/v1/certificates", post(issue))
        .route("/ra/v1/certificates/{number}", get(find))
        .route("/ra/v1/certificates/{number}/suspend", post(suspend))
        .route("/ra/v1/certificates/{number}/resume", post(resume))
        .route("/ra/v1/certificates/{number}/revoke", post(revoke))
        .route("/ra/{*elsewhere}", any(no_such_address))
        .method_not_allowed_fallback(other_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        // The last layer is the outermost: nothing of a stranger's request is read, and no seat is given away.
        .layer(from_fn_with_state(door.clone(), guard::pass))
        .with_state(door)
}

async fn issue(
    State(door): State<Door>,
    Extension(partner): Who,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let asked = read(body).and_then(|body| serde_json::from_slice::<Asked>(&body).map_err(malformed));
    let given = match asked {
        Ok(asked) => door.partners.issue(partner, asked).await,
        Err(refusal) => Err(refusal.into()),
    };
    door.answer(given)
}

async fn find(State(door): State<Door>, Extension(partner): Who, number: Number) -> Response {
    let given = match known(number) {
        Ok(number) => door.partners.find(&partner, &number).await,
        Err(refusal) => Err(refusal.into()),
    };
    door.answer(given)
}

/// 挂失: what stands under the number is on hold until it is resumed or revoked.
async fn suspend(State(door): State<Door>, Extension(partner): Who, number: Number) -> Response {
    door.change(&partner, number, Ok(Change::Suspend)).await
}

/// 解挂: of the partner's own hold alone.
async fn resume(State(door): State<Door>, Extension(partner): Who, number: Number) -> Response {
    door.change(&partner, number, Ok(Change::Resume)).await
}

async fn revoke(
    State(door): State<Door>,
    Extension(partner): Who,
    number: Number,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let change = read(body).and_then(|body| reason(&body)).map(Change::Revoke);
    door.change(&partner, number, change).await
}

async fn no_such_address() -> Response {
    answer::refused(&PartnerRefusal::NoSuchAddress)
}

/// Which methods there are stands in `Allow`.
async fn other_method() -> Response {
    answer::refused(&PartnerRefusal::OtherMethod)
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
    let why: Why = serde_json::from_slice(body).map_err(malformed)?;
    Reason::from_code(&why.reason).ok_or(PartnerRefusal::ReasonUnknown)
}

fn read(body: Result<Bytes, BytesRejection>) -> Result<Bytes, PartnerRefusal> {
    body.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            PartnerRefusal::TooLarge
        }
        other => PartnerRefusal::Malformed(other.body_text()),
    })
}

fn known(number: Number) -> Result<String, PartnerRefusal> {
    number.map(|Path(number)| number).map_err(|_| PartnerRefusal::NumberInvalid)
}

fn malformed(error: serde_json::Error) -> PartnerRefusal {
    PartnerRefusal::Malformed(error.to_string())
}

impl Door {
    /// Changes how everything under this number stands, and says what then stands.
    async fn change(
        &self,
        partner: &Partner,
        number: Number,
        change: Result<Change, PartnerRefusal>,
    ) -> Response {
        let changed = match known(number).and_then(|number| Ok((number, change?))) {
            Ok((number, change)) => self.make_change(partner, &number, change).await,
            Err(refusal) => Err(refusal.into()),
        };
        self.answer(changed)
    }

    async fn make_change(
        &self,
        partner: &Partner,
        number: &str,
        change: Change,
    ) -> Result<Given, PartnerFault> {
        let given = self.partners.find(partner, number).await?;
        let serial = given.certificates.first().map(|one| one.serial.clone());
        let which = Which::PairOf(serial.ok_or(PartnerRefusal::NotFound)?);
        let by = By::partner(&partner.name, format!("业务编号 {number}"));
        match change {
            Change::Suspend => self.status.suspend(which, by).await,
            Change::Resume => self.status.resume(which, by).await,
            Change::Revoke(reason) => self.status.revoke(which, reason, by).await,
        }?;
        self.partners.find(partner, number).await
    }
}
