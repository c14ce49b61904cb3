//! The equation of an ECDSA signature on P-256 with SHA-256 (FIPS 186-5, 6.4.2), for keys of ours alone: for a key met
//! for the first time ring is faster.

use std::sync::LazyLock;

use ::p256::elliptic_curve::PrimeField;
use ::p256::elliptic_curve::ops::Reduce;
use ::p256::elliptic_curve::point::AffineCoordinates;
use ::p256::{AffinePoint, FieldBytes, NonZeroScalar, PublicKey, Scalar};
use der::asn1::UintRef;
use der::{Decode, Sequence};
use ring::digest::{SHA256, digest};

use super::p256_field::Element;
use super::table::Table;
use crate::curve::point::{Affine, Point};

/// The multiples of a key that signs often.
pub struct Multiples(Table<Element>);

static BASE: LazyLock<Multiples> = LazyLock::new(|| Multiples::of(&AffinePoint::GENERATOR));

impl Multiples {
    pub fn of(key: &AffinePoint) -> Multiples {
        let element = |bytes| Element::from_repr(bytes).expect("coordinates of a point are elements");
        Multiples(Table::new(&Affine { x: element(key.x()), y: element(key.y()) }))
    }
}

/// What one of our own keys (04‖X‖Y) says to a message and a DER signature; `None` for every other key.
pub(crate) fn known_key_says(point: &[u8; 65], message: &[u8], signature: &[u8]) -> Option<bool> {
    let known = super::P256.find(point)?;
    let multiples = known.multiples(|point| {
        let key = PublicKey::from_sec1_bytes(point).ok()?;
        Some(Multiples::of(key.as_affine()))
    })?;
    let digest = digest(&SHA256, message).as_ref().try_into().ok()?;
    Some(holds(multiples, &digest, signature))
}

/// Ecdsa-Sig-Value (RFC 3279, 2.2.3).
#[derive(Sequence)]
struct Signature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// Whether the DER signature is one of the message with this SHA-256 under the key.
pub fn holds(key: &Multiples, digest: &[u8; 32], signature: &[u8]) -> bool {
    let Ok(signature) = Signature::from_der(signature) else { return false };
    // Steps 1 and 2: both are in [1, n − 1].
    let (Some(r), Some(s)) = (scalar(&signature.r), scalar(&signature.s)) else { return false };
    // Steps 3 to 6
    let e = Scalar::reduce(&FieldBytes::from(*digest));
    let inverse = s.invert().expect("s is not zero");
    let (u, v) = (e * inverse, *r * inverse);
    let vp = key.0.add_multiple(Point::INFINITY, &v.to_repr().into());
    let sum = BASE.0.add_multiple(vp, &u.to_repr().into());
    // Steps 7 to 9: is x one of the numbers below p that are ≡ r (mod n)?
    !sum.is_infinity() && candidates(&r).into_iter().flatten().any(|x| sum.has_x(x))
}

fn scalar(number: &UintRef<'_>) -> Option<NonZeroScalar> {
    let bytes = number.as_bytes();
    let mut padded = [0; 32];
    padded[32_usize.checked_sub(bytes.len())?..].copy_from_slice(bytes);
    NonZeroScalar::from_repr(padded.into()).into_option()
}

/// The numbers below p that leave r modulo n: r itself, and with n added where that stays below p.
fn candidates(r: &Scalar) -> [Option<Element>; 2] {
    let bytes = r.to_repr();
    // n < p, so every number below n is an element.
    let itself = Element::from_repr(bytes).into_option();
    let with_n = (bytes.as_slice() < P_MINUS_N.as_slice())
        .then(|| itself.map(|itself| itself + Element::from_repr(N.into()).expect("n is below p")));
    [itself, with_n.flatten()]
}

/// The order of the group.
const N: [u8; 32] = super::hex(b"FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
const P_MINUS_N: [u8; 32] = super::hex(b"000000000000000000000000000000004319055358E8617B0C46353D039CDAAE");
