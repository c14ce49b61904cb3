//! Owns: the payment providers' protocols: QR, query, close, refund and notices, with both signatures.
//! Never: an order, the store, a decision about money; it reports facts and the till decides.
//! Start at: `PayChannel`.

pub mod alipay;
pub mod wechat_pay;

use crate::outside::CallError;
use async_trait::async_trait;
use journey::{Channel, Fen, Moment};

/// A way to be paid. Every call may be repeated with the same numbers without a second effect.
#[async_trait]
pub trait PayChannel: Send + Sync {
    fn channel(&self) -> Channel;

    /// Makes the trade there (WeChat) or its QR alone (Alipay makes the trade when the QR is scanned).
    async fn create(&self, attempt: &NewAttempt) -> Result<QrText, CallError>;

    async fn query(&self, out_trade_no: &str) -> Result<TradeFact, CallError>;

    /// `NotYetScanned` is no promise: that QR can still be paid until it expires.
    async fn close(&self, out_trade_no: &str) -> Result<CloseOutcome, CallError>;

    /// Retry with the same `out_refund_no`: a new number refunds twice.
    async fn refund(&self, refund: &NewRefund) -> Result<RefundFact, CallError>;

    async fn query_refund(&self, out_trade_no: &str, out_refund_no: &str) -> Result<RefundFact, CallError>;

    /// Reads what came to the notify address. Pure; the signature first, then whether it is for us. Header names are
    /// compared without regard to case.
    ///
    /// # Errors
    /// Nothing in the notice may be believed or applied.
    fn parse_notice(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        now: Moment,
    ) -> Result<Notice, NoticeError>;

    /// The answer the provider expects: `true` when the notice is kept and needs no repetition.
    fn acknowledge(&self, kept: bool) -> Acknowledgement;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttempt {
    /// Our number, 6–32 letters and digits, never used for another amount.
    pub out_trade_no: String,
    pub amount: Fen,
    /// What the payer reads in the wallet.
    pub subject: String,
    /// The provider lets nobody pay after this.
    pub expires_at: Moment,
    /// Where notices go: absolute, without a query.
    pub notify_url: String,
}

/// The text that the QR holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrText(pub String);

/// What the provider says of a trade, from a verified answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TradeFact {
    /// No such trade. With Alipay also: not scanned yet.
    NotExist,
    Waiting,
    Paid {
        /// The provider's own number.
        transaction: String,
        amount: Fen,
        at: Moment,
        /// Something to recognise the payer by (WeChat openid, masked Alipay account); not an identity.
        payer_hint: String,
    },
    /// Never paid, and cannot be any more.
    Closed,
    /// Was paid; all or a part has gone back.
    Refunded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseOutcome {
    Closed,
    AlreadyPaid,
    /// Alipay: there is no trade to close yet, and the QR lives on until it expires.
    NotYetScanned,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefund {
    pub out_trade_no: String,
    pub out_refund_no: String,
    pub amount: Fen,
    /// What was paid in all.
    pub total: Fen,
    /// The payer reads it.
    pub reason: String,
    /// Where WeChat reports the end of the refund; Alipay reports to the attempt's own address.
    pub notify_url: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundFact {
    NotExist,
    Processing,
    Succeeded {
        /// The provider's own number.
        refund: String,
        amount: Fen,
        /// When the money went, where the provider says it.
        at: Option<Moment>,
    },
    /// Given up by the provider; the money is still ours.
    Closed,
    /// The money could not be given back (account gone): a person must act.
    Abnormal,
}

/// A verified notice for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The same for every repetition of one notice.
    pub event_id: String,
    pub fact: NoticeFact,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeFact {
    Payment {
        out_trade_no: String,
        transaction: String,
        amount: Fen,
        at: Moment,
    },
    Refund {
        out_trade_no: String,
        out_refund_no: String,
        fact: RefundFact,
    },
    /// Genuine, and nothing that moves money: the provider's own word for it.
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// Not from the provider, or changed on the way.
    #[error("signature: {0}")]
    Unverified(String),
    /// Genuine once; too old to be a fresh delivery.
    #[error("stale: sent {age_seconds} s ago")]
    Stale { age_seconds: i64 },
    /// Genuine, for another application or merchant: `what` differs.
    #[error("not ours: {what}")]
    NotOurs { what: &'static str },
    #[error("malformed: {0}")]
    Malformed(String),
}

/// What to answer to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    pub status: u16,
    pub content_type: &'static str,
    pub body: &'static str,
}

/// The first value of this header.
pub(crate) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
