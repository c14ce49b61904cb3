//! The control: what a test or a demo uses in a person's place, in JSON. See README.md.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    alipay, courier,
    mail::Letter,
    notices,
    wallet::{self, PayError},
    wechat_pay,
    world::World,
};

pub fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/sms", get(sms))
        .route("/mail", get(mail))
        .route("/mail/{number}/{index}", get(attachment))
        .route("/bank", get(bank))
        .route("/courier", get(parcels).post(move_parcel))
        .route("/trades", get(trades))
        .route("/pay", post(pay))
        .route("/notices/again", post(notices_again))
        .route("/faults", get(faults).post(set_faults))
        .route("/clock", post(jump))
        .route("/history", get(history))
        .route("/reset", post(reset))
}

#[derive(Deserialize)]
struct About {
    phone: Option<String>,
    to: Option<String>,
    account: Option<String>,
    provider: Option<String>,
    about: Option<String>,
}

async fn sms(State(world): State<Arc<World>>, Query(about): Query<About>) -> Json<Value> {
    Json(json!({ "messages": world.sms.list(about.phone.as_deref()) }))
}

async fn mail(State(world): State<Arc<World>>, Query(about): Query<About>) -> Json<Value> {
    let mails: Vec<Letter> = world.mail.list(about.to.as_deref()).iter().map(Letter::read).collect();
    Json(json!({ "mails": mails }))
}

/// The bytes of an attachment, under its own name and type.
pub async fn attachment(
    State(world): State<Arc<World>>,
    Path((number, index)): Path<(u64, usize)>,
) -> Response {
    let part =
        world.mail.find(number).and_then(|mail| Letter::read(&mail).attachments.into_iter().nth(index));
    let Some(part) = part else { return (StatusCode::NOT_FOUND, "no such attachment").into_response() };
    let name = percent_encoding::utf8_percent_encode(&part.name, percent_encoding::NON_ALPHANUMERIC);
    let headers = [
        (header::CONTENT_TYPE, part.content_type),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, part.content).into_response()
}

async fn bank(State(world): State<Arc<World>>, Query(about): Query<About>) -> Json<Value> {
    let lines = world.bank.list_lines(about.account.as_deref());
    Json(json!({ "lines": lines, "transfers": world.bank.list_transfers() }))
}

async fn parcels(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!({ "parcels": world.courier.list() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveParcel {
    number: String,
    state: courier::State,
    /// Instead of the usual words of this state.
    words: Option<String>,
}

async fn move_parcel(State(world): State<Arc<World>>, Json(to): Json<MoveParcel>) -> Response {
    match courier::move_on(&world, &to.number, to.state, to.words) {
        Some(parcel) => Json(parcel).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({ "message": "no such parcel" }))).into_response(),
    }
}

async fn trades(State(world): State<Arc<World>>) -> Json<Value> {
    let wechat_pay = wechat_pay::list_trades(&world);
    let wechat_pay = wechat_pay.iter().map(|trade| {
        json!({
            "provider": "wechat_pay", "out_trade_no": trade.out_trade_no, "state": trade.state.wire(),
            "fen": trade.total_fen, "paid_fen": trade.paid_fen, "code": trade.code_url,
            "transaction_id": trade.transaction_id, "notify_url": trade.notify_url,
        })
    });
    let alipay = alipay::list_trades(&world);
    let alipay = alipay.iter().map(|trade| {
        json!({
            "provider": "alipay", "out_trade_no": trade.out_trade_no, "state": trade.status.wire(),
            "fen": trade.total_fen, "paid_fen": trade.paid_fen, "refunded_fen": trade.refunded_fen(),
            "transaction_id": trade.trade_no, "notify_url": trade.notify_url,
        })
    });
    let unscanned = alipay::list_unscanned(&world).into_iter().map(|(out_trade_no, code, fen)| {
        json!({ "provider": "alipay", "out_trade_no": out_trade_no, "state": "UNSCANNED", "fen": fen, "code": code })
    });
    Json(json!({ "trades": wechat_pay.chain(alipay).chain(unscanned).collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    code_or_out_trade_no: String,
    /// Another amount than the bill's: a mismatch to be found out.
    amount_fen: Option<i64>,
    /// Pays what is closed or expired too.
    #[serde(default)]
    force: bool,
}

async fn pay(State(world): State<Arc<World>>, Json(pay): Json<Pay>) -> Response {
    match wallet::pay(&world, &pay.code_or_out_trade_no, pay.amount_fen, pay.force) {
        Ok(bill) => {
            let fen = pay.amount_fen.unwrap_or(bill.fen);
            Json(json!({ "provider": bill.provider, "out_trade_no": bill.out_trade_no, "paid_fen": fen }))
                .into_response()
        }
        Err(why) => {
            let status = if why == PayError::Unknown { StatusCode::NOT_FOUND } else { StatusCode::CONFLICT };
            (status, Json(json!({ "refused": format!("{why:?}"), "message": why.words() }))).into_response()
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trade {
    out_trade_no: String,
}

async fn notices_again(State(world): State<Arc<World>>, Json(trade): Json<Trade>) -> Json<Value> {
    Json(json!({ "sent": notices::send_again(&world, &trade.out_trade_no).await }))
}

async fn faults(State(world): State<Arc<World>>) -> Response {
    Json(world.faults.board()).into_response()
}

async fn set_faults(State(world): State<Arc<World>>, Json(change): Json<Value>) -> Response {
    match world.faults.merge(change) {
        Ok(board) => Json(board).into_response(),
        Err(wrong) => (StatusCode::BAD_REQUEST, Json(json!({ "message": wrong }))).into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jump {
    ahead_seconds: i64,
}

async fn jump(State(world): State<Arc<World>>, Json(jump): Json<Jump>) -> Json<Value> {
    world.clock.jump(jump.ahead_seconds);
    Json(json!({ "seconds": world.clock.seconds() }))
}

async fn history(State(world): State<Arc<World>>, Query(about): Query<About>) -> Json<Value> {
    let entries = world.journal.list(about.provider.as_deref(), about.about.as_deref());
    Json(json!({ "entries": entries }))
}

async fn reset(State(world): State<Arc<World>>) -> StatusCode {
    world.reset();
    StatusCode::NO_CONTENT
}
