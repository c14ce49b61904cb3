//! An authority made at the first start: a root, the issuing authority below it, and who answers for it.

use std::sync::Arc;

use rand_core::TryCryptoRng;

use crate::draft::{Draft, DraftError, Facts, Validity};
use crate::extension::Places;
use crate::lint::Finding;
use crate::name::Name;
use crate::profile::{ISSUING_AUTHORITY, OCSP_RESPONDER, Profile, ROOT};
use crate::read::Certificate;
use crate::serial::Serial;
use crate::sign::{SignError, Signer};
use crate::sm2::Sm2Error;

const DAY: i64 = 24 * 60 * 60;

/// A certificate and whoever signs under it.
#[derive(Clone)]
pub struct Authority {
    pub certificate: Certificate,
    pub key: Arc<dyn Signer>,
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
    pub fn from_parts(certificate: Certificate, key: Arc<dyn Signer>) -> Result<Self, AuthorityError> {
        if certificate.spki() != key.spki() {
            return Err(AuthorityError::OtherKey);
        }
        certificate.expect_many_signatures();
        Ok(Authority { certificate, key })
    }

    /// A root for `key`, valid from `now` (Unix seconds) for as long as its profile allows. The key may be of any
    /// kind and live anywhere; it decides the algorithm.
    pub fn new_root(
        name: &Name,
        key: Arc<dyn Signer>,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Self, AuthorityError> {
        let facts = facts(&ROOT, name, &*key, now, i64::MAX, dice)?;
        let linted = Draft::self_signed(&ROOT, &facts)?.lint().map_err(AuthorityError::Lint)?;
        let certificate = linted.to_be_signed().sign(&*key)?.into_certificate();
        Ok(Authority { certificate, key })
    }

    /// An issuing authority for `key` under `self`; it ends with its root at the latest.
    pub fn new_issuing(
        &self,
        name: &Name,
        key: Arc<dyn Signer>,
        places: &Places,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Self, AuthorityError> {
        self.delegate(&ISSUING_AUTHORITY, name, key, places, now, dice)
    }

    /// A responder that answers for `self` (RFC 6960, 4.2.2.2), for a month: make the next one well before.
    pub fn new_responder(
        &self,
        name: &Name,
        key: Arc<dyn Signer>,
        places: &Places,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Self, AuthorityError> {
        self.delegate(&OCSP_RESPONDER, name, key, places, now, dice)
    }

    fn delegate(
        &self,
        profile: &'static Profile,
        name: &Name,
        key: Arc<dyn Signer>,
        places: &Places,
        now: i64,
        dice: &mut impl TryCryptoRng,
    ) -> Result<Self, AuthorityError> {
        let facts = facts(profile, name, &*key, now, self.certificate.not_after(), dice)?;
        let draft = Draft::new(profile, &self.certificate, places, &facts)?;
        let linted = draft.lint().map_err(AuthorityError::Lint)?;
        let certificate = linted.to_be_signed().sign(&*self.key)?.into_certificate();
        Ok(Authority { certificate, key })
    }
}

impl core::fmt::Debug for Authority {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Authority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

fn facts(
    profile: &Profile,
    name: &Name,
    key: &dyn Signer,
    now: i64,
    latest: i64,
    dice: &mut impl TryCryptoRng,
) -> Result<Facts, AuthorityError> {
    let not_after = (now + i64::from(profile.max_days) * DAY).min(latest);
    Ok(Facts {
        serial: Serial::generate(dice)?,
        subject: name.clone(),
        spki: key.spki(),
        validity: Validity { not_before: now, not_after },
        identity_codes: Vec::new(),
    })
}
