//! What a key can do, whatever it is made of and however it is reached.

use serde::{Deserialize, Serialize};

use crate::{KeyError, Pin, message::NameParts, signing::Point};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// The pair made on the key (R138).
    Sign,
    /// The pair from the key management centre, imported inside its envelope (R139).
    Encrypt,
    /// The next generation, being made beside the one in use (A21, A47): counts for nothing until `switch`.
    NextSign,
    NextEncrypt,
    /// An encryption pair of before, the newest first: opens what was encrypted for it, for as long as the key lives (B02).
    PastEncrypt(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinKind {
    User,
    Admin,
}

/// Tries left and at most; reading it costs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinInfo {
    pub left: u8,
    pub max: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Life {
    /// Being made: may be made anew, is nobody's yet.
    Creation,
    Operational,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub serial: String,
    /// Empty on a fresh key.
    pub label: String,
    pub life: Life,
}

/// An open key. Verbs that need the user PIN say `NotLoggedIn` until `verify_pin`; the state ends with the value.
/// Nothing here is ever repeated behind the caller's back: a wrong PIN costs exactly one try.
#[allow(async_fn_in_trait)]
pub trait Key {
    async fn identify(&mut self) -> Result<Identity, KeyError>;
    /// `NotFound` while no PIN is set.
    async fn pin_info(&mut self, kind: PinKind) -> Result<PinInfo, KeyError>;
    async fn verify_pin(&mut self, kind: PinKind, pin: &Pin) -> Result<(), KeyError>;
    async fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin) -> Result<(), KeyError>;
    /// Sets a new user PIN and its full tries, on the admin PIN's word.
    async fn unblock(&mut self, admin: &Pin, new_user: &Pin) -> Result<(), KeyError>;

    /// Forgets everything and sets label and PINs; `AlreadyPersonalised` on a finished key. A label longer
    /// than the key holds (32 bytes of UTF-8) is cut.
    async fn initialise(&mut self, label: &str, admin: &Pin, user: &Pin) -> Result<(), KeyError>;
    /// A fresh signing pair, made on the key.
    async fn generate(&mut self) -> Result<Point, KeyError>;
    /// PKCS#10 DER for the signing pair.
    async fn request(&mut self, subject: &NameParts) -> Result<Vec<u8>, KeyError>;
    /// SM2EnvelopedKey DER, sealed to the signing pair; opened inside the key. `BadEnvelope` leaves the slot as it was.
    async fn import_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError>;
    /// The finished key refuses `initialise` and a new signing pair from now on.
    async fn finish(&mut self) -> Result<(), KeyError>;

    /// `NotFound` if the slot has no pair.
    async fn public_point(&mut self, slot: Slot) -> Result<Point, KeyError>;
    /// `BadCertificate` unless it is for the pair in that slot.
    async fn write_certificate(&mut self, slot: Slot, der: &[u8]) -> Result<(), KeyError>;
    /// Needs no PIN.
    async fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError>;

    /// The next signing pair, made on a finished key beside the pairs in use; what was begun of a next generation before is
    /// forgotten. `Denied` on a key that is still being made.
    async fn generate_next(&mut self) -> Result<Point, KeyError>;
    /// As `import_pair`, sealed to the next signing pair.
    async fn import_next_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError>;
    /// In one go, or not at all: the next generation is the one in use, the old encryption pair the newest of the past, the
    /// old signing pair forgotten. `NotFound` unless both next pairs have their certificates.
    async fn switch(&mut self) -> Result<(), KeyError>;
    /// The public keys that so many encryption pairs of before are to be sealed to, one each: a pair of a container made for
    /// it, or each time the signing pair in use, where the key opens them with that one. Asked again, what was not filled is
    /// given again.
    async fn prepare_past(&mut self, pairs: u8) -> Result<Vec<Point>, KeyError>;
    /// As `import_pair`, sealed to `place`, which the key has given: an encryption pair of before. One that the key holds stays
    /// as it is.
    async fn import_past_pair(&mut self, place: &Point, enveloped: &[u8]) -> Result<(), KeyError>;
    /// The public keys of the encryption pairs of before, in the order of `PastEncrypt`.
    async fn list_past(&mut self) -> Result<Vec<Point>, KeyError>;

    /// Signs with the signing pair: DER, under the identity of GM/T 0009.
    async fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
    /// The same with the next signing pair.
    async fn sign_next(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
    /// Opens an SM2Cipher (DER) with the encryption pair.
    async fn decrypt(&mut self, cipher: &[u8]) -> Result<Vec<u8>, KeyError>;
    /// The same with any encryption pair; `NotFound` for a signing slot.
    async fn decrypt_with(&mut self, slot: Slot, cipher: &[u8]) -> Result<Vec<u8>, KeyError>;
}
