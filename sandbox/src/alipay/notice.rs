//! Notices: a form posted to the trade's notify_url until it answers the seven bytes `success`.
//! Refunds come to the same address: TRADE_SUCCESS with `gmt_refund` for a part, TRADE_CLOSED for the whole.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use super::trade::Trade;
use crate::{
    clock, dice, notices,
    notices::{Flaws, Letter, Notice},
    wallet::yuan,
    world::World,
};

/// 4m, 10m, 10m, 1h, 2h, 6h, 15h
const WAITS: [u64; 7] = [240, 600, 600, 3600, 7200, 21600, 54000];

pub fn of_trade(trade: &Trade) -> Notice {
    notice(trade, "trade_status_sync", fields(trade))
}

pub fn about_refund(world: &Arc<World>, trade: &Trade, out_request_no: &str) {
    let mut fields = fields(trade);
    fields.insert("refund_fee", yuan(trade.refunded_fen()));
    fields.insert("out_biz_no", out_request_no.to_owned());
    // With milliseconds, unlike every other time here.
    fields.insert("gmt_refund", format!("{}.{}", clock::beijing_plain(), dice::digits(3)));
    notices::send(world, notice(trade, "refund", fields));
}

type Fields = BTreeMap<&'static str, String>;

fn fields(trade: &Trade) -> Fields {
    let mut fields = Fields::from([
        ("gmt_create", trade.created_at.clone()),
        ("charset", "utf-8".to_owned()),
        ("version", "1.0".to_owned()),
        ("notify_type", "trade_status_sync".to_owned()),
        ("notify_id", format!("{}{}", clock::beijing_compact(), dice::digits(20))),
        ("trade_no", trade.trade_no.clone()),
        ("out_trade_no", trade.out_trade_no.clone()),
        ("trade_status", trade.status.wire().to_owned()),
        ("subject", trade.subject.clone()),
        ("total_amount", yuan(trade.total_fen)),
        ("buyer_id", "2088722069264875".to_owned()),
        ("buyer_logon_id", "san***@sandbox.com".to_owned()),
        ("sign_type", "RSA2".to_owned()),
    ]);
    if let Some(body) = &trade.body {
        fields.insert("body", body.clone());
    }
    if trade.paid_at.is_empty() {
        fields.insert("gmt_close", clock::beijing_plain());
        return fields;
    }
    let paid = yuan(trade.paid_fen);
    fields.insert("gmt_payment", trade.paid_at.clone());
    for name in ["total_amount", "receipt_amount", "invoice_amount", "buyer_pay_amount"] {
        fields.insert(name, paid.clone());
    }
    fields.insert("point_amount", "0.00".to_owned());
    fields.insert("fund_bill_list", json!([{ "amount": paid, "fundChannel": "ALIPAYACCOUNT" }]).to_string());
    if trade.status == super::TradeStatus::Closed {
        fields.insert("gmt_close", clock::beijing_plain());
    }
    fields
}

fn notice(trade: &Trade, event: &'static str, fields: Fields) -> Notice {
    Notice {
        provider: super::PROVIDER,
        event,
        out_trade_no: trade.out_trade_no.clone(),
        url: trade.notify_url.clone(),
        waits: &WAITS,
        // The notify_id stays the same through all tries.
        write: Box::new(move |world, flaws| letter(world, fields.clone(), flaws)),
        acknowledged: |_, body| body == b"success",
        faults: |switches| &switches.alipay,
    }
}

fn letter(world: &World, mut fields: Fields, flaws: Flaws) -> Letter {
    let credentials = &world.credentials;
    for name in ["app_id", "auth_app_id"] {
        fields.insert(name, credentials.alipay.app_id.to_owned());
    }
    fields.insert("seller_id", credentials.alipay.seller_id.to_owned());
    fields.insert("notify_time", clock::beijing_plain());
    if flaws.stale {
        fields.insert("notify_time", "2020-01-01 00:00:00".to_owned());
    }
    if flaws.tampered_amount {
        let total = super::fen(&json!(fields["total_amount"])).unwrap_or_default();
        fields.insert("total_amount", yuan(total + 1));
    }
    // `sign_type` is left out of the signed text here, unlike in requests.
    let signed = fields.iter().filter(|(name, _)| **name != "sign_type");
    let text = signed.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
    let key = if flaws.forged { &credentials.wechat_pay.platform } else { &credentials.alipay.alipay };
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&fields)
        .append_pair("sign", &key.sign(text.as_bytes()))
        .finish();
    let form = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
    Letter { headers: vec![("Content-Type", form)], body }
}
