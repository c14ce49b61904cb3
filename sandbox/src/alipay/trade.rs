//! Trades: query, close, and the moment a person pays.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{Refused, buyer, notice, precreation::Precreation, refuse};
use crate::{
    clock, dice, notices,
    wallet::{PayError, yuan},
    world::World,
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TradeStatus {
    WaitBuyerPay,
    Success,
    /// Closed unpaid, or paid and given back in full.
    Closed,
}

impl TradeStatus {
    pub fn wire(self) -> &'static str {
        match self {
            Self::WaitBuyerPay => "WAIT_BUYER_PAY",
            Self::Success => "TRADE_SUCCESS",
            Self::Closed => "TRADE_CLOSED",
        }
    }
}

#[derive(Clone)]
pub struct Trade {
    pub out_trade_no: String,
    pub trade_no: String,
    pub subject: String,
    pub body: Option<String>,
    pub total_fen: i64,
    pub paid_fen: i64,
    pub status: TradeStatus,
    /// When it closes unpaid.
    pub closes_at: i64,
    pub notify_url: String,
    pub created_at: String,
    /// Empty until paid.
    pub paid_at: String,
    /// By out_request_no.
    pub refunds: BTreeMap<String, super::refund::Refund>,
}

impl Trade {
    pub fn scanned(code: &Precreation) -> Self {
        Self {
            out_trade_no: code.out_trade_no.clone(),
            trade_no: format!("{}22001{}", clock::beijing_day(), dice::digits(15)),
            subject: code.subject.clone(),
            body: code.body.clone(),
            total_fen: code.total_fen,
            paid_fen: 0,
            status: TradeStatus::WaitBuyerPay,
            closes_at: code.trade_closes_at,
            notify_url: code.notify_url.clone(),
            created_at: clock::beijing_plain(),
            paid_at: String::new(),
            refunds: BTreeMap::new(),
        }
    }

    pub fn refunded_fen(&self) -> i64 {
        self.refunds.values().map(|refund| refund.fen).sum()
    }

    /// The two numbers every answer about a trade carries.
    pub fn numbers(&self) -> Value {
        json!({ "trade_no": self.trade_no, "out_trade_no": self.out_trade_no })
    }
}

/// By `trade_no` when given, else by `out_trade_no`.
pub fn find<'a>(trades: &'a mut BTreeMap<String, Trade>, content: &Value) -> Result<&'a mut Trade, Refused> {
    let wanted = |trade: &&mut Trade| match content["trade_no"].as_str() {
        Some(number) => trade.trade_no == number,
        None => content["out_trade_no"] == *trade.out_trade_no,
    };
    match trades.values_mut().find(wanted) {
        Some(trade) => Ok(trade),
        None => refuse("ACQ.TRADE_NOT_EXIST", "交易不存在"),
    }
}

pub fn query(world: &World, content: &Value) -> Result<Value, Refused> {
    let mut pages = super::open_books(world);
    let trade = find(&mut pages.trades, content)?;
    let paid = yuan(trade.paid_fen);
    let total = if trade.paid_at.is_empty() { yuan(trade.total_fen) } else { paid.clone() };
    let mut answer = merged(trade.numbers(), buyer());
    answer["trade_status"] = json!(trade.status.wire());
    answer["total_amount"] = json!(total);
    answer["point_amount"] = json!("0.00");
    for name in ["buyer_pay_amount", "invoice_amount", "receipt_amount"] {
        answer[name] = json!(paid);
    }
    if !trade.paid_at.is_empty() {
        answer["send_pay_date"] = json!(trade.paid_at);
        answer["fund_bill_list"] = json!([{ "amount": paid, "fund_channel": "ALIPAYACCOUNT" }]);
    }
    Ok(answer)
}

pub fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

pub fn close(world: &Arc<World>, content: &Value) -> Result<Value, Refused> {
    let mut pages = super::open_books(world);
    let trade = find(&mut pages.trades, content)?;
    if trade.status != TradeStatus::WaitBuyerPay {
        return refuse("ACQ.TRADE_STATUS_ERROR", "交易状态不合法");
    }
    trade.status = TradeStatus::Closed;
    notices::send(world, notice::of_trade(trade));
    Ok(trade.numbers())
}

/// A person pays on the phone; the notice goes out.
///
/// # Errors
/// Why the wallet would not let them.
pub fn pay(world: &Arc<World>, out_trade_no: &str, fen: Option<i64>, force: bool) -> Result<(), PayError> {
    let paid = settle(world, out_trade_no, fen, force)?;
    notices::send(world, paid);
    Ok(())
}

pub fn settle(
    world: &World,
    out_trade_no: &str,
    fen: Option<i64>,
    force: bool,
) -> Result<notices::Notice, PayError> {
    let bill = super::scan(world, out_trade_no).ok_or(PayError::Unknown)?;
    let mut pages = super::open_books(world);
    let pages = &mut *pages;
    let trade = match pages.precreations.get(out_trade_no) {
        Some(code) if force => {
            pages.trades.entry(out_trade_no.to_owned()).or_insert_with(|| Trade::scanned(code))
        }
        _ => pages.trades.get_mut(out_trade_no).ok_or(PayError::Expired)?,
    };
    match (bill.payable, trade.paid_at.is_empty()) {
        (_, false) => return Err(PayError::AlreadyPaid),
        (crate::wallet::Payable::No(why), true) if !force => return Err(why),
        _ => {}
    }
    trade.status = TradeStatus::Success;
    trade.paid_fen = fen.unwrap_or(trade.total_fen);
    trade.paid_at = clock::beijing_plain();
    Ok(notice::of_trade(trade))
}
