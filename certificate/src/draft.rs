//! The first state of a certificate on its way: profile and facts put into bytes.
//!
//! ```text
//! Draft ──lint──▶ Linted ──to_be_signed──▶ ToBeSigned ──sign──▶ Signed
//! ```
//! Each step consumes the one before, so nothing is signed that was not linted. The bytes of `ToBeSigned` are
//! recorded before the signature is made; [`Draft::from_recorded`] takes such a record up again after a crash.

use core::time::Duration;

use der::asn1::{Any, GeneralizedTime, Int, UtcTime};
use der::{DateTime, Decode, Encode};
use x509_cert::certificate::Version;
use x509_cert::ext::Extension;
use x509_cert::time::Time;

use crate::algorithm::Algorithm;
use crate::digest::key_identifier;
use crate::extension::{self, Places};
use crate::identity::{self, IdentityCode};
use crate::key_kind::{KeyError, KeyKind};
use crate::name::Name;
use crate::profile::{Profile, Status};
use crate::read::Certificate;
use crate::serial::Serial;
use crate::tbs::{Period, Tbs};

/// First and last second of a certificate, Unix time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    pub not_before: i64,
    pub not_after: i64,
}

/// What is true of this one certificate.
#[derive(Debug, Clone)]
pub struct Facts {
    pub serial: Serial,
    pub subject: Name,
    /// DER SubjectPublicKeyInfo, from [`crate::Request`] or [`crate::PublicKey::to_spki_der`].
    pub spki: Vec<u8>,
    pub validity: Validity,
    /// Only where the profile allows them; usually none, since a certificate is public.
    pub identity_codes: Vec<IdentityCode>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    #[error("the subject's key is refused: {0}")]
    Key(#[from] KeyError),
    #[error("the profile {profile} certifies no {kind:?} keys")]
    KeyKind { profile: &'static str, kind: KeyKind },
    #[error("the issuer's key signs with none of our algorithms")]
    IssuerKey,
    #[error("the issuer has no key identifier")]
    IssuerKeyIdentifier,
    #[error("a date lies before 1970 or after 9999")]
    Date,
    #[error("the profile {0} allows no identity codes")]
    IdentityCodes(&'static str),
    #[error("a URL, an object identifier or an identity code cannot be encoded: {0}")]
    Encoding(der::Error),
}

/// A certificate that nobody has judged yet.
#[derive(Debug)]
pub struct Draft {
    pub(crate) profile: &'static Profile,
    /// `None`: the certificate signs itself.
    pub(crate) issuer: Option<Certificate>,
    /// DER TBSCertificate.
    pub(crate) bytes: Vec<u8>,
}

impl Draft {
    /// A certificate that `issuer` is to sign; `places` are the issuer's.
    pub fn new(
        profile: &'static Profile,
        issuer: &Certificate,
        places: &Places,
        facts: &Facts,
    ) -> Result<Self, DraftError> {
        let issuer_key = issuer.subject_key_identifier().ok_or(DraftError::IssuerKeyIdentifier)?;
        let algorithm = Algorithm::of_key(issuer.spki()).ok_or(DraftError::IssuerKey)?;
        let issued_by = Issuer { name: issuer.subject(), key_identifier: &issuer_key, algorithm };
        let bytes = encode(profile, &issued_by, places, facts)?;
        Ok(Draft { profile, issuer: Some(issuer.clone()), bytes })
    }

    /// A certificate that its own key is to sign: a root.
    pub fn self_signed(profile: &'static Profile, facts: &Facts) -> Result<Self, DraftError> {
        let algorithm = KeyKind::of_spki(&facts.spki)?.algorithm();
        let own = key_identifier(&facts.spki)?;
        let itself = Issuer { name: &facts.subject, key_identifier: &own, algorithm };
        let bytes = encode(profile, &itself, &Places::default(), facts)?;
        Ok(Draft { profile, issuer: None, bytes })
    }

    /// Bytes recorded earlier, to be linted and signed again: the certificate becomes the one that was meant. SM2 and
    /// RSA signatures depend on key and bytes alone, so it is the same to the last octet; ECDSA draws a nonce, so
    /// serial and to-be-signed bytes are the same and the signature is another.
    pub fn from_recorded(profile: &'static Profile, issuer: &Certificate, bytes: Vec<u8>) -> Self {
        Draft { profile, issuer: Some(issuer.clone()), bytes }
    }
}

/// What a certificate says of its issuer.
struct Issuer<'a> {
    name: &'a Name,
    key_identifier: &'a [u8],
    algorithm: Algorithm,
}

fn encode(
    profile: &'static Profile,
    issuer: &Issuer,
    places: &Places,
    facts: &Facts,
) -> Result<Vec<u8>, DraftError> {
    let kind = KeyKind::of_spki(&facts.spki)?;
    if !profile.key_kinds.contains(&kind) {
        return Err(DraftError::KeyKind { profile: profile.name, kind });
    }
    let own_identifier = key_identifier(&facts.spki)?;
    if !facts.identity_codes.is_empty() && !profile.identity_codes {
        return Err(DraftError::IdentityCodes(profile.name));
    }
    let period =
        Period { not_before: time(facts.validity.not_before)?, not_after: time(facts.validity.not_after)? };
    let build = || {
        let extensions = extensions(profile, issuer, places, facts, &own_identifier)?;
        let tbs = Tbs {
            version: Version::V3,
            serial: Int::new(facts.serial.as_bytes())?,
            signature: issuer.algorithm.identifier(),
            issuer: Any::from_der(issuer.name.der())?,
            validity: period,
            subject: Any::from_der(facts.subject.der())?,
            spki: Any::from_der(&facts.spki)?,
            extensions: Some(extensions),
        };
        tbs.to_der()
    };
    build().map_err(DraftError::Encoding)
}

fn extensions(
    profile: &Profile,
    issuer: &Issuer,
    places: &Places,
    facts: &Facts,
    own_identifier: &[u8],
) -> der::Result<Vec<Extension>> {
    let mut extensions = vec![
        extension::authority_key(issuer.key_identifier)?,
        extension::subject_key(own_identifier)?,
        extension::key_usage(profile.key_usages)?,
        extension::basic_constraints(profile.basic)?,
    ];
    extensions.extend(extension::extended_usage(profile.extended_usages)?);
    extensions.extend(extension::policies(&places.policies)?);
    match profile.status {
        Status::Published => {
            extensions.extend(extension::crl_places(&places.crl_urls)?);
            extensions.extend(extension::authority_access(&places.ocsp_urls, &places.issuer_urls)?);
        }
        Status::NeverChecked => {
            extensions.extend(extension::authority_access(&[], &places.issuer_urls)?);
            extensions.push(extension::no_check()?);
        }
    }
    for code in &facts.identity_codes {
        extensions.push(identity::extension(code)?);
    }
    Ok(extensions)
}

/// RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
pub(crate) fn time(unix: i64) -> Result<Time, DraftError> {
    let seconds = u64::try_from(unix).map_err(|_| DraftError::Date)?;
    let moment = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| DraftError::Date)?;
    match UtcTime::from_date_time(moment) {
        Ok(time) => Ok(Time::UtcTime(time)),
        Err(_) => Ok(Time::GeneralTime(GeneralizedTime::from_date_time(moment))),
    }
}
