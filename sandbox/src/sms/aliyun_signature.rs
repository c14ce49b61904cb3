//! ACS3-HMAC-SHA256. The client says which headers it signed; we follow its list.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{digest, hmac};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    door::Call,
    journal::Finding,
    world::{World, held},
};

const SCHEME: &str = "ACS3-HMAC-SHA256";
const ALLOWED_SKEW_SECONDS: i64 = 900;
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

fn refuse<T>(status: u16, code: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { status, code, message: message.into() })
}

pub fn check(world: &World, call: &Call, finding: &mut Finding) -> Result<(), Refusal> {
    let Some(fields) = call.header("authorization").strip_prefix(SCHEME).map(fields) else {
        return refuse(400, "MissingAuthorization", "Authorization must use ACS3-HMAC-SHA256.");
    };
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    let ours = &world.credentials.aliyun;
    if field("Credential") != ours.access_key_id {
        return refuse(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    }
    let body_hash = hex::encode(digest::digest(&digest::SHA256, &call.body));
    if call.header("x-acs-content-sha256") != body_hash {
        return refuse(400, "InvalidContentSha256", "x-acs-content-sha256 does not match the body.");
    }
    let now = world.clock.wire_seconds();
    match OffsetDateTime::parse(call.header("x-acs-date"), &Rfc3339) {
        Ok(at) if (now - at.unix_timestamp()).abs() <= ALLOWED_SKEW_SECONDS => {}
        Ok(_) => {
            return refuse(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
        }
        Err(_) => {
            return refuse(
                400,
                "InvalidTimeStamp.Format",
                "Specified time stamp or date value is not well formatted.",
            );
        }
    }
    let signed_headers = field("SignedHeaders");
    for must in [
        "host",
        "x-acs-action",
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-version",
    ] {
        if !signed_headers.split(';').any(|name| name == must) {
            return refuse(400, "IncompleteSignature", format!("{must} must be signed."));
        }
    }

    let canonical = canonical(call, signed_headers, &body_hash);
    let text = format!("{SCHEME}\n{}", hex::encode(digest::digest(&digest::SHA256, canonical.as_bytes())));
    finding.checked = format!("{canonical}\n\n{text}");
    let key = hmac::Key::new(hmac::HMAC_SHA256, ours.access_key_secret.as_bytes());
    let made = hex::decode(field("Signature")).unwrap_or_default();
    if hmac::verify(&key, text.as_bytes(), &made).is_err() {
        let message = format!(
            "Specified signature is not matched with our calculation. server string to sign is:{text} server CanonicalRequest is:{canonical}"
        );
        return refuse(400, "SignatureDoesNotMatch", message);
    }
    remember_nonce(world, call.header("x-acs-signature-nonce"), now)
}

fn remember_nonce(world: &World, nonce: &str, now: i64) -> Result<(), Refusal> {
    let mut nonces = held(&world.sms.nonces);
    nonces.retain(|_, seen| now - *seen <= 2 * ALLOWED_SKEW_SECONDS);
    match nonces.insert(nonce.to_owned(), now) {
        None => Ok(()),
        Some(_) => refuse(400, "SignatureNonceUsed", "Specified signature nonce was used already."),
    }
}

fn canonical(call: &Call, signed_headers: &str, body_hash: &str) -> String {
    let headers: String =
        signed_headers.split(';').map(|name| format!("{name}:{}\n", call.header(name).trim())).collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{signed_headers}\n{body_hash}",
        call.method,
        call.path,
        canonical_query(&call.query)
    )
}

/// Decoded, encoded again by RFC 3986, sorted.
fn canonical_query(query: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (encoded(&name), encoded(&value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn fields(list: &str) -> HashMap<&str, &str> {
    list.split(',').filter_map(|pair| pair.trim().split_once('=')).collect()
}
