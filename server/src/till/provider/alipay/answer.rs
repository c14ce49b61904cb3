//! What the gateway answers: the signed part is the raw text of the inner object, never a re-serialised one.

use super::super::{RefundFact, TradeFact};
use crate::outside::CallError;
use crate::outside::rsa::VerifyingKey;
use journey::{Fen, Moment};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::HashMap;
use time::PrimitiveDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// A call that the gateway has understood.
pub enum Said {
    /// The verified inner object, code 10000.
    Done(String),
    /// Verified business failure, code 40004.
    No(Refusal),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Refusal {
    code: String,
    msg: String,
    sub_code: String,
    sub_msg: String,
}

impl Refusal {
    pub fn is(&self, sub_code: &str) -> bool {
        self.sub_code == sub_code
    }

    pub fn into_call_error(self) -> CallError {
        let words = format!("{} {} {} {}", self.code, self.msg, self.sub_code, self.sub_msg);
        match (self.code.as_str(), self.sub_code.as_str()) {
            ("20000", _) | (_, "ACQ.SYSTEM_ERROR" | "aop.ACQ.SYSTEM_ERROR") => CallError::Unknown(words),
            ("40005", _) | (_, "ACQ.SELLER_BALANCE_NOT_ENOUGH") => CallError::Again(words),
            ("40004", _) => CallError::refused(self.sub_code, self.sub_msg),
            _ => CallError::Config(words),
        }
    }
}

impl Said {
    pub fn done<T: DeserializeOwned>(self) -> Result<T, CallError> {
        match self {
            Said::Done(raw) => {
                serde_json::from_str(&raw).map_err(|error| CallError::Unknown(format!("answer: {error}")))
            }
            Said::No(no) => Err(no.into_call_error()),
        }
    }
}

/// Reads and verifies an answer to `method`.
pub fn read(method: &str, body: &[u8], key: &VerifyingKey) -> Result<Said, CallError> {
    let no_answer = |why: &str| CallError::Unknown(format!("answer: {why}"));
    let outer: HashMap<String, Box<RawValue>> =
        serde_json::from_slice(body).map_err(|error| no_answer(&error.to_string()))?;
    let name = format!("{}_response", method.replace('.', "_"));
    let raw =
        outer.get(&name).or_else(|| outer.get("error_response")).ok_or_else(|| no_answer("no response"))?;
    let raw = raw.get();
    let refusal: Refusal = serde_json::from_str(raw).map_err(|error| no_answer(&error.to_string()))?;
    let sign = outer.get("sign").and_then(|sign| serde_json::from_str::<String>(sign.get()).ok());
    match sign {
        Some(sign) if !key.verifies(raw.as_bytes(), &sign) => {
            Err(CallError::Untrusted("the signature does not verify".to_owned()))
        }
        Some(_) if refusal.code == "10000" => Ok(Said::Done(raw.to_owned())),
        Some(_) if refusal.code == "40004" => Ok(Said::No(refusal)),
        Some(_) => Err(refusal.into_call_error()),
        // Whoever the gateway cannot recognise gets no signature: that is only a complaint about our settings.
        None if matches!(refusal.code.as_str(), "40001" | "40002" | "40003") => {
            Err(refusal.into_call_error())
        }
        None => Err(CallError::Untrusted("no signature".to_owned())),
    }
}

#[derive(Deserialize)]
pub struct Precreated {
    pub out_trade_no: String,
    pub qr_code: String,
}

#[derive(Deserialize)]
pub struct Trade {
    trade_no: String,
    out_trade_no: String,
    trade_status: String,
    total_amount: String,
    send_pay_date: Option<String>,
    #[serde(default)]
    buyer_logon_id: String,
}

impl Trade {
    /// # Errors
    /// The answer speaks of another trade or contradicts itself.
    pub fn fact(self, out_trade_no: &str) -> Result<TradeFact, CallError> {
        if self.out_trade_no != out_trade_no {
            return Err(CallError::Untrusted("the answer speaks of another trade".to_owned()));
        }
        let paid_at = self.send_pay_date.as_deref().filter(|date| !date.is_empty());
        match (self.trade_status.as_str(), paid_at) {
            ("WAIT_BUYER_PAY", _) => Ok(TradeFact::Waiting),
            // TRADE_CLOSED means both: never paid in time, and paid but refunded in full.
            ("TRADE_CLOSED", None) => Ok(TradeFact::Closed),
            ("TRADE_CLOSED", Some(_)) => Ok(TradeFact::Refunded),
            ("TRADE_SUCCESS" | "TRADE_FINISHED", Some(paid_at)) => {
                let amount = Fen::parse_yuan(&self.total_amount)
                    .ok_or_else(|| CallError::Unknown(format!("total_amount {}", self.total_amount)))?;
                let at = beijing_moment(paid_at).map_err(CallError::Unknown)?;
                Ok(TradeFact::Paid {
                    transaction: self.trade_no,
                    amount,
                    at,
                    payer_hint: self.buyer_logon_id,
                })
            }
            (status, _) => Err(CallError::Unknown(format!("trade_status {status}"))),
        }
    }
}

#[derive(Deserialize)]
pub struct Refund {
    pub trade_no: String,
    /// `Y`: this very call moved money.
    #[serde(default)]
    pub fund_change: String,
    gmt_refund_pay: Option<String>,
}

impl Refund {
    pub fn at(&self) -> Option<Moment> {
        self.gmt_refund_pay.as_deref().and_then(|at| beijing_moment(at).ok())
    }
}

/// An answer without `refund_status` says that the refund was never made or failed: the same number may be sent again.
#[derive(Deserialize)]
pub struct RefundQuery {
    #[serde(default)]
    trade_no: String,
    out_request_no: Option<String>,
    refund_status: Option<String>,
    refund_amount: Option<String>,
    gmt_refund_pay: Option<String>,
}

impl RefundQuery {
    pub fn fact(self, out_refund_no: &str) -> Result<RefundFact, CallError> {
        if self.refund_status.as_deref() != Some("REFUND_SUCCESS") {
            return Ok(RefundFact::NotExist);
        }
        if self.out_request_no.as_deref() != Some(out_refund_no) {
            return Err(CallError::Untrusted("the answer speaks of another refund".to_owned()));
        }
        let amount = self.refund_amount.unwrap_or_default();
        let amount =
            Fen::parse_yuan(&amount).ok_or_else(|| CallError::Unknown(format!("refund_amount {amount}")))?;
        let at = self.gmt_refund_pay.as_deref().and_then(|at| beijing_moment(at).ok());
        Ok(RefundFact::Succeeded { refund: format!("{}/{out_refund_no}", self.trade_no), amount, at })
    }
}

const SECONDS: &[BorrowedFormatItem] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second][optional [.[subsecond]]]");

/// `2026-11-22 16:18:00`, with or without a fraction, Beijing.
pub fn beijing_moment(text: &str) -> Result<Moment, String> {
    PrimitiveDateTime::parse(text, SECONDS)
        .map(|at| Moment::from(at.assume_offset(journey::moment::BEIJING)))
        .map_err(|error| format!("time {text}: {error}"))
}

/// `2026-11-22 16:18:00`, Beijing.
pub fn beijing_text(at: Moment) -> String {
    at.beijing()
        .format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"))
        .expect("every part is a number")
}
