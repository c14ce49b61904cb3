//! TC3-HMAC-SHA256, for every Tencent Cloud product that answers here.

use std::collections::HashMap;

use ring::{digest, hmac};
use serde_json::json;

use crate::{dice, door::Call, door::Reply, journal::Finding, world::World};

const SCHEME: &str = "TC3-HMAC-SHA256";
const ALLOWED_SKEW_SECONDS: i64 = 300;

/// A refusal as Tencent words it: code and message, HTTP 200.
pub type Refusal = (&'static str, String);

/// Checks a call for one product; the text it checked goes into the finding.
pub fn check(world: &World, call: &Call, service: &str, finding: &mut Finding) -> Result<(), Refusal> {
    let wrong = |why: &str| {
        Err((
            "AuthFailure.SignatureFailure",
            format!("The provided credentials could not be validated. {why}"),
        ))
    };
    let Some(fields) = call.header("authorization").strip_prefix(SCHEME).map(fields) else {
        return wrong("Authorization must use TC3-HMAC-SHA256.");
    };
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    let [secret_id, date, scoped_service, "tc3_request"] =
        field("Credential").split('/').collect::<Vec<_>>()[..]
    else {
        return wrong("Credential must be SecretId/Date/Service/tc3_request.");
    };
    let timestamp = call.header("x-tc-timestamp");
    let Ok(seconds) = timestamp.parse::<i64>() else {
        return Err(("MissingParameter", "The request is missing X-TC-Timestamp.".to_owned()));
    };
    if (world.clock.wire_seconds() - seconds).abs() > ALLOWED_SKEW_SECONDS {
        let message =
            "The provided credentials could not be validated because the timestamp is out of range.";
        return Err(("AuthFailure.SignatureExpire", message.to_owned()));
    }
    if utc_day(seconds) != date {
        return wrong("The date in Credential does not match X-TC-Timestamp.");
    }
    if scoped_service != service {
        return wrong("The service in Credential does not match the product.");
    }
    let ours = &world.credentials.tencent;
    if secret_id != ours.secret_id {
        return Err(("AuthFailure.SecretIdNotFound", "The SecretId is not found.".to_owned()));
    }
    let signed_headers = field("SignedHeaders");
    let named = |name: &str| signed_headers.split(';').any(|one| one == name);
    if !named("content-type") || !named("host") {
        return wrong("content-type and host must be signed.");
    }

    let text = string_to_sign(call, signed_headers, timestamp, &format!("{date}/{service}/tc3_request"));
    finding.checked = format!("{}\n\n{text}", canonical(call, signed_headers));
    let day_key = sign(format!("TC3{}", ours.secret_key).as_bytes(), date.as_bytes());
    let key = sign(sign(day_key.as_ref(), service.as_bytes()).as_ref(), b"tc3_request");
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_ref());
    let made = hex::decode(field("Signature")).unwrap_or_default();
    match hmac::verify(&key, text.as_bytes(), &made) {
        Ok(()) => Ok(()),
        Err(_) => wrong("Please check your SecretKey and the signed text."),
    }
}

fn canonical(call: &Call, signed_headers: &str) -> String {
    let headers: String = signed_headers
        .split(';')
        .map(|name| format!("{name}:{}\n", call.header(name).trim().to_lowercase()))
        .collect();
    format!(
        "{}\n/\n{}\n{headers}\n{signed_headers}\n{}",
        call.method,
        call.query,
        hex::encode(digest::digest(&digest::SHA256, &call.body))
    )
}

fn string_to_sign(call: &Call, signed_headers: &str, timestamp: &str, scope: &str) -> String {
    let hashed = digest::digest(&digest::SHA256, canonical(call, signed_headers).as_bytes());
    format!("{SCHEME}\n{timestamp}\n{scope}\n{}", hex::encode(hashed))
}

fn sign(key: &[u8], text: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text)
}

fn fields(list: &str) -> HashMap<&str, &str> {
    list.split(',').filter_map(|pair| pair.trim().split_once('=')).collect()
}

fn utc_day(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds).map(|at| at.date().to_string()).unwrap_or_default()
}

/// `{"Response":{"Error":{…},"RequestId":…}}` with HTTP 200.
pub fn error((code, message): Refusal, mut finding: Finding) -> Reply {
    finding.verdict = format!("{code} {message}");
    let error = json!({ "Code": code, "Message": message });
    let body = json!({ "Response": { "Error": error, "RequestId": dice::uuid() } });
    Reply::json(200, body.to_string(), finding)
}
