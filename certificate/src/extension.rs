//! Certificate extensions, one function each under its clause.

use der::asn1::{Any, Ia5String, ObjectIdentifier, OctetString};
use der::flagset::FlagSet;
use der::oid::AssociatedOid;
use der::{Encode, Tag};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CertificatePolicies, CrlDistributionPoints, KeyUsage, SubjectKeyIdentifier,
    certpolicy::PolicyInformation,
};

pub use x509_cert::ext::pkix::KeyUsages;

use crate::profile::Basic;

/// Where an issuer publishes: goes into every certificate that it signs. Empty lists leave the extension out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// http URLs of the issuer's revocation list.
    pub crl_urls: Vec<String>,
    /// http URLs of the issuer's own certificate, DER.
    pub issuer_urls: Vec<String>,
    /// http URLs of the issuer's OCSP responder.
    pub ocsp_urls: Vec<String>,
    /// Certificate policies, dotted decimal.
    pub policies: Vec<String>,
}

/// An identity-code extension as an authority's policy wants it (GM/T 0015-2012; OIDs are settings,
/// since the 2023 edition changes them).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCode {
    /// Dotted decimal; [`IDENTITY_CODE`] and its neighbours are the 2012 edition's.
    pub oid: String,
    pub form: IdentityForm,
    pub value: String,
}

/// How the value is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityForm {
    /// A bare PrintableString: all but the personal identity code.
    Printable,
    /// A bare UTF8String.
    Utf8,
    /// A choice of the personal identity code: 0 ID card, 1 officer's card (UTF8String), 2 passport.
    /// The standard does not say whether its tags are explicit.
    Choice { number: u8, explicit: bool },
}

/// Personal identity code: a public certificate would then show an ID number, so no profile of ours adds it unasked.
pub const IDENTITY_CODE: &str = "1.2.156.10260.4.1.1";
pub const SOCIAL_INSURANCE: &str = "1.2.156.10260.4.1.2";
pub const BUSINESS_REGISTRATION: &str = "1.2.156.10260.4.1.3";
/// Organisation code, in use for the unified social credit code.
pub const ORGANISATION_CODE: &str = "1.2.156.10260.4.1.4";
pub const TAX_NUMBER: &str = "1.2.156.10260.4.1.5";

const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

pub(crate) fn extension<T: Encode + AssociatedOid>(critical: bool, value: &T) -> der::Result<Extension> {
    Ok(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}

/// RFC 5280, 4.2.1.1: the key identifier alone, equal to the issuer's subject key identifier.
pub(crate) fn authority_key(identifier: &[u8]) -> der::Result<Extension> {
    let key_identifier = Some(OctetString::new(identifier)?);
    extension(false, &AuthorityKeyIdentifier { key_identifier, ..Default::default() })
}

/// RFC 5280, 4.2.1.2.
pub(crate) fn subject_key(identifier: &[u8]) -> der::Result<Extension> {
    extension(false, &SubjectKeyIdentifier(OctetString::new(identifier)?))
}

/// RFC 5280, 4.2.1.3: critical.
pub(crate) fn key_usage(usages: &[KeyUsages]) -> der::Result<Extension> {
    extension(true, &KeyUsage(usage_set(usages)))
}

pub(crate) fn usage_set(usages: &[KeyUsages]) -> FlagSet<KeyUsages> {
    usages.iter().fold(FlagSet::default(), |set, usage| set | *usage)
}

/// RFC 5280, 4.2.1.4: identifiers alone.
pub(crate) fn policies(oids: &[String]) -> der::Result<Option<Extension>> {
    if oids.is_empty() {
        return Ok(None);
    }
    let policy = |oid: &String| -> der::Result<PolicyInformation> {
        Ok(PolicyInformation { policy_identifier: ObjectIdentifier::new(oid)?, policy_qualifiers: None })
    };
    let list = oids.iter().map(policy).collect::<der::Result<_>>()?;
    extension(false, &CertificatePolicies(list)).map(Some)
}

/// RFC 5280, 4.2.1.9: critical, in every certificate, so that no reader has to guess.
pub(crate) fn basic_constraints(basic: Basic) -> der::Result<Extension> {
    let value = match basic {
        Basic::EndEntity => BasicConstraints { ca: false, path_len_constraint: None },
        Basic::Authority { path_length } => BasicConstraints { ca: true, path_len_constraint: path_length },
    };
    extension(true, &value)
}

/// RFC 5280, 4.2.1.13: one distribution point with all URLs.
pub(crate) fn crl_places(urls: &[String]) -> der::Result<Option<Extension>> {
    if urls.is_empty() {
        return Ok(None);
    }
    let names = urls.iter().map(url).collect::<der::Result<_>>()?;
    let distribution_point = Some(DistributionPointName::FullName(names));
    let point = DistributionPoint { distribution_point, reasons: None, crl_issuer: None };
    extension(false, &CrlDistributionPoints(vec![point])).map(Some)
}

/// RFC 5280, 4.2.2.1.
pub(crate) fn authority_access(places: &Places) -> der::Result<Option<Extension>> {
    let at = |method, address: &String| -> der::Result<AccessDescription> {
        Ok(AccessDescription { access_method: method, access_location: url(address)? })
    };
    let ocsp = places.ocsp_urls.iter().map(|address| at(OCSP, address));
    let issuers = places.issuer_urls.iter().map(|address| at(CA_ISSUERS, address));
    let list: Vec<_> = ocsp.chain(issuers).collect::<der::Result<_>>()?;
    if list.is_empty() { Ok(None) } else { extension(false, &AuthorityInfoAccessSyntax(list)).map(Some) }
}

/// GM/T 0015-2012: not critical.
pub(crate) fn identity_code(code: &IdentityCode) -> der::Result<Extension> {
    let bytes = code.value.as_bytes();
    let value = match code.form {
        IdentityForm::Printable => Any::new(Tag::PrintableString, bytes)?.to_der()?,
        IdentityForm::Utf8 => Any::new(Tag::Utf8String, bytes)?.to_der()?,
        IdentityForm::Choice { number, explicit } => {
            let tag = if number == 1 { Tag::Utf8String } else { Tag::PrintableString };
            let inner = if explicit { Any::new(tag, bytes)?.to_der()? } else { bytes.to_vec() };
            let number = der::TagNumber(number.into());
            Any::new(Tag::ContextSpecific { constructed: explicit, number }, inner)?.to_der()?
        }
    };
    let extn_id = ObjectIdentifier::new(&code.oid)?;
    Ok(Extension { extn_id, critical: false, extn_value: OctetString::new(value)? })
}

pub(crate) fn url(address: &String) -> der::Result<GeneralName> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(address)?))
}
