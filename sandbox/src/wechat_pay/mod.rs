//! Owns: WeChat Pay API v3, Native: trades, refunds, their signatures, answers and notices.
//! Never: knows what is bought, or the other wallet.
//! Start at: `answer`.

mod authorization;
mod cashier;
mod notice;
mod refund;
mod signed;
mod trade;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use axum::http::Method;

use crate::{
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    journal::Finding,
    world::{World, held},
};

pub use cashier::{bill_of, pay};
pub use trade::{Trade, TradeState};

pub(crate) const PROVIDER: &str = "wechat_pay";

#[derive(Default)]
pub struct Books {
    /// By out_trade_no.
    trades: Mutex<BTreeMap<String, Trade>>,
    /// By out_refund_no.
    refunds: Mutex<BTreeMap<String, refund::Refund>>,
    /// Nonces of the last minutes, with the second they were seen.
    nonces: Mutex<HashMap<String, i64>>,
}

impl Books {
    pub fn clear(&self) {
        held(&self.trades).clear();
        held(&self.refunds).clear();
        held(&self.nonces).clear();
    }
}

pub fn list_trades(world: &World) -> Vec<Trade> {
    trade::open_books(world).values().cloned().collect()
}

/// A refusal in the vendor's form: HTTP status, `{code, message, detail?}`.
pub struct Refused {
    status: u16,
    code: &'static str,
    message: String,
    detail: Option<serde_json::Value>,
}

fn refuse<T>(status: u16, code: &'static str, message: impl Into<String>) -> Result<T, Refused> {
    Err(Refused { status, code, message: message.into(), detail: None })
}

/// What a call asks for, read from method and path.
enum Ask<'a> {
    Create,
    Query { out_trade_no: &'a str },
    QueryById { transaction_id: &'a str },
    Close { out_trade_no: &'a str },
    Refund,
    QueryRefund { out_refund_no: &'a str },
}

impl<'a> Ask<'a> {
    fn read(call: &'a Call) -> Option<Self> {
        let steps: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
        Some(match (&call.method, steps.as_slice()) {
            (&Method::POST, ["v3", "pay", "transactions", "native"]) => Self::Create,
            (&Method::GET, ["v3", "pay", "transactions", "out-trade-no", number]) => {
                Self::Query { out_trade_no: number }
            }
            (&Method::GET, ["v3", "pay", "transactions", "id", number]) => {
                Self::QueryById { transaction_id: number }
            }
            (&Method::POST, ["v3", "pay", "transactions", "out-trade-no", number, "close"]) => {
                Self::Close { out_trade_no: number }
            }
            (&Method::POST, ["v3", "refund", "domestic", "refunds"]) => Self::Refund,
            (&Method::GET, ["v3", "refund", "domestic", "refunds", number]) => {
                Self::QueryRefund { out_refund_no: number }
            }
            _ => return None,
        })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Query { .. } | Self::QueryById { .. } => "query",
            Self::Close { .. } => "close",
            Self::Refund => "refund",
            Self::QueryRefund { .. } => "query_refund",
        }
    }

    /// The out_trade_no a call is about.
    fn about(&self, world: &World, body: &[u8]) -> String {
        match self {
            Self::Query { out_trade_no } | Self::Close { out_trade_no } => (*out_trade_no).to_owned(),
            Self::Create | Self::Refund => serde_json::from_slice::<serde_json::Value>(body)
                .ok()
                .and_then(|body| Some(body["out_trade_no"].as_str()?.to_owned()))
                .unwrap_or_default(),
            Self::QueryById { transaction_id } => {
                let trades = trade::open_books(world);
                let found = trades.values().find(|trade| trade.transaction_id == **transaction_id);
                found.map(|trade| trade.out_trade_no.clone()).unwrap_or_default()
            }
            Self::QueryRefund { out_refund_no } => held(&world.wechat_pay.refunds)
                .get(*out_refund_no)
                .map(|refund| refund.out_trade_no.clone())
                .unwrap_or_default(),
        }
    }
}

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let mut finding = Finding { provider: PROVIDER, verdict: "ok".to_owned(), ..Finding::default() };
    let Some(ask) = Ask::read(call) else {
        return signed::refusal(world, Refused::not_found(), finding, false);
    };
    ask.name().clone_into(&mut finding.action);
    finding.about = ask.about(world, &call.body);

    finding.checked = authorization::canonical(call);
    if let Err(refused) = authorization::check(world, call) {
        return signed::refusal(world, refused, finding, false);
    }
    let fault = world.faults.take_answer(&finding.about, &finding.action, |all| &mut all.wechat_pay.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    let outcome = match fault {
        AnswerFault::ServerError => refuse(500, "SYSTEM_ERROR", "系统异常，请稍后重试"),
        AnswerFault::TooMany => refuse(429, "FREQUENCY_LIMITED", "频率超限，请降低请求频率"),
        _ => obey(world, &ask, call).await,
    };
    hold_if(fault, &mut finding).await;
    let wrong_key = fault == AnswerFault::BadSignature;
    match outcome {
        Ok(None) => signed::reply(world, 204, String::new(), finding, wrong_key),
        Ok(Some(body)) => signed::reply(world, 200, body.to_string(), finding, wrong_key),
        Err(refused) => signed::refusal(world, refused, finding, wrong_key),
    }
}

async fn obey(world: &Arc<World>, ask: &Ask<'_>, call: &Call) -> Result<Option<serde_json::Value>, Refused> {
    Ok(match ask {
        Ask::Create => Some(trade::create(world, &call.body).await?),
        Ask::Query { out_trade_no } => Some(trade::query(world, out_trade_no, &call.query)?),
        Ask::QueryById { transaction_id } => Some(trade::query_by_id(world, transaction_id, &call.query)?),
        Ask::Close { out_trade_no } => {
            trade::close(world, out_trade_no, &call.body)?;
            None
        }
        Ask::Refund => Some(refund::create(world, &call.body)?),
        Ask::QueryRefund { out_refund_no } => Some(refund::query(world, out_refund_no)?),
    })
}

impl Refused {
    fn not_found() -> Self {
        let message = "请求的资源不存在，请检查请求地址与方法".to_owned();
        Self { status: 404, code: "RESOURCE_NOT_EXISTS", message, detail: None }
    }
}
