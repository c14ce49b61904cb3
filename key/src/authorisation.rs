//! What the office releases to unblock one key, once (R081, B07): sealed to a station, opened and used there, and nowhere
//! else. The admin PIN is another one when the key has its new PIN.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    KeyError, Pin,
    key::{Key, PinKind},
    pin_rule, statement,
};

/// Travels only as an SM2Cipher under a station key.
#[derive(Clone, Serialize, Deserialize)]
pub struct Authorisation {
    /// Of the one medium that it is for.
    pub serial: String,
    /// The order's number.
    pub order: String,
    /// Hex; a station takes it once.
    pub nonce: String,
    /// Milliseconds since 1970, UTC.
    pub ends_at: i64,
    /// What the key's admin PIN may be, the likeliest first: more than one where an earlier release broke off.
    pub admin: Vec<Pin>,
    /// What it is from now on.
    pub next: Pin,
}

/// Opens what the office sealed to it: a station of the helper, or a page that reaches the key itself.
pub trait Opener {
    /// SPKI DER, for `Hello`.
    fn public_key(&self) -> Vec<u8>;

    /// # Errors
    /// `BadSeal` for what was sealed to anybody else.
    fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError>;

    /// Whether this nonce comes for the first time.
    fn take_nonce(&mut self, nonce: &str) -> bool;
}

impl Authorisation {
    /// Opened, and used up: the same one does not open twice at this station.
    ///
    /// # Errors
    /// `BadSeal`: for another station, or taken already; `Malformed`; `Expired`.
    pub fn take(opener: &mut impl Opener, sealed: &[u8], now_millis: i64) -> Result<Authorisation, KeyError> {
        let clear = opener.open(sealed)?;
        let authorisation: Authorisation = serde_json::from_slice(&clear)
            .map_err(|_| KeyError::Malformed("an authorisation is JSON of its own".into()))?;
        if !statement::is_nonce(&authorisation.nonce) {
            return Err(KeyError::Malformed("a nonce is hex of 16 to 64 bytes".into()));
        }
        if !opener.take_nonce(&authorisation.nonce) {
            return Err(KeyError::BadSeal);
        }
        if now_millis >= authorisation.ends_at {
            return Err(KeyError::Expired);
        }
        Ok(authorisation)
    }
}

pub struct Unblocked {
    pub serial: String,
    /// Signature (DER) over `statement::unblocked`.
    pub signature: Vec<u8>,
}

/// New user PIN, then at once the next admin PIN, then the key's word for both. Broken off anywhere, it may be begun again
/// with a fresh release. A wrong admin PIN costs one of its tries, so each is tried once at most.
///
/// # Errors
/// `WrongKey`; `PinRule` before the key is touched; `AdminPin` where the office does not know this key's.
pub async fn unblock<K: Key>(
    key: &mut K,
    authorisation: &Authorisation,
    new_user: &Pin,
) -> Result<Unblocked, KeyError> {
    if pin_rule::check(new_user, None, &[]).is_err() {
        return Err(KeyError::PinRule);
    }
    let serial = key.identify().await?.serial;
    if serial != authorisation.serial {
        return Err(KeyError::WrongKey);
    }
    let current = set_user_pin(key, authorisation, new_user).await?;
    if current != &authorisation.next {
        key.change_pin(PinKind::Admin, current, &authorisation.next).await?;
    }
    key.verify_pin(PinKind::User, new_user).await?;
    let statement = statement::unblocked(&authorisation.nonce, &serial, &authorisation.order);
    let signature = key.sign(&statement).await?;
    Ok(Unblocked { serial, signature })
}

/// The admin PIN that the key took.
async fn set_user_pin<'a, K: Key>(
    key: &mut K,
    authorisation: &'a Authorisation,
    new_user: &Pin,
) -> Result<&'a Pin, KeyError> {
    for admin in &authorisation.admin {
        match key.unblock(admin, new_user).await {
            Ok(()) => return Ok(admin),
            Err(KeyError::PinWrong { .. }) => {}
            Err(KeyError::PinLocked) => return Err(KeyError::AdminPin),
            Err(other) => return Err(other),
        }
    }
    Err(KeyError::AdminPin)
}
