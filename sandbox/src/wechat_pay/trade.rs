//! Native trades: create, query, close, and the moment a person pays.

use std::{
    collections::BTreeMap,
    sync::{Arc, MutexGuard},
};

use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Refused, cashier, refuse};
use crate::{
    dice, notices,
    world::{World, held},
};

const CODE_LIVES_SECONDS: i64 = 2 * 3600;
/// An unpaid trade closes by itself after seven days.
const TRADE_LIVES_SECONDS: i64 = 7 * 24 * 3600;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TradeState {
    NotPay,
    Success,
    Refund,
    Closed,
}

impl TradeState {
    pub fn wire(self) -> &'static str {
        match self {
            Self::NotPay => "NOTPAY",
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::Closed => "CLOSED",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NotPay => "订单未支付",
            Self::Success => "支付成功",
            Self::Refund => "转入退款",
            Self::Closed => "订单已关闭",
        }
    }
}

#[derive(Clone)]
pub struct Trade {
    pub out_trade_no: String,
    pub description: String,
    pub total_fen: i64,
    /// What the payer really paid; differs from `total_fen` only when a person at the control asked for it.
    pub paid_fen: i64,
    pub state: TradeState,
    closes_at: i64,
    pub code_url: String,
    pub code_dies_at: i64,
    pub transaction_id: String,
    pub success_time: String,
    pub notify_url: String,
    pub attach: String,
    /// The create call as first made: re-entry must repeat it.
    first_asked: NewTrade,
}

#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTrade {
    appid: String,
    mchid: String,
    description: String,
    out_trade_no: String,
    notify_url: String,
    amount: NewAmount,
    #[serde(default)]
    attach: String,
    time_expire: Option<String>,
    goods_tag: Option<String>,
    support_fapiao: Option<bool>,
    detail: Option<Value>,
    scene_info: Option<Value>,
    settle_info: Option<Value>,
}

#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAmount {
    total: i64,
    #[serde(default = "yuan")]
    currency: String,
}

fn yuan() -> String {
    "CNY".to_owned()
}

/// All trades by out_trade_no, the overdue ones closed.
pub fn open_books(world: &World) -> MutexGuard<'_, BTreeMap<String, Trade>> {
    let mut trades = held(&world.wechat_pay.trades);
    let now = world.clock.seconds();
    for trade in trades.values_mut().filter(|trade| trade.closes_at <= now) {
        if trade.state == TradeState::NotPay {
            trade.state = TradeState::Closed;
        }
    }
    trades
}

pub async fn create(world: &Arc<World>, body: &[u8]) -> Result<Value, Refused> {
    let asked: NewTrade = match serde_json::from_slice(body) {
        Ok(asked) => asked,
        Err(wrong) => return refuse(400, "PARAM_ERROR", format!("参数错误：{wrong}")),
    };
    check_fields(world, &asked)?;
    let number = asked.out_trade_no.clone();
    let code_url = record(world, asked)?;

    if world.faults.of(&number).wechat_pay.notice_before_answer
        && let Ok(early) = cashier::settle(world, &number, None, false)
    {
        notices::send_and_wait(world, early).await;
    }
    Ok(json!({ "code_url": code_url }))
}

fn check_fields(world: &World, asked: &NewTrade) -> Result<(), Refused> {
    let ours = &world.credentials.wechat_pay;
    if asked.appid != ours.app_id || asked.mchid != ours.mch_id {
        return refuse(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配");
    }
    let bad = |field: &str, why: &str| refuse(400, "PARAM_ERROR", format!("参数错误：{field} {why}"));
    let number_form = |c: char| c.is_ascii_alphanumeric() || "_-|*".contains(c);
    if !(6..=32).contains(&asked.out_trade_no.len()) || !asked.out_trade_no.chars().all(number_form) {
        return bad("out_trade_no", "应为6至32个字符的数字、字母、_-|*");
    }
    if asked.description.is_empty() || asked.description.chars().count() > 127 {
        return bad("description", "应为1至127个字符");
    }
    if asked.amount.total < 1 || asked.amount.currency != "CNY" {
        return bad("amount", "total应为正整数（单位分），currency应为CNY");
    }
    let url_form = asked.notify_url.starts_with("https://") || asked.notify_url.starts_with("http://");
    if !url_form || asked.notify_url.contains('?') || asked.notify_url.len() > 255 {
        return bad("notify_url", "应为不带参数的http(s)地址");
    }
    Ok(())
}

/// First call or re-entry: the same parameters give a new code and kill the old one.
fn record(world: &World, asked: NewTrade) -> Result<String, Refused> {
    let code_url = format!("weixin://wxpay/bizpayurl?pr={}zz", dice::letters(9));
    let now = world.clock.seconds();
    let code_dies_at = match last_second(asked.time_expire.as_deref()) {
        Ok(None) => now + CODE_LIVES_SECONDS,
        Ok(Some(last)) if last > now => last.min(now + CODE_LIVES_SECONDS),
        _ => return refuse(400, "PARAM_ERROR", "参数错误：time_expire 应为RFC 3339格式的将来时间"),
    };
    let mut trades = open_books(world);
    if let Some(known) = trades.get_mut(&asked.out_trade_no) {
        if known.first_asked != asked {
            return refuse(400, "INVALID_REQUEST", "请求重入时，参数与首次请求时不一致，请检查参数后再重试");
        }
        match known.state {
            TradeState::NotPay => {}
            TradeState::Closed => {
                return refuse(400, "ORDER_CLOSED", "该订单已关闭，请更换商户订单号后重新下单");
            }
            _ => return refuse(403, "OUT_TRADE_NO_USED", "商户订单号重复：该订单已支付"),
        }
        known.code_url.clone_from(&code_url);
        known.code_dies_at = code_dies_at;
        return Ok(code_url);
    }
    let trade = Trade {
        out_trade_no: asked.out_trade_no.clone(),
        description: asked.description.clone(),
        total_fen: asked.amount.total,
        paid_fen: 0,
        state: TradeState::NotPay,
        closes_at: now + TRADE_LIVES_SECONDS,
        code_url: code_url.clone(),
        code_dies_at,
        transaction_id: String::new(),
        success_time: String::new(),
        notify_url: asked.notify_url.clone(),
        attach: asked.attach.clone(),
        first_asked: asked,
    };
    trades.insert(trade.out_trade_no.clone(), trade);
    Ok(code_url)
}

/// `time_expire` in Unix seconds.
fn last_second(time_expire: Option<&str>) -> Result<Option<i64>, time::error::Parse> {
    time_expire.map(|text| Ok(OffsetDateTime::parse(text, &Rfc3339)?.unix_timestamp())).transpose()
}

pub fn query(world: &World, out_trade_no: &str, query: &str) -> Result<Value, Refused> {
    check_merchant(world, query)?;
    match open_books(world).get(out_trade_no) {
        Some(trade) => Ok(transaction(world, trade)),
        None => refuse(404, "ORDER_NOT_EXIST", "订单不存在"),
    }
}

pub fn query_by_id(world: &World, transaction_id: &str, query: &str) -> Result<Value, Refused> {
    check_merchant(world, query)?;
    match open_books(world).values().find(|trade| trade.transaction_id == transaction_id) {
        Some(trade) => Ok(transaction(world, trade)),
        None => refuse(404, "ORDER_NOT_EXIST", "订单不存在"),
    }
}

fn check_merchant(world: &World, query: &str) -> Result<(), Refused> {
    let mchid = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "mchid");
    match mchid {
        Some((_, value)) if value == world.credentials.wechat_pay.mch_id => Ok(()),
        _ => refuse(400, "PARAM_ERROR", "参数错误：mchid 缺失或与签名的商户号不符"),
    }
}

pub fn close(world: &World, out_trade_no: &str, body: &[u8]) -> Result<(), Refused> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if body["mchid"] != world.credentials.wechat_pay.mch_id {
        return refuse(400, "PARAM_ERROR", "参数错误：mchid 缺失或与签名的商户号不符");
    }
    let mut trades = open_books(world);
    let Some(trade) = trades.get_mut(out_trade_no) else {
        return refuse(404, "ORDER_NOT_EXIST", "订单不存在");
    };
    match trade.state {
        TradeState::NotPay | TradeState::Closed => {
            trade.state = TradeState::Closed;
            Ok(())
        }
        _ => refuse(400, "ORDER_PAID", "该订单已支付"),
    }
}

/// The transaction as query answers and notices carry it.
pub fn transaction(world: &World, trade: &Trade) -> Value {
    let ours = &world.credentials.wechat_pay;
    let mut wire = json!({
        "appid": ours.app_id,
        "mchid": ours.mch_id,
        "out_trade_no": trade.out_trade_no,
        "attach": trade.attach,
        "trade_state": trade.state.wire(),
        "trade_state_desc": trade.state.words(),
        "amount": { "total": trade.total_fen, "currency": "CNY" },
        "payer": {},
        "promotion_detail": [],
    });
    if !trade.transaction_id.is_empty() {
        let paid = trade.paid_fen;
        wire["transaction_id"] = json!(trade.transaction_id);
        wire["trade_type"] = json!("NATIVE");
        wire["bank_type"] = json!("OTHERS");
        wire["success_time"] = json!(trade.success_time);
        wire["payer"] = json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });
        wire["amount"] =
            json!({ "total": paid, "payer_total": paid, "currency": "CNY", "payer_currency": "CNY" });
    }
    wire
}
