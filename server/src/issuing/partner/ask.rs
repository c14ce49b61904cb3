//! What a partner asks, and everything about it that can be checked without the store: form, leave, subject, proof of
//! possession, draft and lints. Runs on threads for such work.

use super::refusal::PartnerRefusal;
use super::{Partner, PartnerFault};
use crate::issuing::identities::Identities;
use crate::issuing::port::{Case, CertificateAuthority, Meant, Wish};
use crate::issuing::{Authorities, KnownAuthority};
use crate::store::certificates::Slot;
use crate::store::partner_certificates::NewRow;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::draft::Validity;
use certificate::profile::{self, Basic, Profile};
use certificate::{Identity, IdentityCode, KeyKind, Name, NameParts, Request, sm3};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

const DAY: i64 = 86_400;
const DEFAULT_DAYS: u32 = 365;

/// The body of `POST /ra/v1/certificates`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The partner's own, once for each certificate (or pair) it wants.
    pub number: String,
    /// `organisation` and `person`: a pair for an SM2 key. Else the name of a profile.
    pub profile: String,
    pub subject: Subject,
    /// What names the holder beside the subject, by the codes of `[certificates] identity_codes`.
    #[serde(default)]
    pub identities: BTreeMap<String, String>,
    /// PKCS#10, DER in base64. Its subject is not looked at.
    pub request: String,
    /// At most; profile, partner and issuer may allow fewer.
    pub days: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subject {
    pub country: Option<String>,
    pub province: Option<String>,
    pub locality: Option<String>,
    pub organisation: Option<String>,
    pub unit: Option<String>,
    pub serial_number: Option<String>,
    pub common_name: Option<String>,
}

/// The certificates that one request leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    /// The encryption pair comes from the key management centre.
    Pair {
        sign: &'static Profile,
        encrypt: &'static Profile,
    },
    Single(&'static Profile),
}

impl Product {
    pub fn find(name: &str) -> Option<Product> {
        let pair = |sign, encrypt| Some(Product::Pair { sign, encrypt });
        match name {
            "organisation" => pair(&profile::ORGANISATION_SIGNING, &profile::ORGANISATION_ENCRYPTION),
            "person" => pair(&profile::PERSON_SIGNING, &profile::PERSON_ENCRYPTION),
            _ => {
                let profile = Profile::find_by_name(name)?;
                // Halves of a pair are issued together, and what the house needs itself is not for partners.
                let half = profile.key_kinds == [KeyKind::Sm2];
                let ends = profile.basic == Basic::EndEntity && profile.name != "ocsp_responder";
                (ends && !half).then_some(Product::Single(profile))
            }
        }
    }

    /// Of the certificate for the requested key.
    pub fn profile(self) -> &'static Profile {
        match self {
            Product::Pair { sign, .. } => sign,
            Product::Single(profile) => profile,
        }
    }

    pub fn slot(self) -> Slot {
        match self {
            Product::Pair { .. } => Slot::Sign,
            Product::Single(_) => Slot::Single,
        }
    }
}

/// A request that only the store may still refuse.
pub(super) struct Checked {
    pub partner: Arc<Partner>,
    pub number: String,
    pub product: Product,
    pub subject: Name,
    pub subject_digest: String,
    /// DER SubjectPublicKeyInfo, canonical.
    pub spki: Vec<u8>,
    pub identity_codes: Vec<IdentityCode>,
    pub validity: Validity,
    pub request_digest: String,
    /// The certificate for the requested key, drafted and linted.
    pub meant: Meant,
}

impl Checked {
    pub fn request(&self) -> (String, String) {
        (self.partner.name.clone(), self.number.clone())
    }

    /// The row of the requested key's certificate, or of the encryption certificate beside it.
    pub fn row(&self, encryption: Option<&Meant>) -> NewRow {
        let meant = encryption.unwrap_or(&self.meant);
        NewRow {
            partner: self.partner.name.clone(),
            number: self.number.clone(),
            slot: meant.case.slot(),
            serial: meant.serial.clone(),
            issuer: meant.issuer.clone(),
            profile: meant.profile.name.to_owned(),
            spki_digest: hex::encode(meant.spki_digest),
            subject_digest: self.subject_digest.clone(),
            request_digest: self.request_digest.clone(),
            to_be_signed: meant.to_be_signed.clone(),
        }
    }

    /// The wish for the encryption certificate beside it.
    pub fn encryption(&self, profile: &'static Profile, spki: Vec<u8>, request: Option<Vec<u8>>) -> Wish {
        Wish {
            case: Case::Partner {
                partner: self.partner.name.clone(),
                number: self.number.clone(),
                slot: Slot::Encrypt,
            },
            issuer: self.meant.issuer.clone(),
            profile,
            subject: self.subject.clone(),
            spki,
            request,
            identity_codes: self.identity_codes.clone(),
            validity: self.validity,
        }
    }
}

/// # Errors
/// The first thing that does not hold.
pub(super) fn check(
    authorities: &Authorities,
    authority: &dyn CertificateAuthority,
    now: i64,
    partner: Arc<Partner>,
    asked: Asked,
) -> Result<Checked, PartnerFault> {
    if !number_is_good(&asked.number) {
        return Err(PartnerRefusal::NumberInvalid.into());
    }
    let unknown = || PartnerRefusal::ProfileUnknown(asked.profile.clone());
    if !partner.profiles.contains(&asked.profile) {
        return Err(unknown().into());
    }
    let product = Product::find(&asked.profile).ok_or_else(unknown)?;
    let subject = subject(asked.subject)?;
    let identity_codes = identity_codes(authorities.identities(), &asked.identities)?;
    let der = BASE64
        .decode(asked.request.trim())
        .map_err(|_| PartnerRefusal::Malformed("request: not base64".to_owned()))?;
    let request = Request::verify_for(&der, product.profile()).map_err(PartnerRefusal::from)?;
    let issuer = issuer_for(authorities, &asked.profile, request.kind)?;
    let days = asked.days.unwrap_or(DEFAULT_DAYS);
    let validity = validity(&partner, product.profile(), &issuer, now, days)?;
    let request_digest = content_digest(product, &subject, &request.spki, asked.days, &identity_codes);
    let wish = Wish {
        case: Case::Partner {
            partner: partner.name.clone(),
            number: asked.number.clone(),
            slot: product.slot(),
        },
        issuer: issuer.name.clone(),
        profile: product.profile(),
        subject: subject.clone(),
        spki: request.spki.clone(),
        request: Some(der),
        identity_codes: identity_codes.clone(),
        validity,
    };
    let meant = authority.mean(wish).map_err(|fault| match fault {
        crate::fault::Fault::Certificate(why) => PartnerFault::Refused(PartnerRefusal::Lint(why)),
        other => other.into(),
    })?;
    Ok(Checked {
        subject_digest: hex::encode(sm3(subject.der())),
        partner,
        number: asked.number,
        product,
        subject,
        spki: request.spki,
        identity_codes,
        validity,
        request_digest,
        meant,
    })
}

/// A number may stand in an address and in a log.
pub(super) fn number_is_good(number: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&number.len()) && number.bytes().all(plain)
}

/// A certificate without the holder's name is for nobody.
fn subject(subject: Subject) -> Result<Name, PartnerRefusal> {
    let invalid = |why: String| PartnerRefusal::SubjectInvalid(why);
    if subject.common_name.as_ref().is_none_or(|name| name.trim().is_empty()) {
        return Err(invalid("common_name is missing".to_owned()));
    }
    let parts = NameParts {
        country: Some(subject.country.unwrap_or_else(|| "CN".to_owned())),
        province: subject.province,
        locality: subject.locality,
        organisation: subject.organisation,
        unit: subject.unit,
        serial_number: subject.serial_number,
        common_name: subject.common_name,
    };
    Name::from_parts(&parts).map_err(|error| invalid(error.to_string()))
}

fn identity_codes(
    known: &Identities,
    asked: &BTreeMap<String, String>,
) -> Result<Vec<IdentityCode>, PartnerRefusal> {
    let one = |(code, value): (&String, &String)| {
        let invalid = |why: String| PartnerRefusal::IdentityInvalid(format!("{code}: {why}"));
        let written = Identity::from_code(code).and_then(|identity| known.code(identity, value));
        let written = written.ok_or_else(|| invalid("stands in no certificate here".to_owned()))?;
        written.map_err(|error| invalid(error.to_string()))
    };
    let codes: Vec<IdentityCode> = asked.iter().map(one).collect::<Result<_, _>>()?;
    // Two choices of one code, or two codes under one identifier: no extension stands twice.
    match codes.iter().enumerate().find(|(at, code)| codes[..*at].iter().any(|it| it.oid == code.oid)) {
        Some((_, twice)) => Err(PartnerRefusal::IdentityInvalid(format!("{} stands twice", twice.oid))),
        None => Ok(codes),
    }
}

fn issuer_for(
    authorities: &Authorities,
    product: &str,
    kind: KeyKind,
) -> Result<Arc<KnownAuthority>, PartnerRefusal> {
    authorities.find(authorities.issuer_for(product, kind)).ok_or(PartnerRefusal::NoIssuer(kind.code()))
}

fn validity(
    partner: &Partner,
    profile: &Profile,
    issuer: &KnownAuthority,
    now: i64,
    days: u32,
) -> Result<Validity, PartnerRefusal> {
    if days == 0 {
        return Err(PartnerRefusal::DaysInvalid);
    }
    let days = days.min(profile.max_days).min(partner.max_days.unwrap_or(u32::MAX));
    let not_after = (now + i64::from(days) * DAY).min(issuer.certificate.not_after());
    Ok(Validity { not_before: now, not_after })
}

/// What makes two requests the same: a signature made anew over the same key does not.
fn content_digest(
    product: Product,
    subject: &Name,
    spki: &[u8],
    days: Option<u32>,
    identities: &[IdentityCode],
) -> String {
    let profile = product.profile().name.as_bytes();
    let days = days.unwrap_or(0).to_be_bytes();
    let mut bytes = Vec::with_capacity(512);
    let identities = identities.iter().flat_map(|code| [code.oid.as_bytes(), code.value.as_bytes()]);
    for part in [profile, subject.der(), spki, &days].into_iter().chain(identities) {
        bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    hex::encode(sm3(&bytes))
}
