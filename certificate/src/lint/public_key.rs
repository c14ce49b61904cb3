//! The certified key is an SM2 key in its one canonical form.

use der::Encode;

use super::{Candidate, Rule};
use crate::sm2::PublicKey;

pub(super) static RULE: Rule = Rule {
    name: "public_key",
    citation: "GM/T 0009-2012, 7.1; GM/T 0015-2012, 5.2.3.7; RFC 5480, 2.1.1 (the named curve, a point on it)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let spki = candidate.tbs.spki.to_der().map_err(|_| "the key cannot be read")?;
    let key = PublicKey::from_spki_der(&spki).map_err(|_| "the key is not an SM2 key")?;
    if key.to_spki_der() != spki {
        return Err("the key is not an uncompressed point".into());
    }
    match candidate.issuer {
        Some(issuer) if issuer.spki() == spki => Err("the key is the issuer's own".into()),
        _ => Ok(()),
    }
}
