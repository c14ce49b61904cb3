//! What a key signs besides a request: short texts with their own first line, so that no signature serves two purposes.
//!
//! Both sides build them here: the helper to sign, the office to verify. Every line ends with a line feed.

use sm3::{Digest, Sm3};

/// After production's first half: this key, with this serial, made this request for this nonce of the office.
pub fn personalised(nonce: &str, serial: &str, request: &[u8]) -> Vec<u8> {
    lines("personalised", &[nonce, serial, &hash(&[request])])
}

/// R140: this key carries these two certificates and its signing key works.
pub fn read_back(nonce: &str, serial: &str, sign_certificate: &[u8], encrypt_certificate: &[u8]) -> Vec<u8> {
    lines("read back", &[nonce, serial, &hash(&[sign_certificate]), &hash(&[encrypt_certificate])])
}

/// A renewal's first half: this key, with this serial, made this request for this nonce of the office. Signed twice, by the
/// pair that was made and by the pair in use.
pub fn next_made(nonce: &str, serial: &str, request: &[u8]) -> Vec<u8> {
    lines("next made", &[nonce, serial, &hash(&[request])])
}

/// As `read_back`, of the generation that is not in use yet.
pub fn read_back_next(
    nonce: &str,
    serial: &str,
    sign_certificate: &[u8],
    encrypt_certificate: &[u8],
) -> Vec<u8> {
    lines("read back next", &[nonce, serial, &hash(&[sign_certificate]), &hash(&[encrypt_certificate])])
}

/// B02: pairs of before may be sealed to these public keys; they are this key's own.
pub fn past_prepared(nonce: &str, serial: &str, places: &[crate::signing::Point]) -> Vec<u8> {
    lines("past prepared", &[nonce, serial, &hash(&[places.as_flattened()])])
}

/// A holder signs in at `origin`; a challenge answered for one site is worth nothing at another.
pub fn login(origin: &str, challenge: &str) -> Vec<u8> {
    lines("login", &[origin, challenge])
}

/// R079, R081: this key has its new PIN, set under the office's authorisation for this order.
pub fn unblocked(nonce: &str, serial: &str, order: &str) -> Vec<u8> {
    lines("unblocked", &[nonce, serial, order])
}

/// Not signed but shown: only who could open the sealed challenge knows it. Hex of SM3.
pub fn encryption_proof(nonce: &str, challenge: &[u8]) -> String {
    hash(&[b"certhall key 1 encryption proof\n", nonce.as_bytes(), b"\n", challenge])
}

/// A nonce or challenge is hex of 16 to 64 bytes: it cannot carry a line feed, nor be guessed.
pub fn is_nonce(text: &str) -> bool {
    (32..=128).contains(&text.len())
        && text.len().is_multiple_of(2)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn lines(purpose: &str, values: &[&str]) -> Vec<u8> {
    let mut text = format!("certhall key 1 {purpose}\n");
    for value in values {
        text.push_str(value);
        text.push('\n');
    }
    text.into_bytes()
}

fn hash(parts: &[&[u8]]) -> String {
    let mut sm3 = Sm3::new();
    parts.iter().for_each(|part| sm3.update(part));
    hex::encode(sm3.finalize())
}
