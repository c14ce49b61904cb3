//! Refunds: done at once, idempotent by out_request_no; `refund_fee` is the sum of all so far.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Refused, buyer, fen, notice, refuse,
    trade::{self, TradeStatus, merged},
};
use crate::{clock, wallet::yuan, world::World};

#[derive(Clone)]
pub struct Refund {
    pub fen: i64,
    pub reason: String,
    pub at: String,
}

pub fn create(world: &Arc<World>, content: &Value) -> Result<Value, Refused> {
    let mut pages = super::open_books(world);
    let trade = trade::find(&mut pages.trades, content)?;
    let Some(asked_fen @ 1..) = fen(&content["refund_amount"]) else {
        return refuse("ACQ.INVALID_PARAMETER", "参数无效：refund_amount");
    };
    // Without a number of its own a refund is the one and only of its trade, and must be the whole.
    let number = content["out_request_no"].as_str().unwrap_or(&trade.out_trade_no).to_owned();
    let known = trade.refunds.get(&number).map(|refund| refund.fen);
    match known {
        Some(fen) if fen != asked_fen => return refuse("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致"),
        Some(_) => return Ok(answer(trade, "N")),
        None => {}
    }
    if trade.paid_at.is_empty() {
        return refuse("ACQ.TRADE_STATUS_ERROR", "交易状态不合法");
    }
    if trade.status == TradeStatus::Closed {
        return refuse("ACQ.TRADE_HAS_CLOSE", "交易已经关闭");
    }
    if content["out_request_no"].is_null() && asked_fen != trade.paid_fen {
        return refuse("ACQ.INVALID_PARAMETER", "参数无效：部分退款需要out_request_no");
    }
    if trade.refunded_fen() + asked_fen > trade.paid_fen {
        return refuse("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效");
    }
    if world.faults.of(&trade.out_trade_no).alipay.refund_fails {
        return refuse("ACQ.SELLER_BALANCE_NOT_ENOUGH", "商户的支付宝账户中无足够的资金进行撤销");
    }
    give_back(world, trade, number, asked_fen, content["refund_reason"].as_str().unwrap_or_default());
    Ok(answer(trade, "Y"))
}

fn give_back(world: &Arc<World>, trade: &mut trade::Trade, number: String, fen: i64, reason: &str) {
    let refund = Refund { fen, reason: reason.to_owned(), at: clock::beijing_plain() };
    trade.refunds.insert(number.clone(), refund);
    if trade.refunded_fen() == trade.paid_fen {
        trade.status = TradeStatus::Closed;
    }
    notice::about_refund(world, trade, &number);
}

fn answer(trade: &trade::Trade, fund_change: &str) -> Value {
    let mut answer = merged(trade.numbers(), buyer());
    answer["fund_change"] = json!(fund_change);
    answer["refund_fee"] = json!(yuan(trade.refunded_fen()));
    answer["send_back_fee"] = json!(yuan(trade.refunded_fen()));
    answer
}

/// An unknown refund is no error: the answer then has no `refund_status`.
pub fn query(world: &World, content: &Value) -> Result<Value, Refused> {
    let mut pages = super::open_books(world);
    let trade = trade::find(&mut pages.trades, content)?;
    let number = content["out_request_no"].as_str().unwrap_or_default();
    let mut answer = trade.numbers();
    if let Some(refund) = trade.refunds.get(number) {
        answer["out_request_no"] = json!(number);
        answer["refund_reason"] = json!(refund.reason);
        answer["total_amount"] = json!(yuan(trade.paid_fen));
        answer["refund_amount"] = json!(yuan(refund.fen));
        answer["refund_status"] = json!("REFUND_SUCCESS");
        let options = content["query_options"].as_array();
        if options.is_some_and(|options| options.contains(&json!("gmt_refund_pay"))) {
            answer["gmt_refund_pay"] = json!(refund.at);
        }
    }
    Ok(answer)
}

/// Undoes a trade: closes an unpaid one, gives a paid one back, and is content when there is none.
pub fn cancel(world: &Arc<World>, content: &Value) -> Result<Value, Refused> {
    let mut pages = super::open_books(world);
    let Ok(trade) = trade::find(&mut pages.trades, content) else {
        return Ok(json!({ "out_trade_no": content["out_trade_no"], "retry_flag": "N" }));
    };
    let mut answer = trade.numbers();
    answer["retry_flag"] = json!("N");
    if trade.paid_at.is_empty() {
        trade.status = TradeStatus::Closed;
        answer["action"] = json!("close");
    } else if trade.refunded_fen() < trade.paid_fen {
        let rest = trade.paid_fen - trade.refunded_fen();
        let number = format!("cancel_{}", trade.out_trade_no);
        give_back(world, trade, number, rest, "撤销");
        answer["action"] = json!("refund");
    }
    Ok(answer)
}
