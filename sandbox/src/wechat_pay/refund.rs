//! Refunds: idempotent by out_refund_no, never more than was paid, done a little later.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Refused, notice, refuse, trade, trade::TradeState};
use crate::{
    clock, dice, notices,
    world::{World, held},
};

/// How long a refund to the balance takes on the provider's clock.
const PROCESSING_SECONDS: u64 = 60;
const MOST_PARTS: usize = 50;

#[derive(Clone)]
pub struct Refund {
    pub out_trade_no: String,
    pub status: &'static str,
    pub notify_url: String,
    pub fen: i64,
    out_refund_no: String,
    refund_id: String,
    transaction_id: String,
    total_fen: i64,
    create_time: String,
    success_time: Option<String>,
    first_asked: NewRefund,
}

#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRefund {
    transaction_id: Option<String>,
    out_trade_no: Option<String>,
    out_refund_no: String,
    reason: Option<String>,
    #[serde(default)]
    notify_url: String,
    funds_account: Option<String>,
    amount: NewAmount,
    goods_detail: Option<Value>,
}

#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAmount {
    refund: i64,
    total: i64,
    currency: String,
    from: Option<Value>,
}

const RECEIVED_AT: &str = "支付用户零钱";

impl Refund {
    fn wire(&self) -> Value {
        let mut wire = json!({
            "refund_id": self.refund_id,
            "out_refund_no": self.out_refund_no,
            "transaction_id": self.transaction_id,
            "out_trade_no": self.out_trade_no,
            "channel": "ORIGINAL",
            "user_received_account": RECEIVED_AT,
            "create_time": self.create_time,
            "status": self.status,
            "funds_account": "AVAILABLE",
            "amount": {
                "total": self.total_fen, "refund": self.fen, "from": [],
                "payer_total": self.total_fen, "payer_refund": self.fen,
                "settlement_refund": self.fen, "settlement_total": self.total_fen,
                "discount_refund": 0, "currency": "CNY",
            },
            "promotion_detail": [],
        });
        if let Some(time) = &self.success_time {
            wire["success_time"] = json!(time);
        }
        wire
    }

    /// Notices name the status `refund_status` and carry fewer amounts.
    pub fn notice_form(&self, world: &World) -> Value {
        let mut wire = json!({
            "mchid": world.credentials.wechat_pay.mch_id,
            "out_trade_no": self.out_trade_no,
            "transaction_id": self.transaction_id,
            "out_refund_no": self.out_refund_no,
            "refund_id": self.refund_id,
            "refund_status": self.status,
            "user_received_account": RECEIVED_AT,
            "amount": {
                "total": self.total_fen, "refund": self.fen,
                "payer_total": self.total_fen, "payer_refund": self.fen,
            },
        });
        if let Some(time) = &self.success_time {
            wire["success_time"] = json!(time);
        }
        wire
    }
}

pub fn create(world: &Arc<World>, body: &[u8]) -> Result<Value, Refused> {
    let asked: NewRefund = match serde_json::from_slice(body) {
        Ok(asked) => asked,
        Err(wrong) => return refuse(400, "PARAM_ERROR", format!("参数错误：{wrong}")),
    };
    if asked.out_refund_no.is_empty() || asked.out_refund_no.len() > 64 || asked.amount.refund < 1 {
        return refuse(
            400,
            "PARAM_ERROR",
            "参数错误：out_refund_no应为1至64个字符，refund应为正整数（单位分）",
        );
    }
    let mut refunds = held(&world.wechat_pay.refunds);
    if let Some(known) = refunds.get(&asked.out_refund_no) {
        if known.first_asked == asked {
            return Ok(known.wire());
        }
        return refuse(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试");
    }
    let mut trades = trade::open_books(world);
    let named = |number: &str, id: &str| {
        asked.out_trade_no.as_deref() == Some(number) || asked.transaction_id.as_deref() == Some(id)
    };
    let Some(trade) = trades.values_mut().find(|trade| named(&trade.out_trade_no, &trade.transaction_id))
    else {
        return refuse(404, "RESOURCE_NOT_EXISTS", "订单不存在");
    };
    if !matches!(trade.state, TradeState::Success | TradeState::Refund) {
        return refuse(400, "INVALID_REQUEST", "订单未支付，不能退款");
    }
    if asked.amount.total != trade.paid_fen || asked.amount.currency != "CNY" {
        return refuse(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试");
    }
    let before: Vec<&Refund> = refunds
        .values()
        .filter(|one| one.out_trade_no == trade.out_trade_no && one.status != "CLOSED")
        .collect();
    let given_back: i64 = before.iter().map(|one| one.fen).sum();
    if given_back + asked.amount.refund > trade.paid_fen || before.len() >= MOST_PARTS {
        return refuse(400, "INVALID_REQUEST", "申请退款金额超过订单可退金额，或部分退款次数超过50次");
    }
    trade.state = TradeState::Refund;
    let refund = Refund {
        out_trade_no: trade.out_trade_no.clone(),
        status: "PROCESSING",
        notify_url: asked.notify_url.clone(),
        fen: asked.amount.refund,
        out_refund_no: asked.out_refund_no.clone(),
        refund_id: format!("5030{}{}", clock::beijing_compact(), dice::digits(12)),
        transaction_id: trade.transaction_id.clone(),
        total_fen: trade.paid_fen,
        create_time: clock::beijing_rfc3339(),
        success_time: None,
        first_asked: asked,
    };
    let wire = refund.wire();
    finish_later(world, refund.out_refund_no.clone());
    refunds.insert(refund.out_refund_no.clone(), refund);
    Ok(wire)
}

fn finish_later(world: &Arc<World>, out_refund_no: String) {
    let world = Arc::clone(world);
    tokio::spawn(async move {
        tokio::time::sleep(world.clock.shortened(PROCESSING_SECONDS)).await;
        let finished = {
            let mut refunds = held(&world.wechat_pay.refunds);
            let Some(refund) = refunds.get_mut(&out_refund_no) else { return };
            if world.faults.of(&refund.out_trade_no).wechat_pay.refund_fails {
                refund.status = "ABNORMAL";
            } else {
                refund.status = "SUCCESS";
                refund.success_time = Some(clock::beijing_rfc3339());
            }
            refund.clone()
        };
        notices::send(&world, notice::refunded(&world, &finished));
    });
}

pub fn query(world: &World, out_refund_no: &str) -> Result<Value, Refused> {
    match held(&world.wechat_pay.refunds).get(out_refund_no) {
        Some(refund) => Ok(refund.wire()),
        None => refuse(404, "RESOURCE_NOT_EXISTS", "退款单不存在"),
    }
}
