//! Transfers: accepted (BNK) first, decided a little later: paid, failed, or sent back after all.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Line, Refusal};
use crate::{
    clock, dice, identity,
    world::{World, held},
};

/// On the bank's clock: until a transfer is decided, and until a paid one is sent back.
const DECIDED_AFTER_SECONDS: u64 = 60;
const RETURNED_AFTER_SECONDS: u64 = 300;

#[derive(Clone, Serialize)]
pub struct Transfer {
    pub yur_ref: String,
    pub req_nbr: String,
    pub to_account: String,
    pub to_name: String,
    pub fen: i64,
    pub remark: String,
    /// BNK until decided, then FIN.
    pub req_sts: &'static str,
    /// S paid, F failed, B sent back; empty until decided.
    pub rtn_flg: &'static str,
    /// Why it failed or came back.
    pub rtn_nar: String,
    pub at: String,
    /// The request as given: the query answers repeat its fields.
    #[serde(skip)]
    asked: Value,
}

pub fn yur_ref_of(body: &Value) -> &str {
    let given = body["bb1payopx1"][0]["yurRef"].as_str();
    given.or(body["bb1payqrx1"][0]["yurRef"].as_str()).unwrap_or_default()
}

pub fn pay(world: &Arc<World>, body: &Value) -> Result<Value, Refusal> {
    if body["bb1paybmx1"][0]["busCod"] != "N02030" {
        return Err(("DCPAY01", "业务编码应为N02030".to_owned()));
    }
    let asked = &body["bb1payopx1"][0];
    let transfer = match read(world, asked) {
        Ok(transfer) => transfer,
        Err(words) => return Ok(not_accepted(&words)),
    };
    let number = transfer.yur_ref.clone();
    let answer = json!({ "bb1payopz1": [{
        "errCod": "SUC0000", "errTxt": "", "evtIst": "", "msgTxt": "", "oprAls": "", "oprSqn": "",
        "reqNbr": transfer.req_nbr, "reqSts": transfer.req_sts, "rtnFlg": "",
    }]});
    {
        let mut transfers = held(&world.bank.transfers);
        if transfers.contains_key(&number) {
            return Ok(not_accepted(&format!("业务参考号[{number}]重复")));
        }
        transfers.insert(number.clone(), transfer);
    }
    decide_later(world, number);
    Ok(answer)
}

/// SUC0000 in the head, finished and failed in the body: the call arrived, the payment was not taken.
fn not_accepted(words: &str) -> Value {
    json!({ "bb1payopz1": [{
        "errCod": "DCPAY02", "errTxt": words, "msgTxt": words, "evtIst": "", "reqNbr": "",
        "reqSts": "FIN", "rtnFlg": "F",
    }]})
}

fn read(world: &World, asked: &Value) -> Result<Transfer, String> {
    let field = |name: &str| asked[name].as_str().unwrap_or_default();
    let length = |name: &str, most: usize| match field(name).chars().count() {
        0 => Err(format!("{name}不能为空")),
        count if count > most => Err(format!("{name}超过{most}个字符")),
        _ => Ok(field(name).to_owned()),
    };
    if field("dbtAcc") != world.credentials.bank.account {
        return Err("付方账号不存在或无权限".to_owned());
    }
    if field("ccyNbr") != "10" {
        return Err("币种应为10".to_owned());
    }
    if !["Y", "N"].contains(&field("bnkFlg")) || (field("bnkFlg") == "N" && field("crtBnk").is_empty()) {
        return Err("bnkFlg应为Y或N，跨行付款需收方开户行".to_owned());
    }
    let account = length("crtAcc", 35)?;
    if !account.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Err("收方账号应为数字".to_owned());
    }
    Ok(Transfer {
        yur_ref: length("yurRef", 30)?,
        req_nbr: dice::digits(10),
        to_account: account,
        to_name: length("crtNam", 62)?,
        fen: fen(field("trsAmt")).ok_or("trsAmt应为大于零、至多两位小数的金额")?,
        remark: length("nusAge", 100)?,
        req_sts: "BNK",
        rtn_flg: "",
        rtn_nar: String::new(),
        at: clock::beijing_rfc3339(),
        asked: asked.clone(),
    })
}

fn fen(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part:0<2}");
    let plain = !whole.is_empty() && part.len() <= 2 && digits.len() <= 15;
    let fen =
        if plain && digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok()? } else { 0 };
    (fen > 0).then_some(fen)
}

fn decide_later(world: &Arc<World>, number: String) {
    let world = Arc::clone(world);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(world.clock.shortened(DECIDED_AFTER_SECONDS)).await;
            let faults = world.faults.of(&number).bank;
            if faults.held {
                continue;
            }
            if !decide(&world, &number, faults.refused) || !faults.returned {
                return;
            }
            tokio::time::sleep(world.clock.shortened(RETURNED_AFTER_SECONDS)).await;
            return send_back(&world, &number);
        }
    });
}

/// True when the money arrived.
fn decide(world: &World, number: &str, refused: bool) -> bool {
    let mut transfers = held(&world.bank.transfers);
    let Some(transfer) = transfers.get_mut(number) else { return false };
    transfer.req_sts = "FIN";
    let known = identity::accounts().iter().find(|account| account.number == transfer.to_account);
    let wrong = if refused {
        Some("A09: 收方行拒绝")
    } else if transfer.to_name.contains("销户") {
        Some("A03: 账户已销户")
    } else if transfer.to_name.ends_with("不符") || known.is_some_and(|known| known.name != transfer.to_name)
    {
        Some("A05: 户名不符")
    } else {
        None
    };
    if let Some(why) = wrong {
        transfer.rtn_flg = "F";
        why.clone_into(&mut transfer.rtn_nar);
        return false;
    }
    transfer.rtn_flg = "S";
    let line = line(world, transfer, transfer.fen, transfer.remark.clone());
    held(&world.bank.statement).push(line);
    true
}

fn send_back(world: &World, number: &str) {
    let mut transfers = held(&world.bank.transfers);
    let Some(transfer) = transfers.get_mut(number) else { return };
    transfer.rtn_flg = "B";
    "A05: 户名不符，退汇".clone_into(&mut transfer.rtn_nar);
    let line = line(world, transfer, -transfer.fen, "退汇".to_owned());
    held(&world.bank.statement).push(line);
}

fn line(world: &World, transfer: &Transfer, fen: i64, remark: String) -> Line {
    Line {
        at: clock::beijing_rfc3339(),
        account: transfer.to_account.clone(),
        account_name: transfer.to_name.clone(),
        payer: world.credentials.bank.account_name.to_owned(),
        fen,
        remark,
        yur_ref: transfer.yur_ref.clone(),
    }
}

/// An unknown yurRef is answered with an empty list.
pub fn query(world: &World, body: &Value) -> Result<Value, Refusal> {
    let number = yur_ref_of(body);
    if number.is_empty() {
        return Err(("DCPAY03", "yurRef不能为空".to_owned()));
    }
    let transfers = held(&world.bank.transfers);
    let found: Vec<Value> = transfers.get(number).map(wire).into_iter().collect();
    Ok(json!({ "bb1payqrz1": found }))
}

fn wire(transfer: &Transfer) -> Value {
    let asked = &transfer.asked;
    json!({
        "busCod": "N02030", "busMod": "00001", "reqNbr": transfer.req_nbr, "yurRef": transfer.yur_ref,
        "dbtAcc": asked["dbtAcc"], "crtAcc": transfer.to_account, "crtNam": transfer.to_name,
        "crtBnk": asked["crtBnk"], "ccyNbr": "10", "trsAmt": asked["trsAmt"], "bnkFlg": asked["bnkFlg"],
        "nusAge": transfer.remark, "oprDat": clock::beijing_day(), "athFlg": "N",
        "reqSts": transfer.req_sts, "rtnFlg": transfer.rtn_flg, "rtnNar": transfer.rtn_nar,
    })
}
