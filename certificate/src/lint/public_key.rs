//! The certified key is strong, of a kind that the profile certifies, in its one canonical form, and not the issuer's.

use super::{Candidate, Rule};
use crate::key_kind::canonical;

pub(super) static RULE: Rule = Rule {
    name: "public_key",
    citation: "GM/T 0009-2012, 7.1; RFC 5480, 2.1.1 and 2.2 (the named curve, a point on it); RFC 3279, 2.3.1; CA/B Forum BR 6.1.5 and 6.1.6",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let (kind, spki) = canonical(candidate.spki).map_err(|error| error.to_string())?;
    if spki != candidate.spki {
        return Err("the key is not in its canonical form".into());
    }
    if !candidate.profile.key_kinds.contains(&kind) {
        return Err(format!("the profile certifies no {kind:?} keys"));
    }
    match candidate.issuer {
        Some(issuer) if issuer.spki() == spki => Err("the key is the issuer's own".into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::Any;
    use der::{Decode, Encode};

    use crate::dice::Dice;
    use crate::digest::key_identifier;
    use crate::extension;
    use crate::lint::specimen::{authorities, fails, fails_for, replace};
    use crate::profile::{ORGANISATION_P256, ORGANISATION_RSA};
    use crate::{KeyKind, Signer, SoftwareKey};

    #[test]
    fn a_compressed_point() {
        fails("public_key", |tbs| {
            let spki = tbs.spki.to_der().unwrap();
            // The head of the structure says how long it is; 33 octets of point instead of 65.
            let (head, point) = spki.split_at(spki.len() - 65);
            let mut short = head.to_vec();
            short[1] -= 32;
            let at = short.len() - 2;
            short[at] -= 32;
            short.push(2 + (point[64] & 1));
            short.extend_from_slice(&point[1..33]);
            tbs.spki = Any::from_der(&short).unwrap();
            replace(tbs, extension::subject_key(&key_identifier(&short).unwrap()).unwrap());
        });
    }

    #[test]
    fn the_issuers_key() {
        fails("public_key", |tbs| {
            let issuer = authorities().1.certificate;
            tbs.spki = Any::from_der(issuer.spki()).unwrap();
            let identifier = issuer.subject_key_identifier().unwrap();
            replace(tbs, extension::subject_key(&identifier).unwrap());
        });
    }

    /// An RSA certificate with another modulus or exponent, and the identifier that goes with it.
    fn fails_with_rsa(change: impl FnOnce(&mut Vec<u8>)) {
        fails_for(&ORGANISATION_RSA, "public_key", |tbs| {
            let mut spki = tbs.spki.to_der().unwrap();
            change(&mut spki);
            tbs.spki = Any::from_der(&spki).unwrap();
            replace(tbs, extension::subject_key(&key_identifier(&spki).unwrap()).unwrap());
        });
    }

    /// The modulus is followed by INTEGER 65537, five octets.
    #[test]
    fn an_even_modulus_a_small_factor_another_exponent() {
        fails_with_rsa(|spki| *spki.iter_mut().nth_back(5).unwrap() &= 0xfe);
        fails_with_rsa(|spki| *spki.last_mut().unwrap() = 3);
        // Among 751 odd numbers in a row is one that 751 divides.
        fails_with_rsa(|spki| {
            let at = spki.len() - 7..spki.len() - 5;
            spki[at].copy_from_slice(&[0, 1]);
            while crate::KeyKind::of_spki(spki) != Err(crate::KeyError::RsaModulus) {
                let at = spki.len() - 7;
                let next = u16::from_be_bytes([spki[at], spki[at + 1]]) + 2;
                spki[at..at + 2].copy_from_slice(&next.to_be_bytes());
            }
        });
    }

    #[test]
    fn a_kind_that_the_profile_does_not_certify() {
        let p256 = SoftwareKey::generate(KeyKind::P256, &mut Dice::new(9)).unwrap().spki();
        fails("public_key", |tbs| {
            tbs.spki = Any::from_der(&p256).unwrap();
            replace(tbs, extension::subject_key(&key_identifier(&p256).unwrap()).unwrap());
        });
    }

    #[test]
    fn a_point_beside_the_curve() {
        fails_for(&ORGANISATION_P256, "public_key", |tbs| {
            let mut spki = tbs.spki.to_der().unwrap();
            *spki.last_mut().unwrap() ^= 1;
            tbs.spki = Any::from_der(&spki).unwrap();
            replace(tbs, extension::subject_key(&key_identifier(&spki).unwrap()).unwrap());
        });
    }
}
