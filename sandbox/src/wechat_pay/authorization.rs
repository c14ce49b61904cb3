//! Checks `Authorization: WECHATPAY2-SHA256-RSA2048 …`: who, when, once, and the signature over the bytes sent.

use std::collections::HashMap;

use serde_json::json;

use super::{Refused, refuse};
use crate::{
    door::Call,
    rsa_key,
    world::{World, held},
};

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
const ALLOWED_SKEW_SECONDS: i64 = 300;

/// The text that should have been signed: five lines, each ended, the last too.
pub fn canonical(call: &Call) -> String {
    let fields = fields(call).unwrap_or_default();
    let body = String::from_utf8_lossy(&call.body);
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    format!("{}\n{}\n{}\n{}\n{body}\n", call.method, call.target, field("timestamp"), field("nonce_str"))
}

pub fn check(world: &World, call: &Call) -> Result<(), Refused> {
    if call.header("accept").is_empty() || call.header("user-agent").is_empty() {
        return refuse(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent");
    }
    let Some(fields) = fields(call) else {
        return refuse(
            401,
            "SIGN_ERROR",
            "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
        );
    };
    let field = |name: &'static str| match fields.get(name) {
        Some(value) if !value.is_empty() => Ok(*value),
        _ => refuse(401, "SIGN_ERROR", format!("Http头Authorization中缺少{name}")),
    };
    let (mch_id, nonce, signature) = (field("mchid")?, field("nonce_str")?, field("signature")?);
    let (timestamp, serial) = (field("timestamp")?, field("serial_no")?);

    let ours = &world.credentials.wechat_pay;
    if mch_id != ours.mch_id {
        return refuse(401, "SIGN_ERROR", "商户号不存在或与证书不匹配，请检查mchid");
    }
    if !serial.eq_ignore_ascii_case(&ours.merchant_serial) {
        return refuse(401, "SIGN_ERROR", "商户证书序列号有误，请使用签名私钥匹配的证书序列号");
    }
    let now = world.clock.wire_seconds();
    match timestamp.parse::<i64>() {
        Ok(at) if (now - at).abs() <= ALLOWED_SKEW_SECONDS => {}
        _ => {
            return refuse(
                401,
                "SIGN_ERROR",
                "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟",
            );
        }
    }
    let wanted_key = call.header("wechatpay-serial");
    if !wanted_key.is_empty() && wanted_key != ours.platform_key_id {
        return refuse(400, "PARAM_ERROR", "Http头Wechatpay-Serial与当前生效的微信支付公钥ID不符");
    }
    if !rsa_key::verify(&ours.merchant_public, canonical(call).as_bytes(), signature) {
        return wrong_signature(call);
    }
    remember_nonce(world, nonce, now)
}

/// Only a genuine request uses up its nonce: a forger must not be able to burn one.
fn remember_nonce(world: &World, nonce: &str, now: i64) -> Result<(), Refused> {
    let mut nonces = held(&world.wechat_pay.nonces);
    nonces.retain(|_, seen| now - *seen <= 2 * ALLOWED_SKEW_SECONDS);
    if nonces.insert(nonce.to_owned(), now).is_some() {
        return refuse(401, "SIGN_ERROR", "请求被重放：nonce_str已使用过");
    }
    Ok(())
}

fn wrong_signature<T>(call: &Call) -> Result<T, Refused> {
    let text = canonical(call);
    let start: String = text.chars().take(120).collect();
    Err(Refused {
        status: 401,
        code: "SIGN_ERROR",
        message: "错误的签名，验签失败".to_owned(),
        detail: Some(json!({
            "detail": { "issue": "sign not match" },
            "field": "signature",
            "location": "authorization",
            "sign_information": {
                "method": call.method.as_str(),
                "sign_message_length": text.len(),
                "truncated_sign_message": start,
                "url": call.target,
            },
        })),
    })
}

/// `name="value"` pairs in any order.
fn fields(call: &Call) -> Option<HashMap<&str, &str>> {
    let list = call.header("authorization").strip_prefix(SCHEME)?.strip_prefix(' ')?;
    list.split(',')
        .map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            Some((name, value.strip_prefix('"')?.strip_suffix('"')?))
        })
        .collect()
}
