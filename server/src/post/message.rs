//! The texts that leave the office by SMS, and what may become of one.
//!
//! A message is made, sent and forgotten: it is not serialised, for two of its kinds carry a secret.

use journey::secret::{Passcode, SmsCode};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// One text message to one phone.
#[derive(Clone, PartialEq, Eq)]
pub enum Message {
    /// A confirmation code. `purpose` is what the person is about to do (「提交订单」).
    Code { code: SmsCode, purpose: String, minutes: u32 },
    /// The order passed review (R031).
    Passed { order: String },
    /// The order came back to be mended.
    Returned { order: String },
    /// The order was refused, the money goes back.
    Rejected { order: String },
    /// 证书密码 by SMS (R013).
    Passcode { passcode: Passcode },
    /// The parcel is on its way (R035).
    Shipped { courier: String, waybill: String },
    /// A31: a key was unblocked. `key` is the end of its serial, `at` a time that a person reads.
    Unblocked { key: String, at: String },
    /// Any other news of an order; `status` in a few words (「退款办理中」).
    Progress { order: String, status: String },
    /// A certificate ends in so many days, on this day (J34).
    Expiring { days: u32, until: String },
}

/// Which template a message uses; the names in the settings and in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    Code,
    Passed,
    Returned,
    Rejected,
    Passcode,
    Shipped,
    Unblocked,
    #[serde(rename = "notice")]
    Progress,
    Expiring,
}

impl MessageKind {
    pub const ALL: [MessageKind; 9] = [
        Self::Code,
        Self::Passed,
        Self::Returned,
        Self::Rejected,
        Self::Passcode,
        Self::Shipped,
        Self::Unblocked,
        Self::Progress,
        Self::Expiring,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Passed => "passed",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Passcode => "passcode",
            Self::Shipped => "shipped",
            Self::Unblocked => "unblocked",
            Self::Progress => "notice",
            Self::Expiring => "expiring",
        }
    }
}

/// A template's variable: its name (Aliyun goes by names, Tencent by the order) and its value.
pub struct Parameter {
    pub name: &'static str,
    pub value: Zeroizing<String>,
}

impl Message {
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Code { .. } => MessageKind::Code,
            Self::Passed { .. } => MessageKind::Passed,
            Self::Returned { .. } => MessageKind::Returned,
            Self::Rejected { .. } => MessageKind::Rejected,
            Self::Passcode { .. } => MessageKind::Passcode,
            Self::Shipped { .. } => MessageKind::Shipped,
            Self::Unblocked { .. } => MessageKind::Unblocked,
            Self::Progress { .. } => MessageKind::Progress,
            Self::Expiring { .. } => MessageKind::Expiring,
        }
    }

    /// The variables in the order of the registered template.
    pub fn parameters(&self) -> Vec<Parameter> {
        let parameter = |name, value: &str| Parameter { name, value: Zeroizing::new(value.to_owned()) };
        match self {
            Self::Code { code, purpose, minutes } => vec![
                parameter("code", code.expose()),
                parameter("purpose", purpose),
                parameter("minutes", &minutes.to_string()),
            ],
            Self::Passed { order } | Self::Returned { order } | Self::Rejected { order } => {
                vec![parameter("order", order)]
            }
            Self::Passcode { passcode } => vec![parameter("passcode", passcode.expose())],
            Self::Shipped { courier, waybill } => {
                vec![parameter("courier", courier), parameter("waybill", waybill)]
            }
            Self::Unblocked { key, at } => vec![parameter("key", key), parameter("at", at)],
            Self::Progress { order, status } => vec![parameter("order", order), parameter("status", status)],
            Self::Expiring { days, until } => {
                vec![parameter("days", &days.to_string()), parameter("until", until)]
            }
        }
    }
}

/// The kind alone: a log line may name a message and never quotes it.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({})", self.kind().code())
    }
}

/// Why a message or a letter has not left. The words are for staff; they quote no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may go through later. It may also have gone already: a repetition is harmless and possible.
    #[error("may be tried again: {0}")]
    Again(String),
    /// The carrier's own limit for this number or content: later, and not soon.
    #[error("limited by the carrier: {0}")]
    Limited(String),
    /// It will never go through as it is.
    #[error("given up: {0}")]
    GiveUp(String),
}

impl SendError {
    pub fn again(&self) -> bool {
        !matches!(self, SendError::GiveUp(_))
    }
}

impl From<crate::outside::CallError> for SendError {
    fn from(error: crate::outside::CallError) -> SendError {
        if error.again() { SendError::Again(error.to_string()) } else { SendError::GiveUp(error.to_string()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r129_a_message_prints_no_secret() {
        let code =
            Message::Code { code: SmsCode::new("482913"), purpose: "提交订单".to_owned(), minutes: 5 };
        let passcode = Message::Passcode { passcode: Passcode::new("73910264") };
        assert_eq!(format!("{code:?} {passcode:?}"), "Message(code) Message(passcode)");
    }

    #[test]
    fn parameters_stand_in_the_order_of_the_template() {
        let code =
            Message::Code { code: SmsCode::new("482913"), purpose: "提交订单".to_owned(), minutes: 5 };
        let values: Vec<_> = code.parameters().iter().map(|p| (p.name, p.value.to_string())).collect();
        assert_eq!(
            values,
            [("code", "482913".to_owned()), ("purpose", "提交订单".to_owned()), ("minutes", "5".to_owned())]
        );
    }

    #[test]
    fn every_kind_has_its_own_name_in_the_settings() {
        for kind in MessageKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
