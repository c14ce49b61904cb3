//! The field of SM2 over fiat-crypto's arithmetic, which is generated together with its proof: what the curve library has too,
//! but with its words in reach, so that one of many numbers can be taken without telling which.

use ::sm2::elliptic_curve::ff::PrimeField;
use ::sm2::elliptic_curve::point::AffineCoordinates;
use ::sm2::elliptic_curve::subtle::{Choice, ConstantTimeEq, CtOption};
use ::sm2::{AffinePoint, U256};
use fiat_crypto::sm2_64::{
    fiat_sm2_add, fiat_sm2_divstep, fiat_sm2_divstep_precomp, fiat_sm2_from_montgomery,
    fiat_sm2_montgomery_domain_field_element, fiat_sm2_msat, fiat_sm2_mul,
    fiat_sm2_non_montgomery_domain_field_element, fiat_sm2_opp, fiat_sm2_selectznz, fiat_sm2_square,
    fiat_sm2_sub, fiat_sm2_to_montgomery,
};
use primefield::MontyFieldElement;

use super::point::Affine;

/// p (GB/T 32918.5).
const MODULUS: &str = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff";

primefield::monty_field_params! {
    name: Params,
    modulus: MODULUS,
    uint: U256,
    byte_order: primefield::ByteOrder::BigEndian,
    multiplicative_generator: 13,
    doc: "The numbers modulo p."
}

primefield::monty_field_element! {
    name: Element,
    params: Params,
    uint: U256,
    doc: "A number modulo p."
}

primefield::fiat_monty_field_arithmetic! {
    name: Element,
    params: Params,
    uint: U256,
    non_mont: fiat_sm2_non_montgomery_domain_field_element,
    mont: fiat_sm2_montgomery_domain_field_element,
    from_mont: fiat_sm2_from_montgomery,
    to_mont: fiat_sm2_to_montgomery,
    add: fiat_sm2_add,
    sub: fiat_sm2_sub,
    mul: fiat_sm2_mul,
    neg: fiat_sm2_opp,
    square: fiat_sm2_square,
    divstep_precomp: fiat_sm2_divstep_precomp,
    divstep: fiat_sm2_divstep,
    msat: fiat_sm2_msat,
    selectnz: fiat_sm2_selectznz
}

impl Element {
    /// As they lie in memory, in Montgomery form: for [`Element::from_words`] alone.
    pub fn words(&self) -> [u64; 4] {
        self.0.to_montgomery_words()
    }

    pub fn from_words(words: [u64; 4]) -> Element {
        Element(MontyFieldElement::from_montgomery_words(words))
    }
}

/// Where a point of the library's stands.
pub fn coordinates(point: &AffinePoint) -> Affine<Element> {
    let element = |bytes| Element::from_repr(bytes).expect("coordinates of a point are elements");
    Affine { x: element(point.x()), y: element(point.y()) }
}
