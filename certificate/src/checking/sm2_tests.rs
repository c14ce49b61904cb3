//! The library's own verification is the judge: ours must say the same, whatever it is asked.

use ::sm2::dsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use ::sm2::dsa::{Signature, SigningKey, VerifyingKey};
use ::sm2::elliptic_curve::ops::Reduce;
use ::sm2::elliptic_curve::point::{AffineCoordinates, DecompressPoint};
use ::sm2::elliptic_curve::{FieldBytes, Group, PrimeField};
use ::sm2::{AffinePoint, NonZeroScalar, ProjectivePoint, Scalar, Sm2};
use rand_core::TryRng;

use super::sm2::{Key, Multiples, holds};
use crate::dice::Dice;

fn bytes(dice: &mut Dice) -> [u8; 32] {
    let mut bytes = [0; 32];
    dice.try_fill_bytes(&mut bytes).unwrap();
    bytes
}

fn scalar(bytes: [u8; 32]) -> Scalar {
    Scalar::reduce(&FieldBytes::<Sm2>::from(bytes))
}

fn point_of(private: &Scalar) -> AffinePoint {
    ProjectivePoint::mul_by_generator(private).to_affine()
}

/// All three ways say the same; that is what they say.
fn agreed(key: &AffinePoint, table: &Multiples, e: &[u8; 32], signature: &Signature) -> bool {
    let judge = VerifyingKey::from_affine("1234567812345678", *key).unwrap();
    let judged = judge.verify_prehash(e, signature).is_ok();
    assert_eq!(holds(&Key::Any(key), e, signature), judged, "any key: {key:?} {e:?} {signature:?}");
    assert_eq!(holds(&Key::Known(table), e, signature), judged, "known key: {key:?} {e:?} {signature:?}");
    judged
}

#[test]
fn hundreds_of_signatures_and_three_spoiled_ones_of_each() {
    let mut dice = Dice::new(11);
    for _ in 0..12 {
        let private = NonZeroScalar::new(scalar(bytes(&mut dice))).unwrap();
        let key = SigningKey::from_nonzero_scalar("1234567812345678", private).unwrap();
        let point = *key.verifying_key().as_affine();
        let table = Multiples::of(&point);
        for _ in 0..20 {
            let e = bytes(&mut dice);
            let signature: Signature = key.sign_prehash(&e).unwrap();
            assert!(agreed(&point, &table, &e, &signature));
            let mut spoiled = e;
            spoiled[usize::from(e[0] % 32)] ^= 1 << (e[1] % 8);
            assert!(!agreed(&point, &table, &spoiled, &signature));
            let swapped = Signature::from_scalars(*signature.s(), *signature.r()).unwrap();
            assert!(!agreed(&point, &table, &e, &swapped));
            let anything = Signature::from_scalars(scalar(bytes(&mut dice)), *signature.s()).unwrap();
            assert!(!agreed(&point, &table, &e, &anything));
        }
    }
}

/// Numbers at the borders of digits, windows and the order; the keys are small multiples of G and of −G, so that the sum
/// doubles, cancels and passes through infinity on the way.
#[test]
fn numbers_at_every_border() {
    let small = |n: u64| Scalar::from(n);
    let power = |n: u32| (0..n).fold(Scalar::ONE, |power, _| power.double());
    let mut numbers: Vec<Scalar> = [1, 2, 3, 15, 16, 17, 31, 63, 64, 65, 127, 128].map(small).to_vec();
    numbers.extend([7, 63, 64, 128, 192, 252, 255].map(power));
    numbers.extend([7, 64, 128, 255].map(|n| power(n) - Scalar::ONE));
    numbers.push(small(2).invert().unwrap());
    numbers.extend(numbers.clone().iter().map(|number| -number));
    let (mut good, mut bad) = (0, 0);
    for private in [1, 3, 64].map(small).into_iter().flat_map(|d| [d, -d]) {
        let point = point_of(&private);
        let table = Multiples::of(&point);
        for (i, r) in numbers.iter().enumerate() {
            for s in numbers.iter().skip(i % 11).step_by(11) {
                let signature = Signature::from_scalars(r, s).unwrap();
                // The digest for which this is a signature, wherever there is one.
                let sum = ProjectivePoint::mul_by_generator(&(*s + (r + s) * private));
                let e = r - &Scalar::reduce(&sum.to_affine().x());
                let right = agreed(&point, &table, &e.to_repr().into(), &signature);
                assert_eq!(right, !bool::from((r + s).is_zero() | sum.is_identity()));
                if right { good += 1 } else { bad += 1 }
            }
        }
    }
    assert!(good > 900 && bad > 5, "{good} {bad}");
}

/// x of the sum may be n or more: then it is not r − e itself, but n above it. Chance never shows such a point.
#[test]
fn a_sum_whose_x_is_above_the_order() {
    let n = VerifyingKey::from_affine("", AffinePoint::GENERATOR).map(|_| -Scalar::ONE).unwrap();
    let mut x: [u8; 32] = n.to_repr().into();
    let mut found = 0;
    let mut dice = Dice::new(13);
    while found < 20 {
        // n − 1 ends in 22: the last byte does not overflow for a while.
        x[31] += 1;
        let Some(sum) = AffinePoint::decompress(&x.into(), 1.into()).into_option() else { continue };
        assert_eq!(<[u8; 32]>::from(sum.x()), x);
        found += 1;
        // Any s and t, and the key for which sG + tP is that point.
        let (s, t) = (scalar(bytes(&mut dice)), scalar(bytes(&mut dice)));
        let key = (ProjectivePoint::from(sum) - ProjectivePoint::mul_by_generator(&s)) * t.invert().unwrap();
        let key = key.to_affine();
        let table = Multiples::of(&key);
        let r = t - s;
        let e = r - Scalar::reduce(&sum.x());
        let signature = Signature::from_scalars(r, s).unwrap();
        assert!(agreed(&key, &table, &e.to_repr().into(), &signature));
        assert!(!agreed(&key, &table, &(e + Scalar::ONE).to_repr().into(), &signature));
    }
}

/// What the office calls: the same before and after the key is known, and for every DER that is no pair of r and s.
#[test]
fn a_key_says_the_same_once_it_is_known() {
    let mut dice = Dice::new(17);
    let pair = crate::KeyPair::generate(&mut dice).unwrap();
    let (key, other) = (pair.public_key(), crate::KeyPair::generate(&mut dice).unwrap().public_key());
    let signature = pair.sign(b"message").unwrap();
    let one = [2, 1, 1].as_slice();
    let order: Vec<u8> = [&[2, 33, 0], (-Scalar::ONE).to_repr().as_slice()].concat();
    // n itself ends in 23 where n − 1 ends in 22.
    let order = [&order[..34], &[0x23]].concat();
    let too_long: Vec<u8> = [&[2, 34, 1], [0; 33].as_slice()].concat();
    let sequence = |r: &[u8], s: &[u8]| [&[0x30, (r.len() + s.len()) as u8], r, s].concat();
    let wrong = [
        sequence(&[2, 1, 0], one),
        sequence(one, &[2, 1, 0]),
        sequence(&order, one),
        sequence(one, &order),
        sequence(&too_long, one),
        sequence(&[2, 1, 0xff], one),
        sequence(one, one),
        Vec::new(),
        signature[..signature.len() - 1].to_vec(),
        [signature.as_slice(), &[0]].concat(),
    ];
    key.expect_many_signatures();
    for _ in 0..60 {
        key.verify(b"message", &signature).unwrap();
        key.verify_digest(&key.message_digest(b"message"), &signature).unwrap();
        assert!(key.verify(b"massage", &signature).is_err());
        assert!(key.verify_with_id("", b"message", &signature).is_err());
        assert!(other.verify(b"message", &signature).is_err());
        for wrong in &wrong {
            assert!(key.verify(b"message", wrong).is_err(), "{wrong:02x?}");
        }
    }
    assert!(super::SM2.find(&key).unwrap().multiples(|_| None).is_some());
    assert!(super::SM2.find(&other).is_none());
}
