//! What happened, in the past tense. The journal is made of these and nothing else, so no personal data is inside:
//! digests, file names of the office, serials, amounts and codes only.

use serde::{Deserialize, Serialize};

use crate::{
    coded::coded, evidence::EvidenceKind, identity::IdentityMethod, money::Fen, party::Party,
    payment::Channel, route::Route, service::Service,
};

/// One entry of an order's journal. `advance` decides whether it may happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Opened {
        service: Service,
        party: Party,
        route: Route,
    },
    /// The order takes another way (R071, A45), before anything was issued.
    RouteChanged {
        route: Route,
    },
    /// `digest` is over the whole form as stored; `method` where the service asks for one; `price` as shown (R145).
    DetailsEntered {
        digest: String,
        method: Option<IdentityMethod>,
        price: Fen,
    },
    /// `digest` of what the person saw: a form changed meanwhile by another browser is not confirmed (R158).
    DetailsConfirmed {
        digest: String,
    },
    /// 返回修改 (R022).
    ChangeRequested,
    /// `file` is the office's own name of the stored upload.
    EvidenceAdded {
        #[serde(rename = "evidence")]
        kind: EvidenceKind,
        file: String,
    },
    EvidenceRemoved {
        #[serde(rename = "evidence")]
        kind: EvidenceKind,
    },
    /// 确认申请 (R022).
    EvidenceSubmitted,
    /// The SMS code was right (R023).
    PhoneChecked,
    /// A provider's signed notice or answer; `attempt` is our number of the payment attempt.
    PaymentReceived {
        attempt: String,
        channel: Channel,
        amount: Fen,
    },
    ReviewClaimed,
    ReviewReleased,
    ReviewPassed,
    ReviewReturned {
        items: Vec<ReturnItem>,
    },
    ReviewRejected {
        reason: String,
    },
    /// The initial PIN exists, sealed (A03).
    PasscodeSealed,
    PasscodeSent,
    /// The bank or the operator refused for good (A05).
    PasscodeFailed {
        reason: String,
    },
    JobTaken,
    JobReleased,
    /// A signing pair was born on the key (R138); `spki_digest` is over its public half.
    PairGenerated {
        key_serial: String,
        spki_digest: String,
    },
    /// Both certificates for that pair are recorded at the authority.
    PairIssued {
        spki_digest: String,
        sign_serial: String,
        encrypt_serial: String,
    },
    /// Written, read back and found equal (R140).
    KeyVerified {
        key_serial: String,
    },
    Shipped {
        courier: String,
        waybill: String,
    },
    Received,
    Withdrawn,
    /// Another agent handles the order: the legal person approved, and the one before had time to object (B11). `digest` of
    /// the form, in which nothing but the agent's name and phone has changed.
    AgentChanged {
        digest: String,
    },
    /// The office ends what cannot be made any more, and says why: the money goes back (A38, A39).
    Discontinued {
        reason: String,
    },
    /// The time allowed for a step of the applicant has run out (R160, A34, A53).
    Expired,
    /// A provider confirmed the refund of this attempt.
    Refunded {
        attempt: String,
        amount: Fen,
    },
    /// A key was shown without its PIN (A27).
    KeyPresented {
        key_serial: String,
    },
    /// A key proved possession of this certificate's signing key (R061).
    KeyLoggedIn {
        key_serial: String,
        certificate_serial: String,
    },
    /// The certificate to replace (R087); `suspend` is the tick for suspension at once (A37).
    RecordChosen {
        certificate_serial: String,
        suspend: bool,
    },
    IdentityPassed,
    /// The application was signed without the key (A41); `digest` of the details signed.
    Signed {
        digest: String,
    },
    /// Finance found the transfer; `line` is the bank statement's line, matched once (R083, A36).
    TransferMatched {
        line: String,
        amount: Fen,
    },
    /// The PIN of this key was set anew (R079, R081).
    PinReset {
        key_serial: String,
    },
    /// The new pair was written to the holder's key and read back (R065, R114, R140).
    PairLoaded {
        key_serial: String,
    },
}

/// One thing the applicant is asked to put right (补正).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnItem {
    pub item: ReturnTarget,
    pub reason: ReturnReason,
    /// The reviewer's own words, if any.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnTarget {
    /// The name of a form field.
    Field(String),
    Evidence(EvidenceKind),
}

coded! {
    /// Why a thing came back.
    ReturnReason {
        Unreadable = "unreadable" "图像不清晰,无法辨认",
        Incomplete = "incomplete" "内容不完整",
        Mismatch = "mismatch" "与登记信息不一致",
        OutOfDate = "out_of_date" "证件已过有效期",
        SealMissing = "seal_missing" "未加盖公章或签字缺失",
        WrongDocument = "wrong_document" "材料类型不符",
        Other = "other" "其他原因",
    }
}

coded! {
    /// An event without its contents, as the table speaks of it. The code is the event's `kind` in the journal.
    EventKind {
        Opened = "opened" "开始办理",
        RouteChanged = "route_changed" "改换办理方式",
        DetailsEntered = "details_entered" "填写信息",
        DetailsConfirmed = "details_confirmed" "确认订单",
        ChangeRequested = "change_requested" "返回修改",
        EvidenceAdded = "evidence_added" "上传资料",
        EvidenceRemoved = "evidence_removed" "删除资料",
        EvidenceSubmitted = "evidence_submitted" "确认申请",
        PhoneChecked = "phone_checked" "短信验证通过",
        PaymentReceived = "payment_received" "支付成功",
        ReviewClaimed = "review_claimed" "开始审核",
        ReviewReleased = "review_released" "退回待审",
        ReviewPassed = "review_passed" "审核通过",
        ReviewReturned = "review_returned" "退回补正",
        ReviewRejected = "review_rejected" "审核不通过",
        PasscodeSealed = "passcode_sealed" "证书密码已生成",
        PasscodeSent = "passcode_sent" "证书密码已发送",
        PasscodeFailed = "passcode_failed" "认证失败",
        JobTaken = "job_taken" "开始制证",
        JobReleased = "job_released" "退回待制证",
        PairGenerated = "pair_generated" "密钥已生成",
        PairIssued = "pair_issued" "证书已签发",
        KeyVerified = "key_verified" "制证完成",
        Shipped = "shipped" "已寄出",
        Received = "received" "已签收",
        Withdrawn = "withdrawn" "撤销订单",
        AgentChanged = "agent_changed" "经办人变更",
        Discontinued = "discontinued" "终止办理",
        Expired = "expired" "超时关闭",
        Refunded = "refunded" "已退款",
        KeyPresented = "key_presented" "识别证书",
        KeyLoggedIn = "key_logged_in" "证书登录",
        RecordChosen = "record_chosen" "选择证书记录",
        IdentityPassed = "identity_passed" "身份核验通过",
        Signed = "signed" "签名完成",
        TransferMatched = "transfer_matched" "汇款到账",
        PinReset = "pin_reset" "解锁成功",
        PairLoaded = "pair_loaded" "证书已下载",
    }
}

impl Event {
    pub const fn kind(&self) -> EventKind {
        match self {
            Event::Opened { .. } => EventKind::Opened,
            Event::RouteChanged { .. } => EventKind::RouteChanged,
            Event::DetailsEntered { .. } => EventKind::DetailsEntered,
            Event::DetailsConfirmed { .. } => EventKind::DetailsConfirmed,
            Event::ChangeRequested => EventKind::ChangeRequested,
            Event::EvidenceAdded { .. } => EventKind::EvidenceAdded,
            Event::EvidenceRemoved { .. } => EventKind::EvidenceRemoved,
            Event::EvidenceSubmitted => EventKind::EvidenceSubmitted,
            Event::PhoneChecked => EventKind::PhoneChecked,
            Event::PaymentReceived { .. } => EventKind::PaymentReceived,
            Event::ReviewClaimed => EventKind::ReviewClaimed,
            Event::ReviewReleased => EventKind::ReviewReleased,
            Event::ReviewPassed => EventKind::ReviewPassed,
            Event::ReviewReturned { .. } => EventKind::ReviewReturned,
            Event::ReviewRejected { .. } => EventKind::ReviewRejected,
            Event::PasscodeSealed => EventKind::PasscodeSealed,
            Event::PasscodeSent => EventKind::PasscodeSent,
            Event::PasscodeFailed { .. } => EventKind::PasscodeFailed,
            Event::JobTaken => EventKind::JobTaken,
            Event::JobReleased => EventKind::JobReleased,
            Event::PairGenerated { .. } => EventKind::PairGenerated,
            Event::PairIssued { .. } => EventKind::PairIssued,
            Event::KeyVerified { .. } => EventKind::KeyVerified,
            Event::Shipped { .. } => EventKind::Shipped,
            Event::Received => EventKind::Received,
            Event::Withdrawn => EventKind::Withdrawn,
            Event::AgentChanged { .. } => EventKind::AgentChanged,
            Event::Discontinued { .. } => EventKind::Discontinued,
            Event::Expired => EventKind::Expired,
            Event::Refunded { .. } => EventKind::Refunded,
            Event::KeyPresented { .. } => EventKind::KeyPresented,
            Event::KeyLoggedIn { .. } => EventKind::KeyLoggedIn,
            Event::RecordChosen { .. } => EventKind::RecordChosen,
            Event::IdentityPassed => EventKind::IdentityPassed,
            Event::Signed { .. } => EventKind::Signed,
            Event::TransferMatched { .. } => EventKind::TransferMatched,
            Event::PinReset { .. } => EventKind::PinReset,
            Event::PairLoaded { .. } => EventKind::PairLoaded,
        }
    }
}
