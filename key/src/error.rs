//! One error for everything that can go wrong between a person and a key.
//!
//! Status words of a card, SAR codes of an SKF library and faults of a transport all end here, so that a page needs one
//! table of sentences. The `Display` text is English, for logs; the sentence for a person is the counter's.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::mandate::MandateRefusal;

/// On the wire: `{"kind":"pin_wrong","detail":{"left":3}}`, `{"kind":"removed"}`.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyError {
    /// R062: the PIN was wrong, and this many tries are left.
    #[error("the PIN is wrong, {left} tries left")]
    PinWrong { left: u8 },
    /// R062 on a key that does not tell how many tries are left.
    #[error("the PIN is wrong")]
    PinRefused,
    #[error("the PIN is locked")]
    PinLocked,
    /// Too short, too long, or not printable ASCII.
    #[error("the PIN does not follow the key's rule")]
    PinRule,
    /// Nobody asked for it: a page that speaks to a key itself, a helper without a window.
    #[error("no PIN was given")]
    PinMissing,
    #[error("the PIN must be verified first")]
    NotLoggedIn,
    /// R060: the key left its port during the conversation.
    #[error("the key was removed")]
    Removed,
    /// Another program or page holds the key.
    #[error("the key is busy")]
    Busy,
    #[error("the key did not answer in time")]
    Timeout,
    /// The page gave up waiting: whether the key did it, only the key knows.
    #[error("given up by the page")]
    Cancelled,
    #[error("the key has no such object")]
    NotFound,
    #[error("the key is full")]
    NoRoom,
    /// R139: the envelope does not open on this key, or the pair inside is not a pair.
    #[error("the enveloped key is not for this key or damaged")]
    BadEnvelope,
    /// A certificate that is not for the key pair in its slot.
    #[error("the certificate does not belong to the pair on the key")]
    BadCertificate,
    /// The sealed passcode does not open with this station's key, usually because the helper was restarted.
    #[error("the sealed passcode is not for this station")]
    BadSeal,
    /// The office's authorisation is too old, by this machine's clock.
    #[error("the authorisation is out of its time")]
    Expired,
    /// B07: no admin PIN that the office knows is this key's, or it is locked: nobody can unblock it any more.
    #[error("the key takes no admin PIN of the office")]
    AdminPin,
    #[error("this page or program may not use the key")]
    Denied,
    /// The office did not want this done, or not so, not here, not now.
    #[error("no mandate of the office for this: {}", .0.code())]
    Mandate(MandateRefusal),
    #[error("the key already carries a certificate")]
    AlreadyPersonalised,
    /// R067: the key in the port is not the key of this order.
    #[error("this is another key")]
    WrongKey,
    #[error("the key or the helper does not know this command")]
    Unsupported,
    /// The message was not understood: wrong JSON, wrong base64, a field too long.
    #[error("the message is malformed: {0}")]
    Malformed(String),
    /// The extension is there, the helper program is not.
    #[error("the helper is not installed")]
    HelperMissing,
    /// The page cannot find the extension at all. Said by the page itself.
    #[error("the extension is not installed")]
    ExtensionMissing,
    /// The software of the key's maker crashed, hung, was exchanged or cannot be started.
    #[error("the software of the key's maker failed: {0}")]
    Library(String),
    /// A status word nobody has a name for.
    #[error("the key answered {0:04X}")]
    Status(u16),
    #[error("the connection to the key failed: {0}")]
    Transport(String),
}

impl KeyError {
    /// Whether the wire failed, so that nothing is known of what was asked, and what was verified is verified no more.
    pub fn is_of_the_wire(&self) -> bool {
        matches!(
            self,
            Self::Removed | Self::Timeout | Self::Cancelled | Self::Library(_) | Self::Transport(_)
        )
    }

    /// The stable reason code shown to a person and looked up in the counter's wording.
    pub fn code(&self) -> &'static str {
        match self {
            Self::PinWrong { .. } => "key.pin_wrong",
            Self::PinRefused => "key.pin_refused",
            Self::PinLocked => "key.pin_locked",
            Self::PinRule => "key.pin_rule",
            Self::PinMissing => "key.pin_missing",
            Self::NotLoggedIn => "key.not_logged_in",
            Self::Removed => "key.removed",
            Self::Busy => "key.busy",
            Self::Timeout => "key.timeout",
            Self::Cancelled => "key.cancelled",
            Self::NotFound => "key.not_found",
            Self::NoRoom => "key.no_room",
            Self::BadEnvelope => "key.bad_envelope",
            Self::BadCertificate => "key.bad_certificate",
            Self::BadSeal => "key.bad_seal",
            Self::Expired => "key.expired",
            Self::AdminPin => "key.admin_pin",
            Self::Denied => "key.denied",
            Self::Mandate(refusal) => refusal.code(),
            Self::AlreadyPersonalised => "key.already_personalised",
            Self::WrongKey => "key.wrong_key",
            Self::Unsupported => "key.unsupported",
            Self::Malformed(_) => "key.malformed",
            Self::HelperMissing => "key.helper_missing",
            Self::ExtensionMissing => "key.extension_missing",
            Self::Library(_) => "key.library",
            Self::Status(_) => "key.status",
            Self::Transport(_) => "key.transport",
        }
    }
}
