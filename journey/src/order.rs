//! An order: where it stands and the facts its events have told. Nothing here is set by hand; `advance` folds events.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::Date;

use crate::{
    actor::StaffId,
    coded::coded,
    event::ReturnItem,
    evidence::EvidenceKind,
    identity::{self, IdentityMethod, PasscodeChannel},
    itinerary::itinerary,
    moment::Moment,
    money::Fen,
    party::Party,
    payment::Channel,
    route::Route,
    service::Service,
    step::Step,
};

/// The whole of one order as the rules see it. Equal to the replay of its journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub service: Service,
    pub party: Party,
    pub route: Route,
    pub standing: Standing,
    /// The steps that need not be walked again.
    pub settled: BTreeSet<Step>,
    pub opened_at: Moment,

    /// Of the form as last entered, as last confirmed, as last signed.
    pub digest: Option<String>,
    pub confirmed_digest: Option<String>,
    pub signed_digest: Option<String>,
    pub method: Option<IdentityMethod>,
    /// What is due; known when the details are in.
    pub price: Option<Fen>,
    /// Office file names by kind.
    pub evidence: BTreeMap<EvidenceKind, String>,

    /// The payment that counts.
    pub paid: Option<Paid>,
    /// Payments that cannot count and go back (R131).
    pub surplus: Vec<Paid>,
    pub invoice: InvoiceState,

    /// How often the review has sent it back, and for what the last time (empty once resubmitted).
    pub rounds: u8,
    pub returned: Vec<ReturnItem>,
    pub claimed_by: Option<StaffId>,
    pub reviewed_by: Option<StaffId>,
    pub rejected_for: Option<String>,
    /// Last day of the promise, Beijing; set when the order enters review (R031, R098).
    #[serde(with = "day::option")]
    pub promise_due: Option<Date>,

    pub passcode: PasscodeState,
    /// Why it could not be sent, until the next one is sealed (A05).
    pub passcode_failed_for: Option<String>,
    /// The key shown, logged in with, or produced.
    pub key_serial: Option<String>,
    /// The certificate that is renewed, changed or replaced.
    pub certificate_serial: Option<String>,
    pub produced_by: Option<StaffId>,
    pub spki_digest: Option<String>,
    pub sign_serial: Option<String>,
    pub encrypt_serial: Option<String>,
    /// Written, read back and equal (R140).
    pub key_verified: bool,
    pub parcel: Option<Parcel>,
}

time::serde::format_description!(day, Date, "[year]-[month]-[day]");

/// Where the order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// At this step, waiting for its event.
    Open(Step),
    Completed,
    Withdrawn,
    Expired,
    Rejected,
}

/// One payment, kept or on its way back. A paid order can never become unpaid (R131).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// Our number of the attempt; for a transfer, the line of the bank statement.
    pub attempt: String,
    pub channel: Channel,
    pub amount: Fen,
    pub at: Moment,
    pub refund: RefundState,
}

coded! {
    /// What becomes of a payment.
    RefundState {
        Kept = "kept" "已支付",
        Due = "due" "退款中",
        Done = "done" "已退款",
    }
}

coded! {
    /// The order's invoice, as far as the rules ordered it.
    InvoiceState {
        None = "none" "未开具",
        Ordered = "ordered" "已开具",
        Reversed = "reversed" "已红冲",
    }
}

coded! {
    /// The initial PIN. The word itself is never part of an order (R129).
    PasscodeState {
        None = "none" "未生成",
        Sealed = "sealed" "待发送",
        Sent = "sent" "已发送",
        Failed = "failed" "发送失败",
        Destroyed = "destroyed" "已销毁",
    }
}

/// What the courier was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    pub courier: String,
    pub waybill: String,
    pub shipped_at: Moment,
}

impl Order {
    pub fn itinerary(&self) -> &'static [Step] {
        itinerary(self.service, self.party, self.route)
    }

    /// The step it waits at; `None` when it has ended.
    pub const fn step(&self) -> Option<Step> {
        match self.standing {
            Standing::Open(step) => Some(step),
            _ => None,
        }
    }

    /// Where the password goes (R122, R149); `None` where the service makes no new key, or no method is chosen yet.
    pub fn passcode_channel(&self) -> Option<PasscodeChannel> {
        if !self.itinerary().contains(&Step::Passcode) {
            return None;
        }
        match self.party {
            // R049: without a choice it is the reserved phone's.
            Party::Person if self.method.is_none() => Some(PasscodeChannel::AgentSms),
            party => self.method.map(|method| identity::channel(party, method)),
        }
    }

    /// Every payment there ever was, the one that counts first.
    pub fn payments(&self) -> impl Iterator<Item = &Paid> {
        self.paid.iter().chain(&self.surplus)
    }

    /// The worst of its payments: `Due` while one is on its way back.
    pub fn refund_state(&self) -> RefundState {
        if self.payments().any(|paid| paid.refund == RefundState::Due) {
            return RefundState::Due;
        }
        self.paid.as_ref().or(self.surplus.first()).map_or(RefundState::Kept, |paid| paid.refund)
    }
}

impl Standing {
    /// The step's code, or the end's: the value of a database column.
    pub const fn code(self) -> &'static str {
        match self {
            Standing::Open(step) => step.code(),
            Standing::Completed => "completed",
            Standing::Withdrawn => "withdrawn",
            Standing::Expired => "expired",
            Standing::Rejected => "rejected",
        }
    }

    pub fn from_code(code: &str) -> Option<Standing> {
        Standing::ENDS
            .iter()
            .copied()
            .find(|end| end.code() == code)
            .or_else(|| Step::from_code(code).map(Standing::Open))
    }

    pub const ENDS: &'static [Standing] =
        &[Standing::Completed, Standing::Withdrawn, Standing::Expired, Standing::Rejected];

    pub const fn is_open(self) -> bool {
        matches!(self, Standing::Open(_))
    }

    /// The state as the history list shows it (R117, R159).
    pub const fn title(self) -> &'static str {
        match self {
            Standing::Open(step) => waiting_title(step),
            Standing::Completed => "已完成",
            Standing::Withdrawn => "已撤销",
            Standing::Expired => "已关闭",
            Standing::Rejected => "审核未通过",
        }
    }
}

impl Standing {
    /// The same, where a service has a word of its own: to unblock a key nothing is filled in (R077).
    pub const fn title_in(self, service: Service) -> &'static str {
        match (service, self) {
            (Service::Unblock, Standing::Open(Step::Details)) => "待核对信息",
            (Service::Resumption, Standing::Open(Step::Details)) => "待选择验证方式",
            _ => self.title(),
        }
    }
}

/// What the order waits for at a step.
const fn waiting_title(step: Step) -> &'static str {
    match step {
        Step::KeyLogin | Step::KeyPresence => "待插入证书",
        Step::Record => "待选择证书",
        Step::Details => "待填写",
        Step::Confirm => "待确认",
        Step::Evidence => "待上传资料",
        Step::PhoneCheck => "待短信确认",
        Step::IdentityCheck => "待身份核验",
        Step::Signature => "待签名",
        Step::Payment => "待支付",
        Step::Review => "待审核",
        Step::Settlement => "待汇款到账",
        Step::Passcode => "待发送密码",
        Step::Production => "待制证",
        Step::Dispatch => "待寄送",
        Step::Receipt => "已寄出",
        Step::Issuing => "待签发",
        Step::Loading => "待下载",
        Step::PinReset => "待重置密码",
    }
}
