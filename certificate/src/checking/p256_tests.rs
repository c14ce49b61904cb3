//! ring is the judge: ours must say the same, whatever it is asked.

use ::p256::elliptic_curve::ops::Reduce;
use ::p256::elliptic_curve::point::{AffineCoordinates, DecompressPoint};
use ::p256::elliptic_curve::sec1::ToSec1Point;
use ::p256::elliptic_curve::{Group, PrimeField};
use ::p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
use der::Encode;
use der::asn1::UintRef;
use rand_core::TryRng;
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};

use super::p256::{Multiples, holds};
use crate::dice::Dice;
use crate::key_kind::KeyKind;
use crate::sign::Signer;
use crate::software_key::SoftwareKey;

fn bytes(dice: &mut Dice) -> [u8; 32] {
    let mut bytes = [0; 32];
    dice.try_fill_bytes(&mut bytes).unwrap();
    bytes
}

fn scalar(bytes: [u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::from(bytes))
}

fn sha256(message: &[u8]) -> [u8; 32] {
    digest(&SHA256, message).as_ref().try_into().unwrap()
}

/// DER of any two numbers.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let body =
        [UintRef::new(r).unwrap().to_der().unwrap(), UintRef::new(s).unwrap().to_der().unwrap()].concat();
    [&[0x30, body.len() as u8], body.as_slice()].concat()
}

/// ring and ours say the same; that is what they say.
fn agreed(key: &AffinePoint, table: &Multiples, message: &[u8], signature: &[u8]) -> bool {
    let point = key.to_sec1_point(false);
    let judge = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point.as_bytes());
    let judged = judge.verify(message, signature).is_ok();
    assert_eq!(holds(table, &sha256(message), signature), judged, "{key:?} {message:?} {signature:02x?}");
    judged
}

#[test]
fn hundreds_of_signatures_and_three_spoiled_ones_of_each() {
    let mut dice = Dice::new(21);
    for _ in 0..12 {
        let key = SoftwareKey::generate(KeyKind::P256, &mut dice).unwrap();
        let spki = key.spki();
        let point = ::p256::PublicKey::from_sec1_bytes(&spki[spki.len() - 65..]).unwrap();
        let table = Multiples::of(point.as_affine());
        for _ in 0..20 {
            let message = bytes(&mut dice);
            let signature = key.sign(&message).unwrap();
            assert!(agreed(point.as_affine(), &table, &message, &signature));
            assert!(!agreed(point.as_affine(), &table, &message[1..], &signature));
            let mut spoiled = signature.clone();
            let last = spoiled.len() - 1;
            spoiled[last] ^= 1;
            assert!(!agreed(point.as_affine(), &table, &message, &spoiled));
            let anything = der(&bytes(&mut dice), &bytes(&mut dice));
            assert!(!agreed(point.as_affine(), &table, &message, &anything));
        }
    }
}

/// Keys that are small multiples of ±G, and numbers at the borders: the sum doubles, cancels, and passes through infinity.
#[test]
fn numbers_at_every_border() {
    let mut numbers: Vec<Scalar> = [1, 2, 3, 63, 64, 65, 127, 128, u64::MAX].map(Scalar::from).to_vec();
    numbers.push(scalar([0x80; 32]));
    numbers.push(scalar([0x7f; 32]));
    numbers.extend(numbers.clone().iter().map(|number| -number));
    let message = b"message";
    let e = scalar(sha256(message));
    let mut good = 0;
    for private in [1_u64, 2, 3, 64].map(Scalar::from).into_iter().flat_map(|d| [d, -d]) {
        let point = ProjectivePoint::mul_by_generator(&private).to_affine();
        let table = Multiples::of(&point);
        for nonce in &numbers {
            let r = Scalar::reduce(&ProjectivePoint::mul_by_generator(nonce).to_affine().x());
            let s = nonce.invert().unwrap() * (e + r * private);
            let signature = der(&r.to_repr(), &s.to_repr());
            assert!(agreed(&point, &table, message, &signature));
            assert!(!agreed(&point, &table, b"massage", &signature));
            good += 1;
            for s in &numbers {
                agreed(&point, &table, message, &der(&nonce.to_repr(), &s.to_repr()));
            }
        }
        // e + r·d = 0: the sum is the point at infinity.
        let r = -e * private.invert().unwrap();
        assert!(!agreed(&point, &table, message, &der(&r.to_repr(), &Scalar::ONE.to_repr())));
    }
    assert!(good > 100);
}

/// x of the sum may be n or more: then it is not r itself, but n above it. Chance never shows such a point.
#[test]
fn a_sum_whose_x_is_above_the_order() {
    let mut x: [u8; 32] = (-Scalar::ONE).to_repr().into();
    let (mut found, mut dice) = (0, Dice::new(23));
    while found < 20 {
        // n − 1 ends in 50: the last byte does not overflow for a while.
        x[31] += 1;
        let Some(sum) = AffinePoint::decompress(&x.into(), 1.into()).into_option() else { continue };
        found += 1;
        // Any s and message, and the key for which (e/s)G + (r/s)P is that point.
        let (s, message) = (scalar(bytes(&mut dice)), bytes(&mut dice));
        let (r, e) = (Scalar::reduce(&sum.x()), scalar(sha256(&message)));
        if r == Scalar::ZERO {
            continue;
        }
        let key = ProjectivePoint::from(sum) * s - ProjectivePoint::mul_by_generator(&e);
        let key = (key * r.invert().unwrap()).to_affine();
        let signature = der(&r.to_repr(), &s.to_repr());
        assert!(agreed(&key, &Multiples::of(&key), &message, &signature));
        assert!(!agreed(&key, &Multiples::of(&key), b"another", &signature));
    }
}

/// Zero, n and more, and what is no DER of two numbers.
#[test]
fn what_is_no_signature() {
    let key = AffinePoint::GENERATOR;
    let table = Multiples::of(&key);
    let mut n: [u8; 32] = (-Scalar::ONE).to_repr().into();
    n[31] += 1;
    let good = der(&[1], &[1]);
    for wrong in [
        der(&[0], &[1]),
        der(&[1], &[0]),
        der(&n, &[1]),
        der(&[1], &n),
        der(&[0xff; 32], &[1]),
        der(&[1; 33], &[1]),
        vec![0x30, 6, 2, 1, 0xff, 2, 1, 1],
        vec![0x30, 7, 2, 2, 0, 1, 2, 1, 1],
        good[..good.len() - 1].to_vec(),
        [good.as_slice(), &[0]].concat(),
        Vec::new(),
    ] {
        assert!(!agreed(&key, &table, b"message", &wrong), "{wrong:02x?}");
    }
}
