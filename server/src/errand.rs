//! An errand: what must be done outside, as it is recorded. The runner (`errands/`) gives it to the desk that does it.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::{self, StoreError, Tx};
use futures::future::BoxFuture;
use journey::effect::{Effect, Notice};
use journey::moment::Moment;
use journey::party::Party;
use journey::secret::SmsCode;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

#[derive(Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum Errand {
    /// Something the rule book ordered when the order moved.
    Effect {
        order_id: String,
        effect: Effect,
    },
    /// A code to a phone (R023, R119).
    SendCode {
        phone: String,
        code: Zeroizing<String>,
        purpose: CodePurpose,
        ends_at: Moment,
    },
    /// A question for a holder's orders: codes go to whom it may concern, if there is anybody (R119). `phone` is what was
    /// typed to name one of several.
    SendQueryCodes {
        query: String,
        party: Party,
        holder_key: String,
        phone: Option<String>,
        ends_at: Moment,
    },
    /// The same for the certificates of somebody who has lost the key.
    SendLostCodes {
        question: String,
        party: Party,
        holder_key: String,
        ends_at: Moment,
    },
    /// One notice as a text message.
    TextNotice {
        order_id: String,
        notice: Notice,
        /// To the legal person and not to the agent (A31).
        #[serde(default)]
        to_legal_person: bool,
    },
    /// The same as a letter to the reserved mailbox (A55).
    MailNotice {
        order_id: String,
        notice: Notice,
    },
    /// The invoice to the reserved mailbox (R027), or the red letter that took it back (A53).
    MailInvoice {
        order_id: String,
        #[serde(default)]
        red: bool,
    },
    /// The invoice once more, to the reserved mailbox or to another one.
    MailInvoiceAgain {
        order_id: String,
        mail: String,
        to: Option<String>,
    },
    /// A certificate ends soon: a text message and a letter to its holder (J34).
    TextReminder {
        serial: String,
    },
    MailReminder {
        serial: String,
    },
    /// The passcode once more, by the same channel (B27).
    PasscodeAgain {
        order_id: String,
    },
    /// Ask the provider about an attempt whose notice has not come (R147).
    AskProvider {
        attempt_id: String,
    },
    /// Tell the provider that an attempt is no longer wanted.
    CloseAttempt {
        attempt_id: String,
    },
    /// Ask the courier for news of a parcel that has been silent (R034).
    AskCourier {
        order_id: String,
        waybill: String,
    },
    /// The courier said 签收 some days ago, and the applicant nothing.
    TakeAsReceived {
        order_id: String,
        waybill: String,
    },
    /// Tell the authority upstream how a certificate of its making stands now.
    TellUpstream {
        serial: String,
    },
    /// The day to object is over: another agent handles a holder's orders (B11).
    HandOver {
        id: String,
    },
    /// Make the sealed document of an application that was signed without the key.
    SealSignature {
        order_id: String,
        version: i64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodePurpose {
    /// The agent confirms an order.
    PhoneCheck,
    /// Somebody asks for the orders of a holder.
    Query,
    /// Somebody asks for the certificates of a holder, to put them on hold or to have them replaced.
    Lost,
    /// The invoice goes to another mailbox.
    Mailbox,
    /// 解锁验证码 (R070): to the reserved phone.
    Unblock,
    /// 解锁授权码 (A28): after an identity check, to the phone that was checked.
    UnblockAuthorisation,
    /// The same where another service asks for the check.
    IdentityAuthorisation,
    /// The agent signs an application without the key.
    Signature,
    /// The legal person approves another agent (B11).
    HandOver,
    /// Who is to be the agent shows that the phone is theirs.
    NewAgent,
}

impl CodePurpose {
    pub fn code(self) -> &'static str {
        match self {
            CodePurpose::PhoneCheck => "phone_check",
            CodePurpose::Query => "query",
            CodePurpose::Lost => "lost",
            CodePurpose::Mailbox => "mailbox",
            CodePurpose::Unblock => "unblock",
            CodePurpose::UnblockAuthorisation => "unblock_authorisation",
            CodePurpose::IdentityAuthorisation => "identity_authorisation",
            CodePurpose::Signature => "signature",
            CodePurpose::HandOver => "hand_over",
            CodePurpose::NewAgent => "new_agent",
        }
    }

    /// What the person reads in the message.
    pub fn title(self) -> &'static str {
        match self {
            CodePurpose::PhoneCheck => "确认申请",
            CodePurpose::Query => "订单查询",
            CodePurpose::Lost => "证书挂失补办",
            CodePurpose::Mailbox => "重新获取发票",
            CodePurpose::Unblock => "证书解锁",
            CodePurpose::UnblockAuthorisation => "证书解锁授权",
            CodePurpose::IdentityAuthorisation => "身份核验授权",
            CodePurpose::Signature => "签名验证",
            CodePurpose::HandOver => "同意变更经办人",
            CodePurpose::NewAgent => "担任经办人",
        }
    }
}

impl Errand {
    pub fn kind(&self) -> &'static str {
        match self {
            Errand::Effect { effect, .. } => effect.code(),
            Errand::SendCode { .. } => "send_code",
            Errand::SendQueryCodes { .. } => "send_query_codes",
            Errand::SendLostCodes { .. } => "send_lost_codes",
            Errand::TextNotice { .. } => "text_notice",
            Errand::MailNotice { .. } => "mail_notice",
            Errand::MailInvoice { .. } => "mail_invoice",
            Errand::MailInvoiceAgain { .. } => "mail_invoice_again",
            Errand::TextReminder { .. } => "text_reminder",
            Errand::MailReminder { .. } => "mail_reminder",
            Errand::PasscodeAgain { .. } => "passcode_again",
            Errand::AskProvider { .. } => "ask_provider",
            Errand::CloseAttempt { .. } => "close_attempt",
            Errand::AskCourier { .. } => "ask_courier",
            Errand::TakeAsReceived { .. } => "take_as_received",
            Errand::TellUpstream { .. } => "tell_upstream",
            Errand::HandOver { .. } => "hand_over",
            Errand::SealSignature { .. } => "seal_signature",
        }
    }

    pub fn send_code(phone: &str, code: &SmsCode, purpose: CodePurpose, ends_at: Moment) -> Errand {
        let code = Zeroizing::new(code.expose().to_owned());
        Errand::SendCode { phone: phone.to_owned(), code, purpose, ends_at }
    }
}

/// Records an errand to be run from `run_at` on. `key` makes it unique among its kind: the same again is the same errand.
pub async fn record(
    tx: &mut Tx,
    ground: &Ground,
    errand: &Errand,
    key: &str,
    run_at: Moment,
) -> Result<(), StoreError> {
    let clear = Zeroizing::new(
        serde_json::to_vec(errand).map_err(|e| StoreError::impossible("errands", "body", key, e))?,
    );
    let id = ground.dice.id();
    let body = ground.sealing.seal(&place(&id), &clear);
    store::errands::record(tx, &id, errand.kind(), key, &body, run_at, ground.now()).await?;
    ground.bell.notify_one();
    Ok(())
}

/// Opens what was claimed.
///
/// # Errors
/// The body was sealed by another office, or by a newer one.
pub fn open(ground: &Ground, claimed: &store::errands::Claimed) -> Result<Errand, StoreError> {
    let impossible = |why: String| StoreError::impossible("errands", "body", &claimed.id, why);
    let clear =
        ground.sealing.open(&place(&claimed.id), &claimed.body).map_err(|e| impossible(e.to_string()))?;
    serde_json::from_slice(&clear).map_err(|e| impossible(e.to_string()))
}

fn place(id: &str) -> String {
    format!("errands.body/{id}")
}

/// What a desk writes when its errand succeeds: in one transaction with the errand's end, or not at all.
pub type Write = Box<dyn for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<(), Fault>> + Send>;

/// How one run of an errand ended.
pub enum Outcome {
    /// Done outside; this is still to be written.
    Done(Write),
    /// Not yet: nothing failed, ask again at this moment.
    Later { at: Moment, why: &'static str },
    /// Failed in a way that time may mend; the runner spaces the tries.
    Again { why: String },
    /// Will never succeed; an operator must look. The write, if any, is kept all the same.
    GiveUp { why: String, write: Option<Write> },
}

impl Outcome {
    /// Done, and nothing to write.
    pub fn done() -> Outcome {
        Outcome::Done(Box::new(|_| Box::pin(async { Ok(()) })))
    }

    pub fn write(
        write: impl for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<(), Fault>> + Send + 'static,
    ) -> Outcome {
        Outcome::Done(Box::new(write))
    }

    pub fn give_up(why: impl ToString) -> Outcome {
        Outcome::GiveUp { why: why.to_string(), write: None }
    }
}
