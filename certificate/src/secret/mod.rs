//! The private half of an SM2 pair, and the signatures that it makes (GB/T 32918.2, 6.1).
//!
//! Owns: signatures, and the multiples of points by secret numbers ([`multiple`]), all in constant time.
//! Never: a step, a jump or a place in memory that depends on a secret.
//! Start at: [`Secret::sign`].
//!
//! The library signs one message at a time, and inverts 1 + d anew for each. Here the inverse stays beside d, and the points
//! of many nonces come into affine form together. Scalars are the library's, and so are the nonces (RFC 6979 with SM3): both
//! make the same signatures.

pub(crate) mod multiple;

use std::sync::OnceLock;

use ::sm2::dsa::Signature;
use ::sm2::elliptic_curve::bigint::U256;
use ::sm2::elliptic_curve::ops::Reduce;
use ::sm2::elliptic_curve::{Curve, PrimeField};
use ::sm2::{FieldBytes, NonZeroScalar, Scalar, Sm2};
use ::sm3::Sm3;
use rfc6979::KGenerator;
use zeroize::{Zeroize, Zeroizing};

use self::multiple::of_base;
use crate::curve::point::{Affine, normalise};
use crate::curve::sm2_field::Element;
use crate::sm2::Sm2Error;

/// Overwritten on drop. Keep it in a box: moving it then copies nothing.
pub(crate) struct Secret {
    d: NonZeroScalar,
    /// (1 + d)⁻¹, made at the first signature: many pairs never sign.
    inverse: OnceLock<Scalar>,
}

impl Secret {
    /// GB/T 32918: d ends at n − 2, since signing needs an inverse of 1 + d.
    pub fn new(d: NonZeroScalar) -> Result<Secret, Sm2Error> {
        if bool::from((*d + Scalar::ONE).is_zero()) {
            return Err(Sm2Error::PrivateKey);
        }
        Ok(Secret { d, inverse: OnceLock::new() })
    }

    pub fn d(&self) -> &NonZeroScalar {
        &self.d
    }

    /// Signs digests e = SM3(Z ‖ M), in their order.
    pub fn sign(&self, digests: &[[u8; 32]]) -> Vec<Result<Signature, Sm2Error>> {
        let numbers: Vec<Scalar> = digests.iter().map(|e| Scalar::reduce(&FieldBytes::from(*e))).collect();
        // A3
        let nonces: Zeroizing<Vec<Scalar>> = Zeroizing::new(numbers.iter().map(|e| self.nonce(e)).collect());
        // A4
        let points = of_base_all(nonces.iter());
        let one =
            |((e, k), point): ((&Scalar, &Scalar), &Affine<Element>)| self.finish(e, k, &point.x.to_repr());
        numbers.iter().zip(nonces.iter()).zip(points.iter()).map(one).collect()
    }

    fn nonce(&self, e: &Scalar) -> Scalar {
        let d = Zeroizing::new(<[u8; 32]>::from(self.d.to_repr()));
        let mut nonces = KGenerator::<Sm3, U256>::new(d.as_slice(), &e.to_repr(), &[], &Sm2::ORDER);
        let mut bytes = Zeroizing::new([0; 32]);
        nonces.fill_next_k(bytes.as_mut_slice());
        Option::from(Scalar::from_repr((*bytes).into())).expect("RFC 6979 gives 1 ≤ k < n")
    }

    /// A5 and A6. That r, r + k or s is zero happens to nobody; the standard would draw another nonce.
    fn finish(&self, e: &Scalar, k: &Scalar, x: &FieldBytes) -> Result<Signature, Sm2Error> {
        let r = *e + Scalar::reduce(x);
        if bool::from(k.is_zero() | r.is_zero() | (r + k).is_zero()) {
            return Err(Sm2Error::Signing);
        }
        let s = *self.inverse()? * (*k - r * *self.d);
        Signature::from_scalars(r, s).map_err(|_| Sm2Error::Signing)
    }

    fn inverse(&self) -> Result<&Scalar, Sm2Error> {
        if let Some(inverse) = self.inverse.get() {
            return Ok(inverse);
        }
        let inverse = Option::from((*self.d + Scalar::ONE).invert()).ok_or(Sm2Error::PrivateKey)?;
        Ok(self.inverse.get_or_init(|| inverse))
    }
}

/// kG for each 1 ≤ k < n, in their order.
pub(crate) fn of_base_all<'k>(numbers: impl Iterator<Item = &'k Scalar>) -> Zeroizing<Vec<Affine<Element>>> {
    let points = numbers.map(|k| of_base(&Zeroizing::new(k.to_repr().into())));
    Zeroizing::new(normalise(&Zeroizing::new(points.collect::<Vec<_>>())))
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.d.zeroize();
        if let Some(inverse) = self.inverse.get_mut() {
            inverse.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use ::sm2::dsa::SigningKey;
    use ::sm2::dsa::signature::hazmat::PrehashSigner;
    use ::sm2::elliptic_curve::Generate;

    use super::*;
    use crate::dice::Dice;
    use crate::sm2::DEFAULT_ID;

    fn is_as_the_librarys(d: NonZeroScalar) {
        let library = SigningKey::from_nonzero_scalar(DEFAULT_ID, d).unwrap();
        let secret = Secret::new(d).unwrap();
        for count in [1, 2, 7] {
            let digests: Vec<[u8; 32]> = (0..count).map(|at| crate::sm3(&[at, count])).collect();
            for (e, ours) in digests.iter().zip(secret.sign(&digests)) {
                assert_eq!(ours.unwrap(), library.sign_prehash(e).unwrap());
            }
        }
        // Digests of which the number is 0, or larger than n.
        for e in [[0; 32], [255; 32]] {
            assert_eq!(secret.sign(&[e])[0].unwrap(), library.sign_prehash(&e).unwrap());
        }
    }

    #[test]
    fn the_librarys_signatures() {
        let mut dice = Dice::new(7);
        for _ in 0..20 {
            is_as_the_librarys(NonZeroScalar::try_generate_from_rng(&mut dice).unwrap());
        }
        for d in [Scalar::ONE, -(Scalar::ONE + Scalar::ONE)] {
            is_as_the_librarys(NonZeroScalar::new(d).unwrap());
        }
    }

    #[test]
    fn the_last_number_is_no_key() {
        assert!(Secret::new(NonZeroScalar::new(-Scalar::ONE).unwrap()).is_err());
    }

    #[test]
    fn nothing_to_sign() {
        let one = NonZeroScalar::new(Scalar::ONE).unwrap();
        assert!(Secret::new(one).unwrap().sign(&[]).is_empty());
    }
}
