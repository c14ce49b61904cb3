//! What a filer typed, read: whose pairs, and to whose key.

use super::case::AskedPair;
use crate::details::holder_key;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::kmc::recover::find_pair;
use crate::kmc::wrong;
use crate::standing::State;
use crate::store::authorities::Purpose;
use crate::store::{self, Tx, recoveries};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, PublicKey};
use journey::moment::Moment;
use journey::party::Party;

/// Every pair that was on a key: of the certificate with this serial number, or of the holder with this number.
///
/// # Errors
/// The store's own; none found is an empty list.
pub async fn pairs(tx: &mut Tx, ground: &Ground, target: &str) -> Result<Vec<AskedPair>, Fault> {
    let typed: String = target.chars().filter(|char| !char.is_whitespace() && *char != ':').collect();
    let holder = [Party::Organisation, Party::Person]
        .into_iter()
        .find_map(|party| holder_key(ground, party, &typed).map(|key| (party, key)));
    let mut found = match holder {
        Some((party, key)) => recoveries::list_of_holder(tx, party.code(), &key).await?,
        None => Vec::new(),
    };
    // A short serial may look like a passport's number.
    if found.is_empty() {
        found = recoveries::list_of_serial(tx, &typed.to_ascii_lowercase()).await?;
    }
    let mut pairs = Vec::new();
    for row in found {
        let pair = find_pair(tx, &row).await?;
        let certificate = Certificate::from_der(&row.certificate).map_err(wrong)?;
        let subject = certificate.subject();
        pairs.push(AskedPair {
            pair_id: pair.id,
            certificate: hex::encode(&row.certificate),
            serial: row.serial,
            holder: subject.common_name().or(subject.organisation()).unwrap_or_default().to_owned(),
            not_before: Moment::from_millis(certificate.not_before() * 1000),
            not_after: Moment::from_millis(certificate.not_after() * 1000),
        });
    }
    Ok(pairs)
}

/// Whom the pairs are sealed to.
pub struct Receiver {
    pub key: PublicKey,
    /// What the key came in, if it came in one. Its name is the filer's word alone until `is_ours`.
    pub certificate: Option<Certificate>,
}

impl Receiver {
    pub fn name(&self) -> Option<String> {
        let subject = self.certificate.as_ref()?.subject();
        subject.common_name().or(subject.organisation()).map(str::to_owned)
    }
}

/// Whether an authority of this office signed it, and it counts now: then the name was checked by this office.
///
/// # Errors
/// The store's own.
pub async fn is_ours(tx: &mut Tx, certificate: &Certificate, now: Moment) -> Result<bool, Fault> {
    let serial = certificate.serial_hex();
    let kept = store::issued::find_content(tx, &serial).await?.and_then(|(_, kept)| kept);
    let standing = store::status::find(tx, &serial).await?.map(|standing| standing.state);
    if kept.as_deref() != Some(certificate.der()) || standing.as_deref() != Some(State::Active.code()) {
        return Ok(false);
    }
    let authorities = store::authorities::list(tx).await?;
    Ok(authorities.iter().filter(|row| row.purpose == Purpose::Issuing).any(|row| {
        Certificate::from_der(&row.certificate).is_ok_and(|issuer| {
            issuer.valid_at(now.millis() / 1000).is_ok() && certificate.verify(&issuer).is_ok()
        })
    }))
}

/// A certificate or a bare public key, in PEM or base64.
///
/// # Errors
/// The code of what is wrong with the field.
pub fn receiver(text: &str, now: Moment) -> Result<Receiver, &'static str> {
    const NO_KEY: &str = "no_sm2_key";
    let inside: String = text.lines().filter(|line| !line.trim_start().starts_with("-----")).collect();
    let inside: String = inside.split_whitespace().collect();
    let der = BASE64.decode(inside).map_err(|_| NO_KEY)?;
    if let Ok(key) = PublicKey::from_spki_der(&der) {
        return Ok(Receiver { key, certificate: None });
    }
    let certificate = Certificate::from_der(&der).map_err(|_| NO_KEY)?;
    let key = certificate.public_key().map_err(|_| NO_KEY)?;
    certificate.valid_at(now.millis() / 1000).map_err(|_| "certificate_not_valid_now")?;
    Ok(Receiver { key, certificate: Some(certificate) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Dice, SystemEntropy};
    use certificate::KeyPair;
    use std::sync::Arc;

    #[test]
    fn a_bare_key_is_read_in_both_forms_and_nothing_else_is() {
        let pair = KeyPair::generate(&mut Dice::new(Arc::new(SystemEntropy::default()))).unwrap();
        let (now, text) = (Moment::from_millis(0), BASE64.encode(pair.public_key().to_spki_der()));
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n{}\n-----END PUBLIC KEY-----\n",
            &text[..64],
            &text[64..]
        );
        for good in [text.clone(), pem] {
            assert!(receiver(&good, now).is_ok_and(|read| read.key == pair.public_key()), "{good}");
        }
        for bad in ["", "hello", &text[..40], "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"] {
            assert_eq!(receiver(bad, now).err(), Some("no_sm2_key"), "{bad}");
        }
    }
}
