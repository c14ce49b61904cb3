//! Owns: the transfer of one fen to a company's account, whose remark carries the 证书密码 (R014).
//! Never: which order, when to void a passcode, or a second reference for one try.
//! Start at: `BankTransfer`.

pub mod cmb;
mod guomi;

use crate::outside::CallError;
use async_trait::async_trait;
use journey::Fen;
use journey::secret::Passcode;

#[async_trait]
pub trait BankTransfer: Send + Sync {
    /// Hands the transfer to the bank. A reference is good for one transfer: after `Unknown` ask with `query`, and only
    /// `TransferFact::NotExist` allows to send the same reference again.
    async fn pay(&self, transfer: &Transfer) -> Result<Accepted, CallError>;

    async fn query(&self, reference: &str) -> Result<TransferFact, CallError>;
}

/// One transfer as the bank is told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Ours, unique for ever, at most 30 letters and digits (yurRef).
    pub reference: String,
    pub to_account: String,
    pub to_name: String,
    /// 开户银行, as its name is written.
    pub bank_name: String,
    /// 联行号, 12 digits.
    pub bank_code: String,
    pub amount: Fen,
    /// 附言: the passcode and nothing else.
    pub remark: Passcode,
}

/// The bank took the order; nothing is paid yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The bank's own number.
    pub request: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferFact {
    /// The bank has never heard of this reference.
    NotExist,
    Pending,
    /// Credited. The bank may still return it, days later.
    Done,
    Failed {
        reason: String,
    },
    /// 退票: was credited, and came back.
    Returned {
        reason: String,
    },
}
