//! Signed answers: every one, the empty 204 and the refusals too.

use serde_json::json;

use super::Refused;
use crate::{credentials::Credentials, dice, door::Reply, journal::Finding, world::World};

/// The five headers over `timestamp\nnonce\nbody\n`.
pub fn headers(
    credentials: &Credentials,
    timestamp: i64,
    body: &str,
    wrong_key: bool,
) -> Vec<(&'static str, String)> {
    let nonce = dice::letters(32);
    let text = format!("{timestamp}\n{nonce}\n{body}\n");
    // The other wallet's key: well formed, and not the one the merchant was given.
    let key = if wrong_key { &credentials.alipay.alipay } else { &credentials.wechat_pay.platform };
    vec![
        ("Wechatpay-Timestamp", timestamp.to_string()),
        ("Wechatpay-Nonce", nonce),
        ("Wechatpay-Signature", key.sign(text.as_bytes())),
        ("Wechatpay-Serial", credentials.wechat_pay.platform_key_id.clone()),
        ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048".to_owned()),
    ]
}

pub fn reply(world: &World, status: u16, body: String, finding: Finding, wrong_key: bool) -> Reply {
    let signed = headers(&world.credentials, world.clock.wire_seconds(), &body, wrong_key);
    let mut reply = Reply::json(status, body, finding);
    if reply.body.is_empty() {
        reply.headers.clear();
    }
    reply.headers.extend(signed);
    reply.headers.push(("Request-ID", dice::uuid().to_uppercase()));
    reply
}

pub fn refusal(world: &World, refused: Refused, mut finding: Finding, wrong_key: bool) -> Reply {
    finding.verdict = format!("{} {}", refused.code, refused.message);
    let mut body = json!({ "code": refused.code, "message": refused.message });
    if let Some(detail) = refused.detail {
        body["detail"] = detail;
    }
    reply(world, refused.status, body.to_string(), finding, wrong_key)
}
