//! The registry of media: each key's random admin PIN, sealed under the office's master key, from the day it is made.
//!
//! Nobody types an admin PIN and nobody sees one: the helper draws the first and seals it to the office's key; every
//! further one the office draws, writes down as the next, and only then lets the key hear of it (B07). A crash between
//! any two of these leaves two that may be the key's, and both are known.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::media::{self, MediumRow};
use crate::store::office_keys::{self, OfficeKeyRow};
use crate::store::{StoreError, Tx};
use certificate::{KeyPair, cipher};
use key::Pin;
use zeroize::Zeroizing;

const PURPOSE: &str = "admin_pins";
/// Unmistakable characters: no 0 O 1 I l.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The key that a station seals a fresh admin PIN to; made when the first is asked for.
pub struct OfficeKey {
    pair: KeyPair,
}

impl OfficeKey {
    /// SPKI DER.
    pub fn spki(&self) -> Vec<u8> {
        self.pair.public_key().to_spki_der()
    }

    /// `None` for what was sealed to somebody else, or is no PIN.
    fn open(&self, sealed: &[u8]) -> Option<Pin> {
        let clear = cipher::decrypt(&self.pair, sealed).ok()?;
        let pin = Pin::new(std::str::from_utf8(&clear).ok()?);
        pin.fits().then_some(pin)
    }
}

/// # Errors
/// The store's own; a seal that does not open.
pub async fn office_key(tx: &mut Tx, ground: &Ground) -> Result<OfficeKey, Fault> {
    let place = format!("office_keys.sealed/{PURPOSE}");
    if let Some(row) = office_keys::find(tx, PURPOSE).await? {
        let secret = ground.sealing.open(&place, &row.sealed)?;
        return Ok(OfficeKey { pair: KeyPair::from_bytes(&secret).map_err(wrong)? });
    }
    let pair = KeyPair::generate(&mut ground.dice.clone()).map_err(wrong)?;
    let sealed = ground.sealing.seal(&place, pair.to_bytes().as_slice());
    let row = OfficeKeyRow { spki: pair.public_key().to_spki_der(), sealed };
    office_keys::record(tx, PURPOSE, &row, ground.now()).await?;
    Ok(OfficeKey { pair })
}

/// Enters a key that is being made for this order. `sealed_admin_pin` is what its helper sealed to the office's key; one
/// that does not open is as good as none, and the key can never be unblocked.
///
/// # Errors
/// The store's own.
pub async fn enter(
    tx: &mut Tx,
    ground: &Ground,
    serial: &str,
    order_id: &str,
    sealed_admin_pin: Option<&[u8]>,
) -> Result<(), Fault> {
    let pin = match sealed_admin_pin {
        Some(sealed) => office_key(tx, ground).await?.open(sealed),
        None => None,
    };
    if pin.is_none() {
        tracing::warn!(serial, "a key is made whose admin PIN the office does not have");
    }
    let sealed = pin.map(|pin| ground.sealing.seal(&place(serial), pin.reveal().as_bytes()));
    Ok(media::record(tx, serial, order_id, sealed.as_deref(), ground.now()).await?)
}

/// What a release hands out: every admin PIN that the key may have now, the likeliest first, and the one it is to get.
pub struct Handout {
    pub current: Vec<Pin>,
    pub next: Pin,
}

/// Announces the next admin PIN, or the one that was announced and not confirmed; `None` where nobody knows the current.
///
/// # Errors
/// The store's own; a seal that does not open.
pub async fn announce(tx: &mut Tx, ground: &Ground, medium: &MediumRow) -> Result<Option<Handout>, Fault> {
    let Some(current) = &medium.admin_pin else { return Ok(None) };
    let current = open(ground, &medium.serial, current)?;
    if let Some(announced) = &medium.admin_pin_next {
        let next = open(ground, &medium.serial, announced)?;
        return Ok(Some(Handout { current: vec![current, next.clone()], next }));
    }
    let next = draw(ground);
    let sealed = ground.sealing.seal(&place(&medium.serial), next.reveal().as_bytes());
    media::announce(tx, &medium.serial, &sealed).await?;
    Ok(Some(Handout { current: vec![current], next }))
}

fn open(ground: &Ground, serial: &str, sealed: &[u8]) -> Result<Pin, Fault> {
    let clear = ground.sealing.open(&place(serial), sealed)?;
    let text = std::str::from_utf8(&clear)
        .map_err(|why| StoreError::impossible("media", "admin_pin", serial, why.to_string()))?;
    Ok(Pin::new(text))
}

/// 80 bits: as long as a key holds.
fn draw(ground: &Ground) -> Pin {
    let random = Zeroizing::new(ground.dice.bytes::<16>());
    Pin::new(random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect::<String>())
}

fn place(serial: &str) -> String {
    format!("media.admin_pin/{serial}")
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
