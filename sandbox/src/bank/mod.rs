//! Owns: China Merchants Bank's direct link (云直联): paying from the office's account, asking what became of it,
//! and the statements of the accounts paid to.
//! Never: knows what a remark means.
//! Start at: `answer`; the envelope of SM2, SM3 and SM4 is in `envelope.rs`.

mod envelope;
mod transfer;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    clock, dice,
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    journal::Finding,
    world::{World, held},
};

pub use transfer::Transfer;

const PROVIDER: &str = "bank";

/// A line of a company account's statement.
#[derive(Clone, Serialize)]
pub struct Line {
    pub at: String,
    pub account: String,
    pub account_name: String,
    pub payer: String,
    /// Positive when money came in, negative when a transfer was sent back.
    pub fen: i64,
    pub remark: String,
    pub yur_ref: String,
}

#[derive(Default)]
pub struct Books {
    /// By yurRef.
    transfers: Mutex<BTreeMap<String, Transfer>>,
    statement: Mutex<Vec<Line>>,
}

impl Books {
    pub fn clear(&self) {
        held(&self.transfers).clear();
        held(&self.statement).clear();
    }

    /// Newest last; of one account when given.
    pub fn list_lines(&self, account: Option<&str>) -> Vec<Line> {
        let wanted = |line: &&Line| account.is_none_or(|account| line.account == account);
        held(&self.statement).iter().filter(wanted).cloned().collect()
    }

    pub fn list_transfers(&self) -> Vec<Transfer> {
        held(&self.transfers).values().cloned().collect()
    }
}

/// `resultcode` and `resultmsg` of a refusal.
type Refusal = (&'static str, String);

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let mut finding = Finding { provider: PROVIDER, verdict: "ok".to_owned(), ..Finding::default() };
    let request = match envelope::open(&world.credentials.bank, call, &mut finding) {
        Ok(request) => request,
        Err(words) => {
            // What the bank cannot open it answers in clear.
            finding.verdict.clone_from(&words);
            let headers = vec![("content-type", "text/plain;charset=utf-8".to_owned())];
            return Reply { status: 200, headers, body: format!("CDCServer:{words}").into_bytes(), finding };
        }
    };
    let (head, body) = (&request["request"]["head"], &request["request"]["body"]);
    finding.action = match head["funcode"].as_str() {
        Some("BB1PAYOP") => "pay",
        Some("BB1PAYQR") => "query",
        _ => "unknown",
    }
    .to_owned();
    finding.about = transfer::yur_ref_of(body).to_owned();

    let fault = world.faults.take_answer(&finding.about, &finding.action, |all| &mut all.bank.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    let outcome: Result<Value, Refusal> = match (fault, finding.action.as_str()) {
        (AnswerFault::ServerError, _) => Err(("DCSYS01", "系统异常，请稍后再试".to_owned())),
        (AnswerFault::TooMany, _) => Err(("DCFREQ1", "请求过于频繁，请稍后再试".to_owned())),
        (_, "pay") => transfer::pay(world, body),
        (_, "query") => transfer::query(world, body),
        _ => Err(("DCPG008", "功能代码不存在或未开通".to_owned())),
    };
    hold_if(fault, &mut finding).await;
    let (code, message, body) = match outcome {
        Ok(body) => ("SUC0000", String::new(), body),
        Err((code, message)) => (code, message, json!({})),
    };
    if code != "SUC0000" {
        finding.verdict = format!("{code} {message}");
    }
    let response = json!({ "response": {
        "body": body,
        "head": {
            "bizcode": "", "funcode": head["funcode"], "reqid": head["reqid"], "resultcode": code,
            "resultmsg": message, "rspid": format!("{}{}", clock::beijing_compact(), dice::digits(15)),
            "userid": head["userid"],
        },
    }});
    let sealed = envelope::seal(&world.credentials.bank, response, fault == AnswerFault::BadSignature);
    let headers = vec![("content-type", "text/plain;charset=utf-8".to_owned())];
    Reply { status: 200, headers, body: sealed.into_bytes(), finding }
}
