//! The one template that we send: which certificate to revoke (RFC 4210, 5.3.9; RFC 4211, 5).

use der::asn1::{Any, Int};
use der::{Decode, Encode, Sequence};
use x509_cert::ext::Extension;

use certificate::Certificate;

use crate::CmpError;

/// CertTemplate with the two fields that name a certificate. RFC 4211 tags implicitly, but Name is a choice.
#[derive(Clone, Debug, Sequence)]
struct Template {
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    serial: Option<Int>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    issuer: Option<Any>,
}

/// RevDetails.
#[derive(Clone, Debug, Sequence)]
struct Details {
    template: Template,
    #[asn1(optional = "true")]
    extensions: Option<Vec<Extension>>,
}

/// RevReqContent for one certificate; `reason` is a CRLReason (RFC 5280, 5.3.1), 0 sends none.
pub(crate) fn revocation(certificate: &Certificate, reason: u8) -> Result<Vec<u8>, CmpError> {
    let serial = Int::new(&octets(&certificate.serial_hex()))?;
    let issuer = Some(Any::from_der(certificate.issuer().der())?);
    let extensions = (reason != 0).then(|| crl_reason(reason)).transpose()?;
    Ok(vec![Details { template: Template { serial: Some(serial), issuer }, extensions }].to_der()?)
}

/// id-ce-cRLReasons, an ENUMERATED.
fn crl_reason(reason: u8) -> Result<Vec<Extension>, CmpError> {
    let extn_id = der::asn1::ObjectIdentifier::new_unwrap("2.5.29.21");
    let extn_value = der::asn1::OctetString::new([0x0a, 0x01, reason])?;
    Ok(vec![Extension { extn_id, critical: false, extn_value }])
}

fn octets(hex: &str) -> Vec<u8> {
    // A serial is positive: an octet that would make it negative gets a zero before it.
    let digits: Vec<u8> =
        hex.bytes().filter_map(|digit| (digit as char).to_digit(16)).map(|d| d as u8).collect();
    let octets = digits.chunks(2).map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | digit));
    let sign = digits.first().is_some_and(|digit| *digit >= 8).then_some(0);
    sign.into_iter().chain(octets).collect()
}
