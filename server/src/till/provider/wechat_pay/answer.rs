//! What WeChat says of trades and refunds, and what that means.

use super::super::{RefundFact, TradeFact};
use crate::outside::CallError;
use journey::{Fen, Moment};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

#[derive(Deserialize)]
pub struct Native {
    pub code_url: String,
}

/// The body of every 4xx and 5xx.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ErrorAnswer {
    pub code: String,
    pub message: String,
}

impl ErrorAnswer {
    /// Old and new spelling, and the refund's.
    pub fn is_not_exist(&self) -> bool {
        matches!(self.code.as_str(), "ORDER_NOT_EXIST" | "ORDERNOTEXIST" | "RESOURCE_NOT_EXISTS")
    }

    pub fn into_call_error(self, status: u16) -> CallError {
        match self.code.as_str() {
            "SIGN_ERROR" | "NO_AUTH" | "APPID_MCHID_NOT_MATCH" | "MCH_NOT_EXISTS" => {
                CallError::Config(format!("{} {}", self.code, self.message))
            }
            // NOT_ENOUGH: the merchant's balance does not cover a refund today.
            "FREQUENCY_LIMITED" | "RATELIMIT_EXCEEDED" | "FREQUENCY_LIMIT_EXCEED" | "NOT_ENOUGH" => {
                CallError::Again(format!("{} {}", self.code, self.message))
            }
            "" => CallError::refused(status.to_string(), "an answer without a code"),
            _ => CallError::refused(self.code, self.message),
        }
    }
}

/// A transaction: in answers to queries, and sealed inside notices.
#[derive(Deserialize)]
pub struct Trade {
    pub appid: String,
    pub mchid: String,
    pub out_trade_no: String,
    pub trade_state: String,
    #[serde(default)]
    pub transaction_id: String,
    pub success_time: Option<String>,
    #[serde(default)]
    pub payer: Payer,
    pub amount: Option<TradeAmount>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Payer {
    pub openid: String,
}

#[derive(Deserialize)]
pub struct TradeAmount {
    /// What the order cost; coupons may have paid a part of it.
    pub total: i64,
    #[serde(default = "yuan")]
    pub currency: String,
}

fn yuan() -> String {
    "CNY".to_owned()
}

impl Trade {
    /// Amount and time of a payment; only a trade that was paid has both.
    pub fn paid(&self) -> Result<(Fen, Moment), String> {
        let amount = self.amount.as_ref().ok_or("paid without an amount")?;
        if amount.currency != "CNY" {
            return Err(format!("paid in {}", amount.currency));
        }
        let at = moment(self.success_time.as_deref().ok_or("paid without a time")?)?;
        Ok((Fen(amount.total), at))
    }

    /// # Errors
    /// The answer speaks of another merchant's or another trade, or contradicts itself.
    pub fn fact(self, mch_id: &str, app_id: &str, out_trade_no: &str) -> Result<TradeFact, CallError> {
        if self.mchid != mch_id || self.appid != app_id || self.out_trade_no != out_trade_no {
            return Err(CallError::Untrusted("the answer speaks of another trade".to_owned()));
        }
        match self.trade_state.as_str() {
            "NOTPAY" | "USERPAYING" | "ACCEPT" => Ok(TradeFact::Waiting),
            "CLOSED" | "REVOKED" | "PAYERROR" => Ok(TradeFact::Closed),
            "REFUND" => Ok(TradeFact::Refunded),
            "SUCCESS" => {
                let (amount, at) = self.paid().map_err(CallError::Unknown)?;
                let (transaction, payer_hint) = (self.transaction_id, self.payer.openid);
                Ok(TradeFact::Paid { transaction, amount, at, payer_hint })
            }
            state => Err(CallError::Unknown(format!("trade_state {state}"))),
        }
    }
}

/// A refund as its own calls give it.
#[derive(Deserialize)]
pub struct Refund {
    pub refund_id: String,
    pub out_refund_no: String,
    pub status: String,
    pub success_time: Option<String>,
    pub amount: RefundAmount,
}

#[derive(Deserialize)]
pub struct RefundAmount {
    pub refund: i64,
}

impl Refund {
    pub fn fact(self, out_refund_no: &str) -> Result<RefundFact, CallError> {
        if self.out_refund_no != out_refund_no {
            return Err(CallError::Untrusted("the answer speaks of another refund".to_owned()));
        }
        let at = self.success_time.as_deref().and_then(|at| moment(at).ok());
        refund_fact(&self.status, self.refund_id, Fen(self.amount.refund), at).map_err(CallError::Unknown)
    }
}

/// One of the four words of a refund.
pub fn refund_fact(
    status: &str,
    refund: String,
    amount: Fen,
    at: Option<Moment>,
) -> Result<RefundFact, String> {
    match status {
        "PROCESSING" => Ok(RefundFact::Processing),
        "SUCCESS" => Ok(RefundFact::Succeeded { refund, amount, at }),
        "CLOSED" => Ok(RefundFact::Closed),
        "ABNORMAL" => Ok(RefundFact::Abnormal),
        status => Err(format!("refund status {status}")),
    }
}

pub fn moment(text: &str) -> Result<Moment, String> {
    OffsetDateTime::parse(text, &Rfc3339).map(Moment::from).map_err(|error| format!("time {text}: {error}"))
}

/// A verified success that does not read is unknown: it was done, and we do not know what.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, CallError> {
    serde_json::from_slice(body).map_err(|error| CallError::Unknown(format!("answer: {error}")))
}
