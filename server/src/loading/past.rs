//! What was encrypted before must still open (B02): for the pair that is being replaced something is kept from the sign-in on;
//! for those before it something is encrypted each time it is asked, from what this office can compute again. A pair that
//! the key has lost comes back from the key centre.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::held;
use crate::key_proof::{seal_to, wrong};
use crate::store::orders::OrderRow;
use crate::store::productions;
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::loading::SwitchedProof;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::Certificate;
use journey::refusal::Refusal;
use key::message::SealedTo;

/// What a key holds of before (`key::profile::iso7816::MOST_PAST`).
const MOST_BROUGHT: usize = 12;

/// What the switched key still opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    All,
    /// Not what was encrypted for the certificate that the holder came with: without it the order is not done.
    NotTheLast,
    /// That, but not all of the years before.
    NotTheOlder,
}

/// Asked of the key, the one that is being replaced first.
pub(super) async fn ask(tx: &mut Tx, ground: &Ground, row: &OrderRow) -> Result<Vec<SealedTo>, Fault> {
    let Some(kept) = store::held::find_keepsake(tx, &row.id).await? else { return Ok(Vec::new()) };
    let mut asked = vec![SealedTo { point: point(&kept.certificate)?, sealed: BASE64.encode(&kept.cipher) }];
    for certificate in older(tx, row, &kept.certificate).await? {
        let sealed = seal_to(ground, &certificate, &content(ground, row, &certificate))?;
        asked.push(SealedTo { point: point(&certificate)?, sealed: BASE64.encode(sealed) });
    }
    Ok(asked)
}

/// # Errors
/// Something was opened that is not what was encrypted.
pub(super) async fn judge(
    tx: &mut Tx,
    ground: &Ground,
    row: &OrderRow,
    proof: &SwitchedProof,
) -> Result<Opens, Fault> {
    // An order without a keepsake has nothing to open.
    let Some(kept) = store::held::find_keepsake(tx, &row.id).await? else { return Ok(Opens::All) };
    let production = productions::find(tx, &row.id).await?.ok_or(Refusal::PairNotGenerated)?;
    let last = ground.sealing.open(&held::keepsake_place(&row.id), &kept.content)?.to_vec();
    let mut contents = vec![last];
    for certificate in older(tx, row, &kept.certificate).await? {
        contents.push(content(ground, row, &certificate));
    }
    let mut opens = Opens::All;
    for (place, content) in contents.iter().enumerate() {
        match proof.past_proofs.get(place) {
            Some(Some(said)) if *said == key::statement::encryption_proof(&production.nonce, content) => {}
            Some(Some(_)) => return Err(Fault::Proof(ProofRefusal::Unopened)),
            Some(None) | None if place == 0 => return Ok(Opens::NotTheLast),
            Some(None) => opens = Opens::NotTheOlder,
            // Of a page that was not asked about the older ones.
            None => {}
        }
    }
    Ok(opens)
}

/// Twice, for who was cut off the first time, and no more: a key without room goes on with the years that it has.
pub(super) async fn may_be_brought(tx: &mut Tx, row: &OrderRow) -> Result<bool, Fault> {
    Ok(store::recoveries::count_brought(tx, &row.id).await? < 2)
}

/// What the key lacks of the certificates that this one follows, by their serial numbers, the newest first: of the keys that a
/// large organisation has beside this one it gets nothing.
pub(super) async fn lacking(
    tx: &mut Tx,
    row: &OrderRow,
    proof: &SwitchedProof,
) -> Result<Vec<String>, Fault> {
    let Some(kept) = store::held::find_keepsake(tx, &row.id).await? else { return Ok(Vec::new()) };
    let mut asked = vec![kept.certificate.clone()];
    asked.extend(older(tx, row, &kept.certificate).await?);
    let opened = |certificate: &Vec<u8>| {
        let place = asked.iter().position(|asked| asked == certificate);
        place.and_then(|place| proof.past_proofs.get(place)).is_some_and(Option::is_some)
    };
    let line = store::replacements::list_of_line(tx, &row.id).await?;
    let lacking = line.into_iter().filter(|one| !opened(&one.certificate)).map(|one| one.serial);
    Ok(lacking.take(MOST_BROUGHT).collect())
}

/// The encryption certificates that this medium had before the one that is being replaced.
async fn older(tx: &mut Tx, row: &OrderRow, last: &[u8]) -> Result<Vec<Vec<u8>>, Fault> {
    let Some(key_serial) = &row.order.key_serial else { return Ok(Vec::new()) };
    let last = Certificate::from_der(last).map_err(wrong)?.serial_hex();
    Ok(store::held::list_encryption_before(tx, key_serial, &last).await?)
}

/// The same for the same pair, as often as this order asks.
fn content(ground: &Ground, row: &OrderRow, certificate: &[u8]) -> Vec<u8> {
    ground.sealing.digest("past_challenge", &format!("{}/{}", row.id, BASE64.encode(certificate)))
}

fn point(certificate: &[u8]) -> Result<String, Fault> {
    let key = Certificate::from_der(certificate).map_err(wrong)?.public_key().map_err(wrong)?;
    Ok(BASE64.encode(key.to_point()))
}
