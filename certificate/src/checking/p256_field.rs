//! The field of P-256 over fiat-crypto's arithmetic, which is generated together with its proof.
//!
//! The same kind of element that `sm2` has; that of the crate `p256` takes nearly twice the time.

use fiat_crypto::p256_64::{
    fiat_p256_add, fiat_p256_divstep, fiat_p256_divstep_precomp, fiat_p256_from_montgomery,
    fiat_p256_montgomery_domain_field_element, fiat_p256_msat, fiat_p256_mul,
    fiat_p256_non_montgomery_domain_field_element, fiat_p256_opp, fiat_p256_selectznz, fiat_p256_square,
    fiat_p256_sub, fiat_p256_to_montgomery,
};
use p256::U256;
use p256::elliptic_curve::ff::PrimeField;
use p256::elliptic_curve::subtle::{Choice, ConstantTimeEq, CtOption};

/// p (FIPS 186-5, SP 800-186).
const MODULUS: &str = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

primefield::monty_field_params! {
    name: Params,
    modulus: MODULUS,
    uint: U256,
    byte_order: primefield::ByteOrder::BigEndian,
    multiplicative_generator: 6,
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
    non_mont: fiat_p256_non_montgomery_domain_field_element,
    mont: fiat_p256_montgomery_domain_field_element,
    from_mont: fiat_p256_from_montgomery,
    to_mont: fiat_p256_to_montgomery,
    add: fiat_p256_add,
    sub: fiat_p256_sub,
    mul: fiat_p256_mul,
    neg: fiat_p256_opp,
    square: fiat_p256_square,
    divstep_precomp: fiat_p256_divstep_precomp,
    divstep: fiat_p256_divstep,
    msat: fiat_p256_msat,
    selectnz: fiat_p256_selectznz
}
