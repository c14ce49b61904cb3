//! THE ONE MAPPING: what went wrong at a desk → what a person may hear → the status line.

use crate::clock::Dice;
use crate::fault::Fault;
use app::desk::DeskError;
use app::desk::error::{CodeRefusal, FileRefusal};
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Names the incident beside the body: whoever has the answer finds the line in the log.
pub const INCIDENT: HeaderName = HeaderName::from_static("x-incident");

/// Turns faults into answers; what is ours gets an incident number and a line in the log.
#[derive(Clone)]
pub struct Answer {
    dice: Dice,
}

impl Answer {
    pub fn new(dice: Dice) -> Answer {
        Answer { dice }
    }

    /// # Errors
    /// What of the fault a person may hear.
    pub fn give<T>(&self, result: Result<T, Fault>) -> Result<T, DeskError> {
        result.map_err(|fault| self.say(fault))
    }

    pub fn say(&self, fault: Fault) -> DeskError {
        match fault {
            Fault::Refused(refusal) => DeskError::Refused(refusal),
            Fault::Changed => DeskError::Changed,
            Fault::NotFound => DeskError::NotFound,
            Fault::SignInAgain => DeskError::SignInAgain,
            Fault::SignInRefused => DeskError::SignInRefused,
            Fault::NotYourDesk => DeskError::NotYourDesk,
            Fault::Fields(fields) => DeskError::Fields(fields),
            Fault::Code(refusal) => DeskError::Code(refusal),
            Fault::File(refusal) => DeskError::File(refusal),
            Fault::Proof(refusal) => {
                tracing::warn!(refusal = refusal.code(), "a key does not prove what it must");
                DeskError::Proof(refusal)
            }
            Fault::Standing(refusal) => DeskError::Standing(refusal),
            Fault::Recovery(refusal) => {
                tracing::warn!(refusal = refusal.code(), "a judicial recovery does not go on");
                DeskError::Recovery(refusal)
            }
            Fault::Unreadable(refusal) => DeskError::Unreadable(refusal),
            Fault::SlowDown { retry_after_s } => DeskError::SlowDown { retry_after_s },
            Fault::Partner { partner, error } => {
                tracing::warn!(partner, %error, "a partner did not do what was asked");
                DeskError::PartnerAway { partner: partner.to_owned() }
            }
            ours @ (Fault::Store(_)
            | Fault::Seal(_)
            | Fault::Certificate(_)
            | Fault::Disk(_)
            | Fault::Document(_)) => self.broken(&ours),
        }
    }

    /// A fault of ours: the person hears a number, the log the rest.
    pub fn broken(&self, why: &dyn std::fmt::Display) -> DeskError {
        let mut incident = self.dice.id();
        incident.truncate(8);
        tracing::error!(incident, %why, "broken");
        DeskError::Broken { incident }
    }
}

pub fn status(error: &DeskError) -> StatusCode {
    match error {
        DeskError::Refused(_)
        | DeskError::Standing(_)
        | DeskError::Recovery(_)
        | DeskError::Changed
        | DeskError::PageOutOfDate => StatusCode::CONFLICT,
        DeskError::Code(CodeRefusal::TooSoon { .. } | CodeRefusal::DailyLimit)
        | DeskError::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        DeskError::File(FileRefusal::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE,
        DeskError::File(FileRefusal::WrongType) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        DeskError::Fields(_)
        | DeskError::Code(_)
        | DeskError::File(_)
        | DeskError::Proof(_)
        | DeskError::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        DeskError::SignInAgain | DeskError::SignInRefused => StatusCode::UNAUTHORIZED,
        DeskError::NotYourDesk => StatusCode::FORBIDDEN,
        DeskError::NotFound => StatusCode::NOT_FOUND,
        DeskError::PartnerAway { .. } => StatusCode::BAD_GATEWAY,
        // The connection broke off: nobody reads this.
        DeskError::Offline => StatusCode::REQUEST_TIMEOUT,
        DeskError::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What goes beside the body.
fn beside(error: &DeskError) -> Option<(HeaderName, HeaderValue)> {
    match error {
        DeskError::SlowDown { retry_after_s: wait }
        | DeskError::Code(CodeRefusal::TooSoon { wait_s: wait }) => {
            Some((header::RETRY_AFTER, HeaderValue::from(*wait)))
        }
        DeskError::Broken { incident } => Some((INCIDENT, HeaderValue::from_str(incident).ok()?)),
        _ => None,
    }
}

/// The answer of a plain route: status, and the error as JSON.
pub struct No(pub DeskError);

impl From<DeskError> for No {
    fn from(error: DeskError) -> No {
        No(error)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let mut response = (status(&self.0), Json(&self.0)).into_response();
        if let Some((name, value)) = beside(&self.0) {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// The status line of a server function: leptos writes the body, and 500 where nobody says otherwise.
pub fn on_the_wire(error: &DeskError) {
    let Some(options) = use_context::<ResponseOptions>() else { return };
    options.set_status(status(error));
    if let Some((name, value)) = beside(error) {
        options.insert_header(name, value);
    }
}

/// The status line of a page: it says in words what is wrong, so that only what a machine must know is told.
pub fn on_a_page(error: &DeskError) {
    if matches!(error, DeskError::NotFound | DeskError::Broken { .. } | DeskError::SlowDown { .. }) {
        on_the_wire(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;
    use crate::outside::CallError;
    use crate::store::StoreError;
    use app::desk::error::StandingRefusal;
    use journey::refusal::Refusal;
    use std::sync::Arc;

    fn answer() -> Answer {
        Answer::new(Dice::new(Arc::new(SystemEntropy::default())))
    }

    #[test]
    fn each_answer_has_its_status() {
        let broken = DeskError::Broken { incident: "0".into() };
        let all = [
            (DeskError::Refused(Refusal::NothingDue), 409),
            (DeskError::Fields(Vec::new()), 422),
            (DeskError::Code(CodeRefusal::Wrong { left: 2 }), 422),
            (DeskError::Code(CodeRefusal::DailyLimit), 429),
            (DeskError::File(FileRefusal::TooLarge { limit_bytes: 1 }), 413),
            (DeskError::File(FileRefusal::WrongType), 415),
            (DeskError::SignInAgain, 401),
            (DeskError::SignInRefused, 401),
            (DeskError::NotYourDesk, 403),
            (DeskError::NotFound, 404),
            (DeskError::SlowDown { retry_after_s: 3 }, 429),
            (DeskError::Standing(StandingRefusal::NotOnHold), 409),
            (DeskError::Changed, 409),
            (DeskError::PartnerAway { partner: "alipay".into() }, 502),
            (DeskError::PageOutOfDate, 409),
            (broken, 500),
        ];
        for (error, expected) in all {
            assert_eq!(status(&error).as_u16(), expected, "{error:?}");
        }
    }

    #[test]
    fn a_fault_of_ours_says_a_number_and_nothing_else() {
        let inside = Fault::Store(StoreError::impossible("orders", "state", "42", "holder 张三"));
        let DeskError::Broken { incident } = answer().say(inside) else { panic!("must be broken") };
        assert_eq!(incident.len(), 8);
        assert!(incident.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let response = No(DeskError::Broken { incident: incident.clone() }).into_response();
        assert_eq!(response.headers()[INCIDENT], incident.as_str());
    }

    #[test]
    fn what_is_not_ours_goes_through() {
        let answer = answer();
        assert_eq!(answer.say(Fault::Changed), DeskError::Changed);
        assert_eq!(answer.say(Fault::Refused(Refusal::NothingDue)), DeskError::Refused(Refusal::NothingDue));
        let away = Fault::Partner { partner: "wechat_pay", error: CallError::Again("connection".into()) };
        assert_eq!(answer.say(away), DeskError::PartnerAway { partner: "wechat_pay".into() });
        let waits = No(answer.say(Fault::SlowDown { retry_after_s: 9 })).into_response();
        assert_eq!(waits.headers()[header::RETRY_AFTER], "9");
    }
}
