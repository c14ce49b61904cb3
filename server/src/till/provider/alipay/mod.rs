//! Owns: Alipay's gateway 1.0 with RSA2: face-to-face precreate, query, close, refund, notices; public-key mode.
//! Never: what a payment means to an order.
//! Start at: `Alipay`; `signature.rs` for what is signed, `notice.rs` for what comes in.
//!
//! Sources: opendocs.alipay.com/open/02ekfg (precreate, query, close, refund), 02ivbs (notices); Alipay's own
//! Node and Python libraries for the signed text.

mod answer;
mod notice;
mod signature;
#[cfg(test)]
mod tests;

use super::{
    Acknowledgement, CloseOutcome, NewAttempt, NewRefund, Notice, NoticeError, PayChannel, QrText,
    RefundFact, TradeFact,
};
use crate::outside::rsa::{SigningKey, VerifyingKey};
use crate::outside::{CallError, SetupError, Surroundings};
use answer::{Precreated, Refund, RefundQuery, Said, Trade};
use async_trait::async_trait;
use journey::{Channel, Moment};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[alipay]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlipaySettings {
    /// With `/gateway.do`.
    pub gateway_url: String,
    pub app_id: String,
    /// 2088…: whose trades notices must speak of.
    pub seller_id: String,
    /// PKCS#8 PEM.
    pub app_key_file: PathBuf,
    /// SubjectPublicKeyInfo PEM; verifies answers and notices.
    pub alipay_key_file: PathBuf,
}

pub struct Alipay {
    gateway_url: String,
    app_id: String,
    seller_id: String,
    app_key: SigningKey,
    alipay_key: VerifyingKey,
    around: Surroundings,
}

impl Alipay {
    /// # Errors
    /// A key file is missing or holds something else.
    pub fn new(settings: &AlipaySettings, around: Surroundings) -> Result<Alipay, SetupError> {
        Ok(Alipay {
            gateway_url: settings.gateway_url.clone(),
            app_id: settings.app_id.clone(),
            seller_id: settings.seller_id.clone(),
            app_key: SigningKey::read(&settings.app_key_file)?,
            alipay_key: VerifyingKey::read(&settings.alipay_key_file)?,
            around,
        })
    }

    /// Sends one signed call: the system's parameters in the query, the business' in the body, as Alipay's library does.
    async fn call(&self, method: &str, content: Value, notify_url: Option<&str>) -> Result<Said, CallError> {
        let content = content.to_string();
        let timestamp = answer::beijing_text(self.around.now());
        let mut parameters = BTreeMap::from([
            ("app_id", self.app_id.as_str()),
            ("biz_content", &content),
            ("charset", "utf-8"),
            ("format", "JSON"),
            ("method", method),
            ("sign_type", "RSA2"),
            ("timestamp", &timestamp),
            ("version", "1.0"),
        ]);
        if let Some(url) = notify_url {
            parameters.insert("notify_url", url);
        }
        let sign = self.app_key.sign(signature::text(&parameters).as_bytes());
        parameters.remove("biz_content");
        parameters.insert("sign", &sign);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters).finish();
        let body =
            form_urlencoded::Serializer::new(String::new()).append_pair("biz_content", &content).finish();
        let http = self.around.http();
        let request = http
            .post(&format!("{}?{query}", self.gateway_url))
            .header("content-type", "application/x-www-form-urlencoded;charset=utf-8")
            .body(body);
        let answer = http.send(request).await?;
        if answer.status != 200 {
            return Err(CallError::Unknown(format!("status {}", answer.status)));
        }
        answer::read(method, &answer.body, &self.alipay_key)
    }

    /// The trade as it stands; `None` before anyone has scanned.
    async fn trade(&self, out_trade_no: &str) -> Result<Option<Trade>, CallError> {
        match self.call("alipay.trade.query", json!({ "out_trade_no": out_trade_no }), None).await? {
            Said::No(no) if no.is("ACQ.TRADE_NOT_EXIST") => Ok(None),
            said => said.done().map(Some),
        }
    }
}

#[async_trait]
impl PayChannel for Alipay {
    fn channel(&self) -> Channel {
        Channel::Alipay
    }

    async fn create(&self, attempt: &NewAttempt) -> Result<QrText, CallError> {
        let minutes = (attempt.expires_at.millis() - self.around.now().millis()) / 60_000;
        let content = json!({
            "out_trade_no": attempt.out_trade_no,
            "total_amount": attempt.amount.yuan(),
            "subject": attempt.subject,
            // The QR dies after this many minutes, the trade that a scan makes at that time of day.
            "qr_code_timeout_express": format!("{}m", minutes.max(1)),
            "time_expire": answer::beijing_text(attempt.expires_at),
        });
        let said = self.call("alipay.trade.precreate", content, Some(&attempt.notify_url)).await?;
        let made: Precreated = said.done()?;
        if made.out_trade_no != attempt.out_trade_no {
            return Err(CallError::Untrusted("the answer speaks of another trade".to_owned()));
        }
        Ok(QrText(made.qr_code))
    }

    async fn query(&self, out_trade_no: &str) -> Result<TradeFact, CallError> {
        match self.trade(out_trade_no).await? {
            None => Ok(TradeFact::NotExist),
            Some(trade) => trade.fact(out_trade_no),
        }
    }

    async fn close(&self, out_trade_no: &str) -> Result<CloseOutcome, CallError> {
        match self.call("alipay.trade.close", json!({ "out_trade_no": out_trade_no }), None).await? {
            Said::Done(_) => Ok(CloseOutcome::Closed),
            Said::No(no) if no.is("ACQ.TRADE_NOT_EXIST") => Ok(CloseOutcome::NotYetScanned),
            Said::No(no) if no.is("ACQ.TRADE_HAS_CLOSE") => Ok(CloseOutcome::Closed),
            Said::No(no) => match self.query(out_trade_no).await? {
                // "The trade's state does not allow it" means paid or closed already: the trade itself tells which.
                TradeFact::Paid { .. } | TradeFact::Refunded => Ok(CloseOutcome::AlreadyPaid),
                TradeFact::Closed => Ok(CloseOutcome::Closed),
                TradeFact::NotExist => Ok(CloseOutcome::NotYetScanned),
                TradeFact::Waiting => Err(no.into_call_error()),
            },
        }
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundFact, CallError> {
        let content = json!({
            "out_trade_no": refund.out_trade_no,
            "refund_amount": refund.amount.yuan(),
            "out_request_no": refund.out_refund_no,
            "refund_reason": refund.reason,
        });
        let done: Refund = self.call("alipay.trade.refund", content, None).await?.done()?;
        if done.fund_change == "Y" {
            let (number, at) = (format!("{}/{}", done.trade_no, refund.out_refund_no), done.at());
            return Ok(RefundFact::Succeeded { refund: number, amount: refund.amount, at });
        }
        // This call moved nothing: an earlier one with the same number did, or none has yet.
        match self.query_refund(&refund.out_trade_no, &refund.out_refund_no).await? {
            RefundFact::NotExist => Err(CallError::Unknown("fund_change=N and no such refund".to_owned())),
            fact => Ok(fact),
        }
    }

    async fn query_refund(&self, out_trade_no: &str, out_refund_no: &str) -> Result<RefundFact, CallError> {
        let content = json!({
            "out_trade_no": out_trade_no,
            "out_request_no": out_refund_no,
            "query_options": ["gmt_refund_pay"],
        });
        match self.call("alipay.trade.fastpay.refund.query", content, None).await? {
            Said::No(no) if no.is("ACQ.TRADE_NOT_EXIST") || no.is("ACQ.REFUND_NOT_EXIST") => {
                Ok(RefundFact::NotExist)
            }
            said => said.done::<RefundQuery>()?.fact(out_refund_no),
        }
    }

    fn parse_notice(&self, _: &[(String, String)], body: &[u8], _: Moment) -> Result<Notice, NoticeError> {
        notice::read(body, &self.alipay_key, &self.app_id, &self.seller_id)
    }

    fn acknowledge(&self, kept: bool) -> Acknowledgement {
        // Exactly these seven bytes end the repetitions; the status is not looked at.
        let (status, body) = if kept { (200, "success") } else { (500, "fail") };
        Acknowledgement { status, content_type: "text/plain", body }
    }
}
