//! From a device's attributes to the forms of a certificate.

use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectHandle};
use cryptoki::session::Session;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence};

/// RFC 5480, 2.1.1.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// RFC 3279, 2.3.1.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// DER of the name secp256r1.
pub(super) const P256_PARAMETERS: [u8; 10] = [0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

#[derive(Sequence)]
struct PublicKeyInfo<'a> {
    algorithm: Identifier<'a>,
    key: BitStringRef<'a>,
}

#[derive(Sequence)]
struct Identifier<'a> {
    oid: ObjectIdentifier,
    parameters: AnyRef<'a>,
}

#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

#[derive(Sequence)]
struct Pair<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// DER SubjectPublicKeyInfo of a public key object.
pub(super) fn read(session: &Session, public: ObjectHandle) -> Result<Vec<u8>, String> {
    let wanted = [
        AttributeType::KeyType,
        AttributeType::EcParams,
        AttributeType::EcPoint,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
    ];
    let (mut kind, mut curve, mut point, mut modulus, mut exponent) = (None, None, None, None, None);
    for attribute in session.get_attributes(public, &wanted).map_err(|e| e.to_string())? {
        match attribute {
            Attribute::KeyType(found) => kind = Some(found),
            Attribute::EcParams(found) => curve = Some(found),
            Attribute::EcPoint(found) => point = Some(found),
            Attribute::Modulus(found) => modulus = Some(found),
            Attribute::PublicExponent(found) => exponent = Some(found),
            _ => {}
        }
    }
    let encoded = match (kind, curve, point, modulus, exponent) {
        (Some(KeyType::RSA), _, _, Some(modulus), Some(exponent)) => rsa(&modulus, &exponent),
        // Vendors give SM2 keys a type of their own; curve and point are what counts.
        (Some(_), Some(curve), Some(point), ..) => ec(&curve, &point),
        _ => return Err("it is neither an RSA nor an elliptic key".to_owned()),
    };
    encoded.map_err(|e: der::Error| e.to_string())
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> der::Result<Vec<u8>> {
    let key = RsaPublicKey { modulus: UintRef::new(modulus)?, exponent: UintRef::new(exponent)? }.to_der()?;
    let algorithm = Identifier { oid: RSA_ENCRYPTION, parameters: AnyRef::NULL };
    PublicKeyInfo { algorithm, key: BitStringRef::from_bytes(&key)? }.to_der()
}

/// CKA_EC_POINT is an OCTET STRING around the point; some devices leave the wrapping away.
fn ec(curve: &[u8], point: &[u8]) -> der::Result<Vec<u8>> {
    let unwrapped = <&OctetStringRef>::from_der(point).map_or(point, |inner| inner.as_bytes());
    let algorithm = Identifier { oid: EC_PUBLIC_KEY, parameters: AnyRef::from_der(curve)? };
    PublicKeyInfo { algorithm, key: BitStringRef::from_bytes(unwrapped)? }.to_der()
}

/// r‖s, each 32 bytes, as SEQUENCE { r, s }.
pub(super) fn raw_to_der(raw: &[u8]) -> Option<Vec<u8>> {
    let (r, s) = raw.split_at_checked(32)?;
    if s.len() != 32 {
        return None;
    }
    Pair { r: UintRef::new(r).ok()?, s: UintRef::new(s).ok()? }.to_der().ok()
}
