//! Owns: 快递100, the couriers' tracker: subscriptions (`/poll`), questions (`/poll/query.do`), and the parcels' ways.
//! Never: knows who sends what to whom; the end of a phone number is all.
//! Start at: `answer`; a person moves parcels on `pages/courier.rs`, news goes out by `push.rs`.

mod parcels;
mod push;

use std::{collections::BTreeMap, sync::Arc};

use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::{
    door::{Call, Reply, broken_before_effect, hold_if},
    faults::AnswerFault,
    journal::Finding,
    world::World,
};

pub use parcels::{Books, Parcel, State};

pub const PROVIDER: &str = "courier";
/// The couriers that this tracker knows, and which of them want the end of a phone number.
pub const COMPANIES: [(&str, &str, bool); 7] = [
    ("shunfeng", "顺丰速运", true),
    ("ems", "EMS", false),
    ("jd", "京东快递", false),
    ("zhongtong", "中通快递", true),
    ("yuantong", "圆通速递", false),
    ("yunda", "韵达快递", false),
    ("shentong", "申通快递", false),
];

type Refusal = (&'static str, &'static str);

pub async fn answer(world: &Arc<World>, call: &Call) -> Reply {
    let fields: BTreeMap<String, String> = form_urlencoded::parse(&call.body).into_owned().collect();
    let subscribes = call.path == "/poll";
    let action = if subscribes { "subscribe" } else { "query" };
    let mut finding = Finding {
        provider: PROVIDER,
        action: action.to_owned(),
        verdict: "ok".to_owned(),
        ..Finding::default()
    };
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let param = field("param");
    let asked: Value = serde_json::from_str(&param).unwrap_or_default();
    finding.about = text(&asked, if subscribes { "number" } else { "num" });
    let fault = world.faults.take_answer(&finding.about, action, |all| &mut all.courier.answer);
    if let Some(reply) = broken_before_effect(fault, &finding) {
        return reply;
    }
    let refused = match fault {
        AnswerFault::ServerError => Some(("500", "服务器错误")),
        AnswerFault::TooMany => Some(("502", "查询过于频繁")),
        _ if call.method != axum::http::Method::POST => Some(("400", "请用 POST")),
        _ => None,
    };
    let answered = match refused {
        Some(refused) => Err(refused),
        None if subscribes => subscribe(world, &field("schema"), &asked),
        None => {
            finding.checked = format!("{param}***{}", world.credentials.courier.customer);
            query(world, (&field("customer"), &field("sign")), &param, &asked)
        }
    };
    hold_if(fault, &mut finding).await;
    let body = answered.unwrap_or_else(|(code, message)| {
        finding.verdict = format!("{code} {message}");
        json!({ "result": false, "returnCode": code, "message": message })
    });
    Reply::json(200, body.to_string(), finding)
}

fn subscribe(world: &Arc<World>, schema: &str, asked: &Value) -> Result<Value, Refusal> {
    if schema != "json" || !asked.is_object() {
        return Err(("700", "订阅方的订阅数据存在错误：schema 或 param"));
    }
    if text(asked, "key") != world.credentials.courier.key {
        return Err(("600", "您不是合法的订阅者（即授权Key出错）"));
    }
    let parameters = &asked["parameters"];
    let url = text(parameters, "callbackurl");
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(("700", "订阅方的订阅数据存在错误：callbackurl"));
    }
    let (company, number) = (text(asked, "company"), text(asked, "number"));
    let phone = text(parameters, "phone");
    known(&company, &number, &phone)?;
    let subscription = parcels::Subscription { url, salt: text(parameters, "salt") };
    let parcel = world.courier.subscribe(&company, &number, &phone, subscription)?;
    // Who comes late hears what has happened.
    if !parcel.way.is_empty() {
        push::send(world, &number);
    }
    Ok(json!({ "result": true, "returnCode": "200", "message": "提交成功" }))
}

fn query(
    world: &Arc<World>,
    (customer, sign): (&str, &str),
    param: &str,
    asked: &Value,
) -> Result<Value, Refusal> {
    let ours = &world.credentials.courier;
    let right = hex::encode_upper(md5(&format!("{param}{}{}", ours.key, ours.customer)));
    if customer != ours.customer || sign != right {
        return Err(("503", "验证签名失败"));
    }
    let (company, number, phone) = (text(asked, "com"), text(asked, "num"), text(asked, "phone"));
    known(&company, &number, &phone)?;
    let parcel =
        world.courier.find(&number).filter(|parcel| parcel.company == company && !parcel.way.is_empty());
    let parcel = parcel.ok_or(("500", "查询无结果，请隔段时间再查"))?;
    if !parcel.phone.is_empty() && wants_phone(&company) && parcel.phone != phone {
        return Err(("408", "快递公司参数异常：验证码错误"));
    }
    Ok(parcel.result())
}

/// A courier of ours, a number that may be one, and the phone's end where the courier wants it.
fn known(company: &str, number: &str, phone: &str) -> Result<(), Refusal> {
    if !COMPANIES.iter().any(|(code, ..)| *code == company) {
        return Err(("701", "拒绝订阅的快递公司"));
    }
    if !(6..=32).contains(&number.len()) || !number.bytes().all(|each| each.is_ascii_alphanumeric()) {
        return Err(("400", "提交的数据不完整，或者没有此单号"));
    }
    let four = phone.len() == 4 && phone.bytes().all(|each| each.is_ascii_digit());
    if wants_phone(company) && !four {
        return Err(("408", "顺丰、中通单号须提供收件人或寄件人手机号后四位"));
    }
    Ok(())
}

fn wants_phone(company: &str) -> bool {
    COMPANIES.iter().any(|(code, _, wants)| *code == company && *wants)
}

/// Somebody scans the parcel; whoever subscribed hears of it. `None`: nobody has heard of this parcel.
pub fn move_on(world: &Arc<World>, number: &str, state: State, words: Option<String>) -> Option<Parcel> {
    let parcel = world.courier.move_on(number, state, words)?;
    push::send(world, number);
    Some(parcel)
}

fn md5(text: &str) -> [u8; 16] {
    Md5::digest(text.as_bytes()).into()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
