//! An authority made at the first start: a root and the issuing authority below it.

use rand_core::TryCryptoRng;

use crate::draft::{Draft, DraftError, Facts, Validity};
use crate::extension::Places;
use crate::lint::Finding;
use crate::name::Name;
use crate::profile::{ISSUING_AUTHORITY, Profile, ROOT};
use crate::read::Certificate;
use crate::serial::Serial;
use crate::sign::SignError;
use crate::sm2::{KeyPair, Sm2Error};

const DAY: i64 = 24 * 60 * 60;

/// A certificate and the key that signs under it.
#[derive(Debug)]
pub struct Authority {
    pub certificate: Certificate,
    pub key: KeyPair,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    #[error(transparent)]
    Key(#[from] Sm2Error),
    #[error(transparent)]
    Draft(#[from] DraftError),
    #[error("the authority's certificate fails its lints: {0:?}")]
    Lint(Vec<Finding>),
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error("the private key is not that of the authority's certificate")]
    OtherKey,
}

impl Authority {
    /// An authority kept or imported; the key must be the certificate's.
    pub fn from_parts(certificate: Certificate, key: KeyPair) -> Result<Self, AuthorityError> {
        match certificate.public_key() {
            Ok(certified) if certified == key.public_key() => Ok(Authority { certificate, key }),
            _ => Err(AuthorityError::OtherKey),
        }
    }

    /// A root with a fresh key, valid from `now` (Unix seconds) for as long as its profile allows.
    pub fn new_root(name: &Name, now: i64, dice: &mut impl TryCryptoRng) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate(dice)?;
        let facts = facts(&ROOT, name, &key, now, i64::MAX, dice)?;
        let linted = Draft::self_signed(&ROOT, &facts)?.lint().map_err(AuthorityError::Lint)?;
        let certificate = linted.to_be_signed().sign(&key)?.into_certificate();
        Ok(Authority { certificate, key })
    }

    /// An issuing authority with a fresh key under `self`; it ends with its root at the latest.
    pub fn new_issuing(
        &self,
        name: &Name,
        places: &Places,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate(dice)?;
        let facts = facts(&ISSUING_AUTHORITY, name, &key, now, self.certificate.not_after(), dice)?;
        let draft = Draft::new(&ISSUING_AUTHORITY, &self.certificate, places, &facts)?;
        let linted = draft.lint().map_err(AuthorityError::Lint)?;
        let certificate = linted.to_be_signed().sign(&self.key)?.into_certificate();
        Ok(Authority { certificate, key })
    }
}

fn facts(
    profile: &Profile,
    name: &Name,
    key: &KeyPair,
    now: i64,
    latest: i64,
    dice: &mut impl TryCryptoRng,
) -> Result<Facts, AuthorityError> {
    let not_after = (now + i64::from(profile.max_days) * DAY).min(latest);
    Ok(Facts {
        serial: Serial::generate(dice)?,
        subject: name.clone(),
        spki: key.public_key().to_spki_der(),
        validity: Validity { not_before: now, not_after },
        identity_codes: Vec::new(),
    })
}
