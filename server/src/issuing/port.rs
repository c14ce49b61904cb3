//! The port to whatever makes certificates: this office's own authorities, or one upstream that is asked over a network.
//!
//! Two halves, because what is meant is recorded between them: `mean` says what would be signed or sent, `make` does it.
//! `make` of the same thing again gives the same certificate, or another of which the first recorded counts. An authority
//! upstream draws the serial itself: until its certificate comes, the row stands under one of ours.

use crate::fault::Fault;
use crate::store::certificates::Slot;
use async_trait::async_trait;
use certificate::draft::Validity;
use certificate::{Certificate, IdentityCode, Name, Profile, ToBeSigned};

/// For whom: what stands behind a certificate, in words that a log and a token may have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    Order {
        id: String,
        slot: Slot,
        /// How many certificates of this slot were put aside before: each try is a case of its own.
        discarded: u32,
    },
    /// A partner's number is tried once: what was put aside is asked for under another one.
    Partner { partner: String, number: String, slot: Slot },
    /// The house itself: a responder, whose every certificate is a case of its own.
    House { name: String },
}

impl Case {
    pub fn slot(&self) -> Slot {
        match self {
            Case::Order { slot, .. } | Case::Partner { slot, .. } => *slot,
            Case::House { .. } => Slot::Single,
        }
    }
}

impl From<Slot> for signer::Slot {
    fn from(slot: Slot) -> signer::Slot {
        match slot {
            Slot::Sign => signer::Slot::Sign,
            Slot::Encrypt => signer::Slot::Encrypt,
            Slot::Single => signer::Slot::Single,
        }
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Case::Order { id, discarded, .. } => write!(out, "order:{id}:{discarded}"),
            Case::Partner { partner, number, .. } => write!(out, "partner:{partner}:{number}"),
            Case::House { name } => write!(out, "house:{name}"),
        }
    }
}

/// A certificate that somebody wants. Whether they may have it is decided before.
#[derive(Clone, Debug)]
pub struct Wish {
    pub case: Case,
    /// `authorities.name` of who shall sign.
    pub issuer: String,
    pub profile: &'static Profile,
    pub subject: Name,
    /// DER SubjectPublicKeyInfo; that its private key is held was proven before.
    pub spki: Vec<u8>,
    /// The PKCS#10 request behind it, where there is one: an authority upstream wants to see the proof itself.
    pub request: Option<Vec<u8>>,
    /// Extensions that name the holder (GM/T 0015).
    pub identity_codes: Vec<IdentityCode>,
    pub validity: Validity,
}

/// What is meant, as it is recorded.
#[derive(Debug)]
pub struct Meant {
    pub case: Case,
    pub issuer: String,
    pub profile: &'static Profile,
    /// SM3 of the SubjectPublicKeyInfo.
    pub spki_digest: [u8; 32],
    /// The certificate's, or where the authority draws it the one that it is recorded under until then.
    pub serial: String,
    /// DER TBSCertificate; for an authority upstream, the request that is sent.
    pub to_be_signed: Vec<u8>,
    /// The same, linted in this very call; what comes from the record is linted again.
    pub(super) ready: Option<ToBeSigned>,
}

impl Meant {
    /// What was recorded earlier, to be taken up again.
    pub fn from_record(
        case: Case,
        issuer: String,
        profile: &'static Profile,
        spki_digest: [u8; 32],
        serial: String,
        to_be_signed: Vec<u8>,
    ) -> Meant {
        Meant { case, issuer, profile, spki_digest, serial, to_be_signed, ready: None }
    }
}

/// Whoever makes certificates.
#[async_trait]
pub trait CertificateAuthority: Send + Sync {
    /// Whether this issuer wants the PKCS#10 request behind each wish.
    fn wants_request(&self, _issuer: &str) -> bool {
        false
    }

    /// What would be made for this wish, linted; nothing is signed or sent.
    ///
    /// # Errors
    /// A lint's finding, a name or key that cannot be encoded.
    fn mean(&self, wish: Wish) -> Result<Meant, Fault>;

    /// Makes what was recorded: one answer for each, in order.
    async fn make(&self, meant: Vec<Meant>) -> Vec<Result<Certificate, Fault>>;

    /// Tells the authority that a certificate of its making counts no more. The reason is RFC 5280's, 5.3.1.
    ///
    /// # Errors
    /// The authority did not take it; may be tried again.
    async fn revoke(&self, certificate: &Certificate, reason: u8) -> Result<(), Fault>;
}
