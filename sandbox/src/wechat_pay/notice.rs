//! Notices: the resource encrypted with the APIv3 key, the letter signed with the platform key.

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::aead;
use serde_json::{Value, json};

use super::{refund::Refund, signed, trade, trade::Trade};
use crate::{
    clock, dice,
    notices::{Flaws, Letter, Notice},
    world::World,
};

/// 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h
const WAITS: [u64; 15] =
    [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600];

const STALE_SECONDS: i64 = 600;

pub fn paid(world: &World, trade: &Trade) -> Notice {
    let resource = trade::transaction(world, trade);
    about(&trade.out_trade_no, &trade.notify_url, "TRANSACTION.SUCCESS", "支付成功", "transaction", resource)
}

pub fn refunded(world: &World, refund: &Refund) -> Notice {
    let (event, summary) = match refund.status {
        "ABNORMAL" => ("REFUND.ABNORMAL", "退款异常"),
        "CLOSED" => ("REFUND.CLOSED", "退款关闭"),
        _ => ("REFUND.SUCCESS", "退款成功"),
    };
    about(&refund.out_trade_no, &refund.notify_url, event, summary, "refund", refund.notice_form(world))
}

fn about(
    out_trade_no: &str,
    url: &str,
    event: &'static str,
    summary: &'static str,
    kind: &'static str,
    resource: Value,
) -> Notice {
    let (id, create_time) = (dice::uuid(), clock::beijing_rfc3339());
    Notice {
        provider: super::PROVIDER,
        event,
        out_trade_no: out_trade_no.to_owned(),
        url: url.to_owned(),
        waits: &WAITS,
        // The id stays the same through all tries; encryption and signature are fresh each time.
        write: Box::new(move |world, flaws| {
            let mut resource = resource.clone();
            if flaws.tampered_amount {
                let total = resource["amount"]["total"].as_i64().unwrap_or_default();
                resource["amount"]["total"] = json!(total + 1);
            }
            let body = json!({
                "id": id,
                "create_time": create_time,
                "resource_type": "encrypt-resource",
                "event_type": event,
                "summary": summary,
                "resource": sealed(&world.credentials.wechat_pay.api_v3_key, kind, &resource),
            });
            letter(world, body.to_string(), flaws)
        }),
        acknowledged: |status, _| status == 200 || status == 204,
        faults: |switches| &switches.wechat_pay,
    }
}

fn sealed(key: &[u8], kind: &'static str, resource: &Value) -> Value {
    let nonce = dice::letters(12);
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, key).expect("the APIv3 key has 32 bytes");
    let mut text = resource.to_string().into_bytes();
    aead::LessSafeKey::new(key)
        .seal_in_place_append_tag(
            aead::Nonce::try_assume_unique_for_key(nonce.as_bytes()).expect("twelve letters are a nonce"),
            aead::Aad::from(kind),
            &mut text,
        )
        .expect("a notice is short enough to encrypt");
    json!({
        "original_type": kind,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": BASE64_STANDARD.encode(text),
        "associated_data": kind,
        "nonce": nonce,
    })
}

fn letter(world: &World, body: String, flaws: Flaws) -> Letter {
    let now = world.clock.wire_seconds();
    let timestamp = if flaws.stale { now - STALE_SECONDS } else { now };
    let mut headers = signed::headers(&world.credentials, timestamp, &body, flaws.forged);
    headers.push(("Content-Type", "application/json".to_owned()));
    Letter { headers, body }
}
