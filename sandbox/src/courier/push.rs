//! Pushes: the whole way so far, as a form, to the address of each subscription, until it says `"result":true`. Three more
//! tries, half an hour apart.

use std::sync::Arc;

use serde_json::json;

use super::{
    PROVIDER, md5,
    parcels::{Parcel, Subscription},
};
use crate::{
    notices::{self, Flaws, Letter, Notice},
    world::World,
};

const WAITS: [u64; 3] = [1800, 1800, 1800];

pub fn send(world: &Arc<World>, number: &str) {
    let Some(parcel) = world.courier.find(number) else { return };
    for subscription in parcel.subscriptions.clone() {
        let (parcel, url) = (parcel.clone(), subscription.url.clone());
        notices::send(
            world,
            Notice {
                provider: PROVIDER,
                event: "push",
                out_trade_no: number.to_owned(),
                url,
                waits: &WAITS,
                write: Box::new(move |_, flaws| letter(&parcel, &subscription, flaws)),
                acknowledged: |status, body| {
                    let answer: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
                    status == 200 && answer["result"] == json!(true) && answer["returnCode"] == json!("200")
                },
                faults: |switches| &switches.courier,
            },
        );
    }
}

fn letter(parcel: &Parcel, subscription: &Subscription, flaws: Flaws) -> Letter {
    let over = parcel.is_over();
    let mut way = parcel.clone();
    if flaws.stale {
        // As it was before the newest line.
        way.way.pop();
    }
    let told = json!({
        "status": if over { "shutdown" } else { "polling" }, "billstatus": "change", "message": "",
        "autoCheck": "0", "comOld": "", "comNew": "", "lastResult": way.result(),
    });
    let param = told.to_string();
    let salt = if flaws.forged { "another salt" } else { subscription.salt.as_str() };
    let sign = hex::encode_upper(md5(&format!("{param}{salt}")));
    let sent = if flaws.tampered_amount { param.replacen("\"state\":\"", "\"state\":\"1", 1) } else { param };
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("sign", &sign)
        .append_pair("param", &sent)
        .finish();
    let form = "application/x-www-form-urlencoded; charset=UTF-8".to_owned();
    Letter { headers: vec![("Content-Type", form)], body }
}
