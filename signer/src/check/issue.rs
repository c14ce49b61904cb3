//! A certificate to be issued: the office has linted it and has a case for it; both are looked at again.

use certificate::digest::spki_digest;
use certificate::extension::KeyUsages;
use certificate::{Draft, Profile};

use crate::desk::LintedWork;
use crate::keyring::Held;
use crate::refusal::SignError;
use crate::token::{OrderToken, Slot, TokenMaker};

pub(super) fn check(
    held: &Held,
    profile: &str,
    to_be_signed: &[u8],
    token: &OrderToken,
    tokens: &TokenMaker,
    now: i64,
) -> Result<(), SignError> {
    let profile = allowed(held, profile, token, tokens, now)?;
    let draft = Draft::from_recorded(profile, &held.certificate, to_be_signed.to_vec());
    let linted = draft.lint().map_err(|findings| {
        SignError::Lint(findings.into_iter().map(|it| format!("{}: {}", it.rule, it.detail)).collect())
    })?;
    same_key(&spki_digest(&linted.to_be_signed().subject_spki()), token)
}

/// The lints are proven by the work's type; whether they were those of this issuer is not.
pub(super) fn check_linted(
    held: &Held,
    linted: &LintedWork,
    tokens: &TokenMaker,
    now: i64,
) -> Result<(), SignError> {
    allowed(held, linted.profile.name, &linted.token, tokens, now)?;
    let (name, spki) = &linted.issuer;
    if name != held.certificate.subject().der() || spki != held.certificate.spki() {
        return Err(SignError::OtherIssuer);
    }
    same_key(&linted.spki_digest, &linted.token)
}

/// Token, issuer, profile and slot agree with one another and with what the key may sign.
fn allowed(
    held: &Held,
    profile: &str,
    token: &OrderToken,
    tokens: &TokenMaker,
    now: i64,
) -> Result<&'static Profile, SignError> {
    tokens.check(token, now)?;
    let grant = &token.grant;
    if grant.issuer != held.name {
        return Err(SignError::TokenIssuer(grant.issuer.clone()));
    }
    if grant.profile != profile {
        return Err(SignError::TokenProfile(grant.profile.clone()));
    }
    let profile =
        Profile::find_by_name(profile).ok_or_else(|| SignError::UnknownProfile(profile.to_owned()))?;
    if !held.profiles.iter().any(|allowed| allowed.name == profile.name) {
        let (key, profile) = (held.name.clone(), profile.name.to_owned());
        return Err(SignError::ProfileNotAllowed { key, profile });
    }
    if fits(grant.slot, profile) { Ok(profile) } else { Err(SignError::TokenSlot) }
}

fn same_key(spki_digest: &[u8; 32], token: &OrderToken) -> Result<(), SignError> {
    if *spki_digest == token.grant.spki_digest { Ok(()) } else { Err(SignError::TokenPublicKey) }
}

/// Half of a pair has the usages of that half alone; a single certificate may have any.
fn fits(slot: Slot, profile: &Profile) -> bool {
    let signs = profile.key_usages.contains(&KeyUsages::DigitalSignature);
    let encrypts = [KeyUsages::KeyEncipherment, KeyUsages::DataEncipherment, KeyUsages::KeyAgreement]
        .iter()
        .any(|usage| profile.key_usages.contains(usage));
    match slot {
        Slot::Sign => signs && !encrypts,
        Slot::Encrypt => encrypts && !signs,
        Slot::Single => true,
    }
}
