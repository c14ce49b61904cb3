//! Precreation makes a code and no trade: the trade comes to be when a person scans the code.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Refused, fen,
    gateway::{self, Request},
    refuse, trade,
    trade::{Trade, TradeStatus},
};
use crate::{
    dice, notices,
    wallet::{Bill, PayError, Payable},
    world::World,
};

const CODE_LIVES_SECONDS: i64 = 2 * 3600;
const TRADE_LIVES_SECONDS: i64 = 15 * 24 * 3600;

#[derive(Clone)]
pub struct Precreation {
    pub out_trade_no: String,
    pub subject: String,
    pub body: Option<String>,
    pub total_fen: i64,
    pub notify_url: String,
    pub qr_code: String,
    dies_at: i64,
    /// When the trade that a scan makes closes unpaid.
    pub trade_closes_at: i64,
}

pub async fn create(world: &Arc<World>, request: &Request) -> Result<Value, Refused> {
    let asked = read(world, request)?;
    let number = asked.out_trade_no.clone();
    let qr_code = record(world, asked)?;

    if world.faults.of(&number).alipay.notice_before_answer
        && let Ok(early) = trade::settle(world, &number, None, false)
    {
        notices::send_and_wait(world, early).await;
    }
    Ok(json!({ "out_trade_no": number, "qr_code": qr_code }))
}

fn read(world: &World, request: &Request) -> Result<Precreation, Refused> {
    let content = &request.content;
    let bad = |words: &str| {
        Err(Refused { code: "40004", sub_code: "ACQ.INVALID_PARAMETER", sub_msg: words.to_owned() })
    };
    let out_trade_no = content["out_trade_no"].as_str().unwrap_or_default();
    let number_form = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if out_trade_no.is_empty() || out_trade_no.len() > 64 || !out_trade_no.chars().all(number_form) {
        return bad("参数无效：out_trade_no应为1至64个字母、数字、下划线");
    }
    let subject = content["subject"].as_str().unwrap_or_default();
    if subject.is_empty() || subject.chars().count() > 256 {
        return bad("参数无效：subject应为1至256个字符");
    }
    let Some(total_fen @ 1..=10_000_000_000) = fen(&content["total_amount"]) else {
        return bad("参数无效：total_amount应为0.01至100000000.00");
    };
    if let Some(seller) = content["seller_id"].as_str()
        && seller != world.credentials.alipay.seller_id
    {
        return bad("参数无效：seller_id与应用不符");
    }
    let now = world.clock.seconds();
    let (Some(dies_at), Some(trade_closes_at)) = (code_dies_at(content, now), trade_closes_at(content, now))
    else {
        return bad("参数无效：timeout_express、qr_code_timeout_express应为1m至15d，time_expire应为将来时间");
    };
    Ok(Precreation {
        out_trade_no: out_trade_no.to_owned(),
        subject: subject.to_owned(),
        body: content["body"].as_str().map(ToOwned::to_owned),
        total_fen,
        notify_url: request.field("notify_url").to_owned(),
        qr_code: format!("https://qr.alipay.com/bax{}", dice::letters(21).to_lowercase()),
        dies_at: dies_at.min(trade_closes_at),
        trade_closes_at,
    })
}

fn code_dies_at(content: &Value, now: i64) -> Option<i64> {
    match content["qr_code_timeout_express"].as_str() {
        Some(text) => Some(now + seconds(text)?.min(CODE_LIVES_SECONDS)),
        None => Some(now + CODE_LIVES_SECONDS),
    }
}

/// By `time_expire` (a time of day in Beijing), else by `timeout_express`, else after fifteen days.
fn trade_closes_at(content: &Value, now: i64) -> Option<i64> {
    match (content["time_expire"].as_str(), content["timeout_express"].as_str()) {
        (Some(text), _) => gateway::beijing_seconds(text).filter(|last| *last > now),
        (None, Some(text)) => Some(now + seconds(text)?),
        (None, None) => Some(now + TRADE_LIVES_SECONDS),
    }
}

/// `90m`, `2h`, `1d`, `1c` (until midnight, taken as a day).
fn seconds(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let each = match unit {
        "m" => 60,
        "h" => 3600,
        "d" | "c" => 86400,
        _ => return None,
    };
    let number: i64 = number.parse().ok()?;
    (1..=21600).contains(&number).then_some(number * each)
}

fn record(world: &World, asked: Precreation) -> Result<String, Refused> {
    let mut pages = super::open_books(world);
    match pages.trades.get(&asked.out_trade_no).map(|trade| trade.status) {
        None | Some(TradeStatus::WaitBuyerPay) => {}
        Some(TradeStatus::Closed) => return refuse("ACQ.TRADE_HAS_CLOSE", "交易已经关闭"),
        Some(TradeStatus::Success) => return refuse("ACQ.TRADE_HAS_SUCCESS", "交易已被支付"),
    }
    if let Some(known) = pages.precreations.get_mut(&asked.out_trade_no) {
        if known.total_fen != asked.total_fen || known.subject != asked.subject {
            return refuse("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改");
        }
        // The same code again while it lives, so that one order never has two payable codes.
        if known.dies_at <= world.clock.seconds() {
            *known = asked;
        }
        return Ok(known.qr_code.clone());
    }
    let qr_code = asked.qr_code.clone();
    pages.precreations.insert(asked.out_trade_no.clone(), asked);
    Ok(qr_code)
}

/// A person scans: the trade comes to be, if the code still lives.
pub fn scan(world: &World, code_or_number: &str) -> Option<Bill> {
    let mut pages = super::open_books(world);
    let found = pages
        .precreations
        .values()
        .find(|one| one.qr_code == code_or_number || one.out_trade_no == code_or_number)?
        .clone();
    let alive = found.dies_at > world.clock.seconds();
    if alive && !pages.trades.contains_key(&found.out_trade_no) {
        pages.trades.insert(found.out_trade_no.clone(), Trade::scanned(&found));
    }
    let payable = match pages.trades.get(&found.out_trade_no).map(|trade| trade.status) {
        Some(TradeStatus::Success) => Payable::No(PayError::AlreadyPaid),
        Some(TradeStatus::Closed) => Payable::No(PayError::Closed),
        Some(TradeStatus::WaitBuyerPay) if alive => Payable::Yes,
        _ => Payable::No(PayError::Expired),
    };
    Some(Bill {
        provider: super::PROVIDER,
        out_trade_no: found.out_trade_no,
        description: found.subject,
        fen: found.total_fen,
        code: found.qr_code,
        payable,
    })
}
