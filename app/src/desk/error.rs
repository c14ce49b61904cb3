//! What the wire can say when the answer is no. Sentences are in `wording.rs`, status lines in the office's `answer.rs`.

use super::recovery::RecoveryRefusal;
use journey::refusal::Refusal;
use leptos::prelude::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum DeskError {
    /// The rules of the journey say no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// Some fields do not hold what they must; nothing was lost, the draft is kept.
    #[error("fields: {}", .0.len())]
    Fields(Vec<FieldError>),
    #[error("code: {}", .0.code())]
    Code(CodeRefusal),
    #[error("file: {}", .0.code())]
    File(FileRefusal),
    /// What was pasted or chosen cannot be read as a certificate.
    #[error("unreadable: {}", .0.code())]
    Unreadable(ReadRefusal),
    /// What a key sent does not prove what it must (R138–R140); nothing was taken from it.
    #[error("proof: {}", .0.code())]
    Proof(ProofRefusal),
    /// A certificate does not go on hold, come back or get revoked like this; nothing was changed.
    #[error("standing: {}", .0.code())]
    Standing(StandingRefusal),
    /// A judicial recovery does not go on (GM/T 0034, 12.5).
    #[error("recovery: {}", .0.code())]
    Recovery(RecoveryRefusal),
    /// The visit or the staff session is over.
    #[error("sign in again")]
    SignInAgain,
    /// Name, password or one-time code is wrong; which one is not said.
    #[error("sign-in refused")]
    SignInRefused,
    /// Signed in, but not for this.
    #[error("not your desk")]
    NotYourDesk,
    /// No such thing for this caller (also what a stranger's order answers).
    #[error("not found")]
    NotFound,
    #[error("slow down")]
    SlowDown { retry_after_s: u32 },
    /// Somebody else moved the order first (R158); load it again.
    #[error("changed meanwhile")]
    Changed,
    /// An outside party did not answer; nothing is lost, try again.
    #[error("partner away: {partner}")]
    PartnerAway { partner: String },
    /// The page is older than the office.
    #[error("page out of date")]
    PageOutOfDate,
    #[error("offline")]
    Offline,
    /// A fault of ours; the incident number finds it in the log.
    #[error("broken: {incident}")]
    Broken { incident: String },
}

/// One field of a form and the reason code of `journey::entry`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in `DetailsForm`.
    pub field: String,
    pub code: String,
}

/// Why an SMS code was not sent or not accepted (R024, R125).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum CodeRefusal {
    /// `left` tries remain before the code is burned.
    Wrong {
        left: u8,
    },
    Expired,
    /// Used already, burned by too many tries, or never sent.
    Gone,
    TooSoon {
        wait_s: u32,
    },
    DailyLimit,
}

impl CodeRefusal {
    pub fn code(&self) -> &'static str {
        match self {
            CodeRefusal::Wrong { .. } => "code_wrong",
            CodeRefusal::Expired => "code_expired",
            CodeRefusal::Gone => "code_gone",
            CodeRefusal::TooSoon { .. } => "code_too_soon",
            CodeRefusal::DailyLimit => "code_daily_limit",
        }
    }
}

/// Why an upload was not taken (R136).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum FileRefusal {
    TooLarge {
        limit_bytes: u64,
    },
    /// By content, not by name: JPEG and PNG are taken.
    WrongType,
    /// The picture cannot be decoded, or would unpack to too many pixels.
    Unreadable,
    TooManyPixels {
        limit: u64,
    },
    TooSmall {
        min_edge_px: u32,
    },
}

impl FileRefusal {
    pub fn code(&self) -> &'static str {
        match self {
            FileRefusal::TooLarge { .. } => "file_too_large",
            FileRefusal::WrongType => "file_wrong_type",
            FileRefusal::Unreadable => "file_unreadable",
            FileRefusal::TooManyPixels { .. } => "file_too_many_pixels",
            FileRefusal::TooSmall { .. } => "file_too_small",
        }
    }
}

/// Why a key's request or proof was not taken at production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofRefusal {
    /// Not what it should be in form: base64, a station key.
    Malformed,
    /// No PKCS#10 request with proof of possession under the GM/T identity.
    Request,
    /// The request asks for another subject than the order's.
    OtherSubject,
    /// Not signed by this key, for this order, with this serial.
    NotThisKey,
    /// The pair is certified for another order.
    PairTaken,
    /// What lies on the key is not what was issued.
    OtherCertificate,
    /// The encryption key did not open what was sealed to it.
    Unopened,
}

impl ProofRefusal {
    pub const ALL: [ProofRefusal; 7] = [
        ProofRefusal::Malformed,
        ProofRefusal::Request,
        ProofRefusal::OtherSubject,
        ProofRefusal::NotThisKey,
        ProofRefusal::PairTaken,
        ProofRefusal::OtherCertificate,
        ProofRefusal::Unopened,
    ];

    pub fn code(self) -> &'static str {
        match self {
            ProofRefusal::Malformed => "proof_malformed",
            ProofRefusal::Request => "proof_request",
            ProofRefusal::OtherSubject => "proof_other_subject",
            ProofRefusal::NotThisKey => "proof_not_this_key",
            ProofRefusal::PairTaken => "proof_pair_taken",
            ProofRefusal::OtherCertificate => "proof_other_certificate",
            ProofRefusal::Unopened => "proof_unopened",
        }
    }
}

/// Why a certificate's standing does not change as it was asked (C11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingRefusal {
    /// Reserved, or signed and not yet proven on its key: it counts for nobody yet.
    NotActive,
    AlreadyOnHold,
    NotOnHold,
    /// Nothing follows a revocation.
    AlreadyRevoked,
    /// Not a reason for which a holder's certificate is revoked.
    Reason,
    /// The counter or a registrar put it on hold: a partner does not lift that.
    HeldByAnother,
}

impl StandingRefusal {
    pub const ALL: [StandingRefusal; 6] = [
        StandingRefusal::NotActive,
        StandingRefusal::AlreadyOnHold,
        StandingRefusal::NotOnHold,
        StandingRefusal::AlreadyRevoked,
        StandingRefusal::Reason,
        StandingRefusal::HeldByAnother,
    ];

    pub fn code(self) -> &'static str {
        match self {
            StandingRefusal::NotActive => "standing_not_active",
            StandingRefusal::AlreadyOnHold => "standing_already_on_hold",
            StandingRefusal::NotOnHold => "standing_not_on_hold",
            StandingRefusal::AlreadyRevoked => "standing_already_revoked",
            StandingRefusal::Reason => "standing_reason",
            StandingRefusal::HeldByAnother => "standing_held_by_another",
        }
    }
}

/// Why what somebody pasted or chose is no certificate that can be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum ReadRefusal {
    Empty,
    TooLarge {
        limit_bytes: u64,
    },
    /// Nobody else may ever see one.
    PrivateKey,
    /// PKCS#12: a certificate together with its private key, under a password.
    KeyStore,
    /// PKCS#10: asks for a certificate.
    Request,
    RevocationList,
    PublicKey,
    /// A PEM block of another kind.
    OtherBlock,
    /// A PEM block begins and does not end.
    NoEnd,
    /// Neither PEM nor base64 nor hexadecimal digits.
    NotText,
    /// The first bytes announce more than there is.
    CutOff {
        expected: u64,
        found: u64,
    },
    /// More than the first bytes announce.
    TooMuch {
        expected: u64,
        found: u64,
    },
    /// DER, but no certificate.
    NotCertificate,
    /// A P7B without certificates.
    NoCertificates,
}

impl ReadRefusal {
    pub fn code(&self) -> &'static str {
        match self {
            ReadRefusal::Empty => "read_empty",
            ReadRefusal::TooLarge { .. } => "read_too_large",
            ReadRefusal::PrivateKey => "read_private_key",
            ReadRefusal::KeyStore => "read_key_store",
            ReadRefusal::Request => "read_request",
            ReadRefusal::RevocationList => "read_revocation_list",
            ReadRefusal::PublicKey => "read_public_key",
            ReadRefusal::OtherBlock => "read_other_block",
            ReadRefusal::NoEnd => "read_no_end",
            ReadRefusal::NotText => "read_not_text",
            ReadRefusal::CutOff { .. } => "read_cut_off",
            ReadRefusal::TooMuch { .. } => "read_too_much",
            ReadRefusal::NotCertificate => "read_not_certificate",
            ReadRefusal::NoCertificates => "read_no_certificates",
        }
    }
}

impl FromServerFnError for DeskError {
    type Encoder = JsonEncoding;
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => DeskError::Offline,
            // An older page asks in a shape (or for a function) that this office no longer knows.
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => DeskError::PageOutOfDate,
            _ => DeskError::Broken { incident: "transport".into() },
        }
    }
}
