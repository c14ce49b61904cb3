//! Owns: WeChat Pay API v3, Native payment, in public-key mode.
//! Never: what a payment means to an order.
//! Start at: `WechatPay`; `signature.rs` for what is signed, `notice.rs` for what comes in.
//!
//! Sources: pay.weixin.qq.com/doc/v3/merchant/4012791878 (Native), 4012556398 (close), 4012791865 (refund notice).

mod answer;
mod notice;
mod signature;
#[cfg(test)]
mod tests;

use super::{
    Acknowledgement, CloseOutcome, NewAttempt, NewRefund, Notice, NoticeError, PayChannel, QrText,
    RefundFact, TradeFact,
};
use crate::outside::http::Answer;
use crate::outside::rsa::{SigningKey, VerifyingKey};
use crate::outside::{CallError, SetupError, Surroundings, key_file};
use answer::{ErrorAnswer, Native, Refund, Trade};
use async_trait::async_trait;
use journey::{Channel, Moment};
use serde::Deserialize;
use serde_json::json;
use std::path::PathBuf;
use time::format_description::well_known::Rfc3339;

/// `[wechat_pay]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatPaySettings {
    /// Without `/v3`.
    pub base_url: String,
    pub app_id: String,
    pub mch_id: String,
    /// The serial of the merchant's certificate, hex.
    pub merchant_serial: String,
    /// PKCS#8 PEM.
    pub merchant_key_file: PathBuf,
    /// `PUB_KEY_ID_…`
    pub platform_key_id: String,
    /// SubjectPublicKeyInfo PEM; verifies answers and notices.
    pub platform_key_file: PathBuf,
    /// 32 bytes; opens notices.
    pub api_v3_key_file: PathBuf,
}

pub struct WechatPay {
    base_url: String,
    app_id: String,
    mch_id: String,
    merchant_serial: String,
    merchant_key: SigningKey,
    platform: signature::Platform,
    notice_key: notice::NoticeKey,
    around: Surroundings,
}

impl WechatPay {
    /// # Errors
    /// A key file is missing or holds something else.
    pub fn new(settings: &WechatPaySettings, around: Surroundings) -> Result<WechatPay, SetupError> {
        let notice_key = key_file::read_text(&settings.api_v3_key_file)?;
        Ok(WechatPay {
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            app_id: settings.app_id.clone(),
            mch_id: settings.mch_id.clone(),
            merchant_serial: settings.merchant_serial.clone(),
            merchant_key: SigningKey::read(&settings.merchant_key_file)?,
            platform: signature::Platform {
                key_id: settings.platform_key_id.clone(),
                key: VerifyingKey::read(&settings.platform_key_file)?,
            },
            notice_key: notice::NoticeKey::new(notice_key.as_bytes())
                .ok_or_else(|| key_file::wrong(&settings.api_v3_key_file, "not 32 bytes"))?,
            around,
        })
    }

    /// Sends one signed call. `Ok` holds a verified success, or the error that the provider answered with.
    async fn call(&self, method: &str, path: &str, body: Option<String>) -> Result<Said, CallError> {
        let body = body.unwrap_or_default();
        let authorization = signature::Authorization {
            mch_id: &self.mch_id,
            serial: &self.merchant_serial,
            nonce: &self.around.nonce(),
            timestamp: self.around.now().millis() / 1000,
        }
        .header(&self.merchant_key, method, path, &body);
        let url = format!("{}{path}", self.base_url);
        let http = self.around.http();
        let request = if method == "GET" { http.get(&url) } else { http.post(&url) };
        let answer = http
            .send(
                request
                    .header("authorization", authorization)
                    .header("accept", "application/json")
                    .header("content-type", "application/json")
                    .header("wechatpay-serial", &self.platform.key_id)
                    .body(body),
            )
            .await?;
        self.read(answer)
    }

    fn read(&self, answer: Answer) -> Result<Said, CallError> {
        let verdict = self.platform.check(&answer.headers, &answer.body, self.around.now());
        if (200..300).contains(&answer.status) {
            verdict.map_err(|error| CallError::Untrusted(error.to_string()))?;
            return Ok(Said::Done(answer.body));
        }
        // Errors come unsigned from gateways in front of WeChat. A signature that is there must hold, though.
        if super::header(&answer.headers, "wechatpay-signature").is_some() {
            verdict.map_err(|error| CallError::Untrusted(error.to_string()))?;
        }
        let status = answer.status;
        let error: ErrorAnswer = serde_json::from_slice(&answer.body).unwrap_or_default();
        let words = format!("{status} {} {}", error.code, error.message);
        match status {
            429 => Err(CallError::Again(words)),
            500.. => Err(CallError::Unknown(words)),
            401 => Err(CallError::Config(words)),
            _ => Ok(Said::No { status, error }),
        }
    }

    fn trade_path(&self, out_trade_no: &str) -> String {
        format!("/v3/pay/transactions/out-trade-no/{out_trade_no}")
    }
}

/// A call that the provider has understood.
enum Said {
    /// The verified body; empty for 204.
    Done(Vec<u8>),
    No {
        status: u16,
        error: ErrorAnswer,
    },
}

impl Said {
    fn done(self) -> Result<Vec<u8>, CallError> {
        match self {
            Said::Done(body) => Ok(body),
            Said::No { status, error } => Err(error.into_call_error(status)),
        }
    }
}

#[async_trait]
impl PayChannel for WechatPay {
    fn channel(&self) -> Channel {
        Channel::WechatPay
    }

    async fn create(&self, attempt: &NewAttempt) -> Result<QrText, CallError> {
        let expires_at = attempt.expires_at.beijing().replace_nanosecond(0).expect("0 is a nanosecond");
        let body = json!({
            "appid": self.app_id,
            "mchid": self.mch_id,
            "description": attempt.subject,
            "out_trade_no": attempt.out_trade_no,
            "time_expire": expires_at.format(&Rfc3339).map_err(|e| CallError::Config(e.to_string()))?,
            "notify_url": attempt.notify_url,
            "amount": { "total": attempt.amount.get(), "currency": "CNY" },
        });
        let body = self.call("POST", "/v3/pay/transactions/native", Some(body.to_string())).await?.done()?;
        let native: Native = answer::parse(&body)?;
        Ok(QrText(native.code_url))
    }

    async fn query(&self, out_trade_no: &str) -> Result<TradeFact, CallError> {
        let path = format!("{}?mchid={}", self.trade_path(out_trade_no), self.mch_id);
        match self.call("GET", &path, None).await? {
            Said::Done(body) => answer::parse::<Trade>(&body)?.fact(&self.mch_id, &self.app_id, out_trade_no),
            Said::No { error, .. } if error.is_not_exist() => Ok(TradeFact::NotExist),
            no => no.done().map(|_| TradeFact::NotExist),
        }
    }

    async fn close(&self, out_trade_no: &str) -> Result<CloseOutcome, CallError> {
        let path = format!("{}/close", self.trade_path(out_trade_no));
        let body = json!({ "mchid": self.mch_id }).to_string();
        match self.call("POST", &path, Some(body)).await? {
            Said::Done(_) => Ok(CloseOutcome::Closed),
            Said::No { error, .. } => match error.code.as_str() {
                "ORDER_PAID" | "ORDERPAID" => Ok(CloseOutcome::AlreadyPaid),
                "ORDER_CLOSED" | "ORDERCLOSED" => Ok(CloseOutcome::Closed),
                _ if error.is_not_exist() => Ok(CloseOutcome::Closed),
                // Younger than five minutes (older pages), or in the middle of being paid: ask again.
                "TRADE_ERROR" | "USERPAYING" => Err(CallError::Again(error.message)),
                _ => Err(error.into_call_error(400)),
            },
        }
    }

    async fn refund(&self, refund: &NewRefund) -> Result<RefundFact, CallError> {
        let body = json!({
            "out_trade_no": refund.out_trade_no,
            "out_refund_no": refund.out_refund_no,
            "reason": refund.reason,
            "notify_url": refund.notify_url,
            "amount": { "refund": refund.amount.get(), "total": refund.total.get(), "currency": "CNY" },
        });
        let body = self.call("POST", "/v3/refund/domestic/refunds", Some(body.to_string())).await?.done()?;
        answer::parse::<Refund>(&body)?.fact(&refund.out_refund_no)
    }

    async fn query_refund(&self, _: &str, out_refund_no: &str) -> Result<RefundFact, CallError> {
        let path = format!("/v3/refund/domestic/refunds/{out_refund_no}");
        match self.call("GET", &path, None).await? {
            Said::Done(body) => answer::parse::<Refund>(&body)?.fact(out_refund_no),
            Said::No { error, .. } if error.is_not_exist() => Ok(RefundFact::NotExist),
            no => no.done().map(|_| RefundFact::NotExist),
        }
    }

    fn parse_notice(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        now: Moment,
    ) -> Result<Notice, NoticeError> {
        self.platform.check(headers, body, now)?;
        notice::read(body, &self.notice_key, &self.mch_id, &self.app_id)
    }

    fn acknowledge(&self, kept: bool) -> Acknowledgement {
        if kept {
            Acknowledgement { status: 204, content_type: "application/json", body: "" }
        } else {
            let body = r#"{"code":"FAIL","message":"失败"}"#;
            Acknowledgement { status: 500, content_type: "application/json", body }
        }
    }
}
