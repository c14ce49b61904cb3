//! The equation of an SM2 signature (GB/T 32918.2, 7.1).

use std::sync::LazyLock;

use ::sm2::dsa::Signature;
use ::sm2::elliptic_curve::ops::Reduce;
use ::sm2::elliptic_curve::{FieldBytes, PrimeField};
use ::sm2::{AffinePoint, Scalar, Sm2};

use super::table::{Table, multiply};
use crate::curve::point::Point;
use crate::curve::sm2_field::{Element, coordinates};

/// The key under which signatures are checked.
pub enum Key<'a> {
    /// Met for the first time, or too seldom for a table.
    Any(&'a AffinePoint),
    Known(&'a Multiples),
}

/// The multiples of a key that signs often.
pub struct Multiples(Table<Element>);

static BASE: LazyLock<Multiples> = LazyLock::new(|| Multiples::of(&AffinePoint::GENERATOR));

impl Multiples {
    pub fn of(key: &AffinePoint) -> Multiples {
        Multiples(Table::new(&coordinates(key)))
    }
}

/// Whether r and s sign the digest e under the key. Steps as the standard numbers them.
pub fn holds(key: &Key<'_>, e: &[u8; 32], signature: &Signature) -> bool {
    // B1, B2: r and s are in [1, n − 1], or `Signature` could not be.
    let (r, s) = (*signature.r(), *signature.s());
    // B5
    let t = r + s;
    if t == Scalar::ZERO {
        return false;
    }
    // B6: sG + tP
    let t = t.to_repr().into();
    let tp = match key {
        Key::Any(point) => multiply(&coordinates(point), &t),
        Key::Known(multiples) => multiples.0.add_multiple(Point::INFINITY, &t),
    };
    let sum = BASE.0.add_multiple(tp, &s.to_repr().into());
    if sum.is_infinity() {
        return false;
    }
    // B7: e + x ≡ r (mod n), asked the other way round: is x one of the numbers below p that are ≡ r − e?
    let wanted = r - Scalar::reduce(&FieldBytes::<Sm2>::from(*e));
    candidates(&wanted).into_iter().flatten().any(|x| sum.has_x(x))
}

/// The numbers below p that leave `wanted` modulo n: the number itself, and with n added where that stays below p.
fn candidates(wanted: &Scalar) -> [Option<Element>; 2] {
    let bytes = wanted.to_repr();
    // n < p, so every number below n is an element.
    let itself = Element::from_repr(bytes).into_option();
    let with_n = (bytes.as_slice() < P_MINUS_N.as_slice())
        .then(|| itself.map(|itself| itself + Element::from_repr(N.into()).expect("n is below p")));
    [itself, with_n.flatten()]
}

/// The order of the group (GB/T 32918.5).
const N: [u8; 32] = super::hex(b"FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123");
/// p = FFFFFFFE FFFFFFFF FFFFFFFF FFFFFFFF FFFFFFFF 00000000 FFFFFFFF FFFFFFFF, less n.
const P_MINUS_N: [u8; 32] = super::hex(b"000000000000000000000000000000008DFC2093DE39FAD5AC440BF6C62ABEDC");
