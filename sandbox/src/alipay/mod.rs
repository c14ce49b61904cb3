//! Owns: Alipay's gateway 1.0 (RSA2): trades, refunds, signed answers and notices.
//! Never: knows what is bought, or the other wallet.
//! Start at: `answer`.

mod gateway;
mod notice;
mod precreation;
mod refund;
mod trade;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::{Value, json};

use crate::{
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    journal::Finding,
    world::{World, held},
};

use gateway::Request;
pub use precreation::scan;
pub use trade::{Trade, TradeStatus, pay};

pub(crate) const PROVIDER: &str = "alipay";

#[derive(Default)]
pub struct Books(Mutex<Pages>);

/// All by out_trade_no. One lock: scanning turns a precreation into a trade.
#[derive(Default)]
struct Pages {
    precreations: BTreeMap<String, precreation::Precreation>,
    trades: BTreeMap<String, Trade>,
}

impl Books {
    pub fn clear(&self) {
        *held(&self.0) = Pages::default();
    }
}

/// The books with overdue trades closed.
fn open_books(world: &World) -> MutexGuard<'_, Pages> {
    let mut pages = held(&world.alipay.0);
    let now = world.clock.seconds();
    for trade in pages.trades.values_mut().filter(|trade| trade.closes_at <= now) {
        if trade.status == TradeStatus::WaitBuyerPay {
            trade.status = TradeStatus::Closed;
        }
    }
    pages
}

pub fn list_trades(world: &World) -> Vec<Trade> {
    open_books(world).trades.values().cloned().collect()
}

/// (out_trade_no, qr_code, fen) of codes nobody has scanned yet.
pub fn list_unscanned(world: &World) -> Vec<(String, String, i64)> {
    let pages = open_books(world);
    let unscanned = pages.precreations.values().filter(|one| !pages.trades.contains_key(&one.out_trade_no));
    unscanned.map(|one| (one.out_trade_no.clone(), one.qr_code.clone(), one.total_fen)).collect()
}

/// `code`, `sub_code` and `sub_msg` of a refusal; HTTP 200 like everything the gateway says.
pub struct Refused {
    code: &'static str,
    sub_code: &'static str,
    sub_msg: String,
}

/// A business refusal, 40004.
fn refuse<T>(sub_code: &'static str, sub_msg: impl Into<String>) -> Result<T, Refused> {
    Err(Refused { code: "40004", sub_code, sub_msg: sub_msg.into() })
}

fn action_of(method: &str) -> Option<&'static str> {
    Some(match method {
        "alipay.trade.precreate" => "create",
        "alipay.trade.query" => "query",
        "alipay.trade.close" => "close",
        "alipay.trade.cancel" => "cancel",
        "alipay.trade.refund" => "refund",
        "alipay.trade.fastpay.refund.query" => "query_refund",
        _ => return None,
    })
}

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let request = Request::read(call);
    let mut finding = Finding {
        provider: PROVIDER,
        action: action_of(request.field("method")).unwrap_or("unknown").to_owned(),
        about: request.content["out_trade_no"].as_str().unwrap_or_default().to_owned(),
        verdict: "ok".to_owned(),
        checked: request.canonical(),
    };
    if let Err(refused) = request.check(world) {
        return gateway::reply(world, &request, Err(refused), finding, false);
    }
    let fault = world.faults.take_answer(&finding.about, &finding.action, |all| &mut all.alipay.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    let outcome = match fault {
        AnswerFault::ServerError => {
            Err(Refused { code: "20000", sub_code: "isp.unknow-error", sub_msg: "系统繁忙".to_owned() })
        }
        AnswerFault::TooMany => {
            let sub_msg = "应用调用次数超限，包含调用频率超限".to_owned();
            Err(Refused { code: "40005", sub_code: "isv.app-call-limited", sub_msg })
        }
        _ => obey(world, &request).await,
    };
    hold_if(fault, &mut finding).await;
    gateway::reply(world, &request, outcome, finding, fault == AnswerFault::BadSignature)
}

async fn obey(world: &Arc<World>, request: &Request) -> Result<Value, Refused> {
    let content = &request.content;
    match request.field("method") {
        "alipay.trade.precreate" => precreation::create(world, request).await,
        "alipay.trade.query" => trade::query(world, content),
        "alipay.trade.close" => trade::close(world, content),
        "alipay.trade.cancel" => refund::cancel(world, content),
        "alipay.trade.refund" => refund::create(world, content),
        "alipay.trade.fastpay.refund.query" => refund::query(world, content),
        method => Err(Refused {
            code: "40001",
            sub_code: "isv.invalid-method",
            sub_msg: format!("不存在的方法名{method}"),
        }),
    }
}

/// `1.10` → 110; at most two decimals, as the gateway wants them.
fn fen(yuan: &Value) -> Option<i64> {
    let text = match yuan {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?)
}

fn buyer() -> Value {
    json!({ "buyer_logon_id": "san***@sandbox.com", "buyer_user_id": "2088722069264875", "buyer_open_id": "069ohU6DsB1i" })
}
