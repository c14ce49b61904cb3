//! What must be done because an order moved, in the imperative. Each names its undo.
//!
//! An effect is saved as an errand in the transaction that moved the order, and is done at least once: whoever does it
//! must find an earlier run by the order and the effect (R130, invariant 6).

use serde::{Deserialize, Serialize};

use crate::{coded::coded, money::Fen, payment::Channel};

/// One thing to do. Order and time are the errand's, not the effect's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Tell the reserved phone, and the reserved mailbox where there is one (A55). Undo: none.
    SendNotice(Notice),
    /// Draw and seal the initial PIN, if the order still stands at `Passcode`, then report `PasscodeSealed` (A03).
    /// Undo: `DestroyPasscode`.
    SealPasscode,
    /// Send the sealed PIN by the method's channel, then report `PasscodeSent` or `PasscodeFailed`. Undo: none.
    SendPasscode,
    /// Wipe the sealed PIN. Undo: none.
    DestroyPasscode,
    /// Issue the e-invoice and mail it (R027, A43). Undo: `ReverseInvoice`.
    IssueInvoice,
    /// Issue the red-letter invoice (A53). Undo: none.
    ReverseInvoice,
    /// Give this payment back by the way it came, then report `Refunded` (R131). Undo: none.
    Refund { attempt: String, channel: Channel, amount: Fen },
    /// Close the attempts still open at the providers; money that comes all the same is a row. Undo: none.
    CloseAttempts,
    /// Ask the provider of the chosen method and send the unlock authorisation (A28). Undo: none.
    CheckIdentity,
    /// Issue both certificates for the generated pair, then report `PairIssued`; if that is refused, another pair took its
    /// place meanwhile: revoke. Undo: `DiscardPair`.
    IssuePair,
    /// The new pair is written and verified: make it active (R140). Undo: `RevokeCertificate`.
    ActivatePair,
    /// Revoke the pair this order issued: it will not reach its holder. Undo: none.
    DiscardPair,
    /// Put the certificate chosen for replacement on hold (A37). Undo: `ResumeCertificate`.
    SuspendCertificate,
    /// The chosen certificate was found again: its hold is lifted (B01). Undo: another 挂失.
    ResumeCertificate,
    /// Revoke the certificate chosen for replacement (R135, A37). Undo: none.
    RevokeCertificate,
    /// Revoke the pair the new one supersedes; its encryption key stays readable (A21, A47). Undo: none.
    RetireOldPair,
    /// Ask the courier's tracker for news of the parcel (R034). Undo: none.
    TrackParcel,
    /// Enter the changed contacts in the holder's record (A45, A48). Undo: another modification.
    UpdateContacts,
}

coded! {
    /// Which message. A person reads it within the minute, so each says what comes next.
    Notice {
        Passed = "passed" "审核通过",
        Returned = "returned" "需要补正",
        Rejected = "rejected" "审核未通过",
        /// The password could not be sent: choose another method (A05).
        IdentityFailed = "identity_failed" "认证失败",
        Shipped = "shipped" "已寄出",
        /// A payment that could not be kept goes back (R131).
        RefundStarted = "refund_started" "退款办理中",
        Refunded = "refunded" "已退款",
        Expired = "expired" "订单已关闭",
        /// To agent and legal person (A31).
        Unblocked = "unblocked" "解锁成功",
        /// The lost certificate is on hold (A37).
        Suspended = "suspended" "原证书已挂失",
        /// To agent and legal person: the certificate counts again (B01).
        Resumed = "resumed" "证书已恢复使用",
        /// The new certificate is on the key.
        Loaded = "loaded" "证书已更新",
        Changed = "changed" "信息已变更",
        /// To the agent who is to be replaced (B11).
        AgentAsked = "agent_asked" "申请变更经办人，24小时内可提出异议",
        /// To the new agent.
        AgentChanged = "agent_changed" "经办人已变更",
        /// To the legal person: the agent objected.
        AgentKept = "agent_kept" "原经办人提出异议，经办人未变更",
        /// What the courier says of the parcel (R034).
        ParcelArrived = "parcel_arrived" "快递已签收",
        ParcelTroubled = "parcel_troubled" "快件派送遇到问题，请保持电话畅通",
        ParcelRefused = "parcel_refused" "快件被拒收，未能送达",
        ParcelReturned = "parcel_returned" "快件未能送达，已退回",
    }
}

impl Effect {
    /// The stable name in errands and documents.
    pub const fn code(&self) -> &'static str {
        match self {
            Effect::SendNotice(_) => "send_notice",
            Effect::SealPasscode => "seal_passcode",
            Effect::SendPasscode => "send_passcode",
            Effect::DestroyPasscode => "destroy_passcode",
            Effect::IssueInvoice => "issue_invoice",
            Effect::ReverseInvoice => "reverse_invoice",
            Effect::Refund { .. } => "refund",
            Effect::CloseAttempts => "close_attempts",
            Effect::CheckIdentity => "check_identity",
            Effect::IssuePair => "issue_pair",
            Effect::ActivatePair => "activate_pair",
            Effect::DiscardPair => "discard_pair",
            Effect::SuspendCertificate => "suspend_certificate",
            Effect::ResumeCertificate => "resume_certificate",
            Effect::RevokeCertificate => "revoke_certificate",
            Effect::RetireOldPair => "retire_old_pair",
            Effect::TrackParcel => "track_parcel",
            Effect::UpdateContacts => "update_contacts",
        }
    }
}
