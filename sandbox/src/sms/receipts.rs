//! Delivery receipts, when the sandbox was told where to (`--sms-receipts-to`). Neither carrier signs them.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::{Sms, tencent};
use crate::{clock, journal::Finding, world::World};

/// Tries after the first, on the carrier's clock.
const WAITS: [u64; 3] = [60, 300, 600];

pub fn send(world: &Arc<World>, sms: &Sms, context: String) {
    let Some(office) = &world.sms.receipts_to else { return };
    let now = clock::beijing_plain();
    let (path, body) = if sms.carrier == tencent::CARRIER {
        let (status, message) = if sms.delivered { ("SUCCESS", "DELIVRD") } else { ("FAIL", "UNDELIV") };
        let receipt = json!([{
            "user_receive_time": now, "nationcode": "86", "mobile": sms.phone, "report_status": status,
            "errmsg": message, "description": message, "sid": sms.serial, "ext": context,
        }]);
        ("/notify/sms/tencent", receipt)
    } else {
        let code = if sms.delivered { "DELIVERED" } else { "UNDELIVERED" };
        let receipt = json!([{
            "phone_number": sms.phone, "send_time": now, "report_time": now, "success": sms.delivered,
            "err_code": code, "err_msg": code, "sms_size": "1", "biz_id": sms.serial, "out_id": context,
        }]);
        ("/notify/sms/aliyun", receipt)
    };
    let url = format!("{office}{path}");
    let (world, about, carrier) = (Arc::clone(world), sms.phone.clone(), sms.carrier);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut waits = WAITS.iter();
        while !deliver(&world, &url, body.to_string(), (carrier, &about)).await {
            let Some(wait) = waits.next() else { return };
            tokio::time::sleep(world.clock.shortened(*wait)).await;
        }
    });
}

async fn deliver(world: &World, url: &str, body: String, (carrier, about): (&'static str, &str)) -> bool {
    let post =
        world.notifier.client().post(url).header("content-type", "application/json").body(body.clone());
    let status = post.send().await.map_or(0, |response| response.status().as_u16());
    let done = (200..300).contains(&status);
    let finding = Finding {
        provider: carrier,
        action: "receipt".to_owned(),
        about: about.to_owned(),
        verdict: if done { "ok" } else { "not acknowledged" }.to_owned(),
        checked: String::new(),
    };
    world.journal.record("out", finding, &format!("POST {url}"), (status, body.as_bytes(), b""));
    done
}
