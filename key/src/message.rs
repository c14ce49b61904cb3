//! What a page, the extension and the helper say to each other: JSON, versioned, one answer per request id.
//!
//! The page posts `Envelope<Request>`; the extension's worker wraps it as `Stamped` with the page's origin as the browser
//! knows it; the helper answers `Envelope<Answer>`. Verbs are high level: raw APDUs never cross this border.
//! Binary values are base64 (standard, padded) unless said otherwise; nonces are hex.

use serde::{Deserialize, Serialize};

pub use crate::envelope::{Envelope, Stamped};
pub use crate::past::{EnvelopedPast, SealedTo};
use crate::{KeyError, Pin, key::Slot};

/// The only version there is. A helper refuses others with `Unsupported`.
pub const VERSION: u32 = 1;

/// The extension's id, fixed by the `key` in its manifest: `chrome.runtime.connect(EXTENSION_ID)`.
pub const EXTENSION_ID: &str = "lpmannenecnfpfmfmnjgadejnahcijep";

/// The same in Firefox, fixed by `browser_specific_settings` in its manifest.
pub const FIREFOX_EXTENSION_ID: &str = "helper@certhall.example";

/// Answers with this id are about the connection itself, not about one request: every open request has failed.
pub const CONNECTION: u32 = 0;

/// Names one key for as long as it stays inserted; opaque to the page. `soft:SK26A1B2C3`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyRef(pub String);

/// The subject a request asks for. Order on the wire: C, O, OU, serialNumber, CN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameParts {
    /// Two capital letters, `CN`.
    pub country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The subject attribute serialNumber (a credit code), not the certificate's serial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    pub common_name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Request {
    /// First word of a page: is a helper there, and which station key may a passcode be sealed to?
    Hello {},
    /// Every inserted key; R059 lets the page go on with exactly one.
    ListKeys {},
    Identify {
        key: KeyRef,
    },
    /// Production, first half: PIN, label and a fresh signing pair on a key without certificates. May be repeated until
    /// `InstallPair` has succeeded; each time the key starts anew.
    Personalise {
        key: KeyRef,
        label: String,
        /// SM2Cipher (GM/T 0009 DER) of the initial PIN under the station key of `Hello`: the page never sees it (R129).
        sealed_passcode: String,
        subject: NameParts,
        nonce: String,
        /// SPKI of the office. If given, the key's random admin PIN comes back sealed to it; if not, nobody knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        office_key: Option<String>,
    },
    /// Goes on after a reload between `Personalise` and `ReadBack`: opens the same passcode and verifies it as the PIN.
    Resume {
        key: KeyRef,
        sealed_passcode: String,
    },
    /// Production, second half: the enveloped encryption pair (R139), then both certificates. Safe to repeat.
    InstallPair {
        key: KeyRef,
        /// DER.
        sign_certificate: String,
        /// DER.
        encrypt_certificate: String,
        /// SM2EnvelopedKey, DER.
        enveloped_key: String,
    },
    /// R140: reads what really lies on the key, and lets both private keys prove themselves.
    ReadBack {
        key: KeyRef,
        nonce: String,
        /// SM2Cipher of 32 random bytes under the encryption certificate's key. Without it no encryption proof.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed_challenge: Option<String>,
        /// Which of the two; the one in use unless said otherwise.
        #[serde(default, skip_serializing_if = "Generation::is_in_use")]
        generation: Generation,
        /// What was sealed to encryption pairs that may be of before (B02).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        past: Vec<SealedTo>,
    },
    /// A fresh signing pair beside the one in use, and its request. May be repeated: each time the next generation begins
    /// anew, and the pairs in use stay as they are.
    MakeNext {
        key: KeyRef,
        subject: NameParts,
        nonce: String,
    },
    /// The enveloped pair and both certificates of the next generation. Safe to repeat; `NotFound` if the key no longer
    /// holds the pair that was certified.
    InstallNext {
        key: KeyRef,
        /// DER.
        sign_certificate: String,
        /// DER.
        encrypt_certificate: String,
        /// SM2EnvelopedKey, DER.
        enveloped_key: String,
    },
    /// The generation with these certificates (DER) is the one in use from now on, the encryption pair of before stays for
    /// opening. All at once; safe to repeat.
    Switch {
        key: KeyRef,
        sign_certificate: String,
        encrypt_certificate: String,
    },
    /// What are so many pairs of before to be sealed to?
    PreparePast {
        key: KeyRef,
        pairs: u8,
        nonce: String,
    },
    /// They come. Safe to repeat.
    InstallPast {
        key: KeyRef,
        pairs: Vec<EnvelopedPast>,
    },
    /// B06: tries left, before the first keystroke.
    PinInfo {
        key: KeyRef,
    },
    /// Here and below: no PIN in what travels to a helper, which asks for it in its own window; only a page that speaks to
    /// the key itself fills it in.
    VerifyPin {
        key: KeyRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pin: Option<Pin>,
    },
    /// Verifies the PIN and signs `statement::login(origin, challenge)`; `challenge` is hex from the office.
    Login {
        key: KeyRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pin: Option<Pin>,
        challenge: String,
    },
    ChangePin {
        key: KeyRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old: Option<Pin>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new: Option<Pin>,
    },
    /// R078: a new PIN on an `authorisation::Authorisation`, sealed to the station key of `Hello`; once.
    Unblock {
        key: KeyRef,
        /// SM2Cipher.
        sealed_authorisation: String,
        /// What the holder has chosen; `None` where the station asks for it in its own window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pin: Option<Pin>,
    },
}

/// Which of the pairs on a key: those in use, or those being made beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    #[default]
    InUse,
    Next,
}

impl Generation {
    /// The slots of its signing and its encryption pair.
    pub fn slots(self) -> (Slot, Slot) {
        match self {
            Generation::InUse => (Slot::Sign, Slot::Encrypt),
            Generation::Next => (Slot::NextSign, Slot::NextEncrypt),
        }
    }

    fn is_in_use(&self) -> bool {
        *self == Generation::InUse
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Carries no certificate; may be personalised.
    Blank,
    Personalised,
}

/// Everything that can be read from a key without its PIN (K01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySummary {
    pub key: KeyRef,
    pub label: String,
    /// The serial of the medium, printed on it; pinned in the order (R067).
    pub serial: String,
    pub state: KeyState,
    /// Common name in the signing certificate.
    pub certificate_name: Option<String>,
    /// None while no PIN is set, or where the key does not say.
    pub pin_left: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answer {
    Hello {
        helper_version: String,
        /// SPKI DER of an SM2 key made fresh by this helper process; dies with it.
        station_key: String,
    },
    Keys {
        keys: Vec<KeySummary>,
    },
    Identified {
        key: KeySummary,
        /// DER, if the slot is filled.
        sign_certificate: Option<String>,
        encrypt_certificate: Option<String>,
    },
    Personalised {
        serial: String,
        /// PKCS#10 DER, signed on the key.
        request: String,
        /// Signature (DER) by the new signing key over `statement::personalised(nonce, serial, request)`.
        proof: String,
        /// SM2Cipher under `office_key`, if one was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed_admin_pin: Option<String>,
    },
    Installed {},
    ReadBack {
        serial: String,
        /// DER, as read from the key.
        sign_certificate: String,
        encrypt_certificate: String,
        /// Signature (DER) by the signing key over `statement::read_back(nonce, serial, both certificates)`.
        signature: String,
        /// Hex of `statement::encryption_proof(nonce, opened challenge)`, if a challenge was given.
        encryption_proof: Option<String>,
        /// The same for each of `past`; null where the key does not hold that pair.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        past_proofs: Vec<Option<String>>,
    },
    NextMade {
        serial: String,
        /// PKCS#10 DER, signed with the next pair.
        request: String,
        /// Signature (DER) by the next signing pair over `statement::next_made(nonce, serial, request)`.
        proof: String,
        /// The same by the signing pair in use.
        endorsement: String,
    },
    Switched {},
    PastPrepared {
        /// 04 ‖ X ‖ Y each; fewer than asked for where the key has no room.
        places: Vec<String>,
        /// Over `statement::past_prepared(nonce, serial, places)`, by the pair in use.
        signature: String,
    },
    PinInfo {
        left: u8,
        max: u8,
    },
    /// The PIN was right; the key stays open for this page until it disconnects.
    Verified {},
    LoggedIn {
        serial: String,
        sign_certificate: String,
        /// Signature (DER) over `statement::login(origin, challenge)`.
        signature: String,
    },
    PinChanged {},
    /// With the id of the connection, and not asked for: since this page's `ListKeys` something came into a port or left it.
    PortsChanged {},
    Unblocked {
        serial: String,
        /// Signature (DER) over `statement::unblocked(nonce, serial, order)`.
        signature: String,
    },
    Failed {
        error: KeyError,
    },
}
