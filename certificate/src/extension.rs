//! Certificate extensions, one function each under its clause.

use der::Encode;
use der::asn1::{Any, Ia5String, ObjectIdentifier, OctetString};
use der::flagset::FlagSet;
use der::oid::AssociatedOid;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
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

/// What a key may be used for beyond its key usages (RFC 5280, 4.2.1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtendedUsage {
    ClientAuth,
    EmailProtection,
    /// RFC 6960, 4.2.2.2.
    OcspSigning,
}

impl ExtendedUsage {
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            ExtendedUsage::ClientAuth => "1.3.6.1.5.5.7.3.2",
            ExtendedUsage::EmailProtection => "1.3.6.1.5.5.7.3.4",
            ExtendedUsage::OcspSigning => "1.3.6.1.5.5.7.3.9",
        })
    }
}

/// RFC 6960, 4.2.2.2.1.
pub(crate) const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
pub(crate) const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
pub(crate) const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

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

/// RFC 5280, 4.2.1.12: not critical, as its last paragraphs allow.
pub(crate) fn extended_usage(usages: &[ExtendedUsage]) -> der::Result<Option<Extension>> {
    if usages.is_empty() {
        return Ok(None);
    }
    let list = usages.iter().map(|usage| usage.oid()).collect();
    extension(false, &ExtendedKeyUsage(list)).map(Some)
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
pub(crate) fn authority_access(
    ocsp_urls: &[String],
    issuer_urls: &[String],
) -> der::Result<Option<Extension>> {
    let at = |method, address: &String| -> der::Result<AccessDescription> {
        Ok(AccessDescription { access_method: method, access_location: url(address)? })
    };
    let ocsp = ocsp_urls.iter().map(|address| at(OCSP, address));
    let issuers = issuer_urls.iter().map(|address| at(CA_ISSUERS, address));
    let list: Vec<_> = ocsp.chain(issuers).collect::<der::Result<_>>()?;
    if list.is_empty() { Ok(None) } else { extension(false, &AuthorityInfoAccessSyntax(list)).map(Some) }
}

/// RFC 6960, 4.2.2.2.1: NULL, not critical.
pub(crate) fn no_check() -> der::Result<Extension> {
    Ok(Extension { extn_id: NO_CHECK, critical: false, extn_value: OctetString::new(Any::null().to_der()?)? })
}

pub(crate) fn url(address: &String) -> der::Result<GeneralName> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(address)?))
}
