//! 订单查询 without the program: two plain forms, answered with a redirect (`app::desk::query_link`).

use super::hall::Hall;
use crate::orders::Query;
use app::desk::Caller;
use app::desk::query_link::{after_check, after_send};
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use journey::party::Party;
use journey::secret::SmsCode;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Asked {
    party: String,
    id_number: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    code: String,
}

impl Asked {
    fn party(&self) -> Party {
        Party::from_code(&self.party).unwrap_or(Party::Organisation)
    }
}

pub async fn send(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Form(asked): Form<Asked>,
) -> Response {
    let party = asked.party();
    let query = Query { party, id_number: asked.id_number, phone: asked.phone };
    match hall.query.ask(&caller, query).await {
        Ok((sent, cookie)) => {
            let cookie = cookie.map(|cookie| (header::SET_COOKIE, cookie));
            (AppendHeaders(cookie), Redirect::to(&after_send(party, &Ok(sent)))).into_response()
        }
        Err(error) => Redirect::to(&after_send(party, &Err(error))).into_response(),
    }
}

pub async fn check(
    State(hall): State<Arc<Hall>>,
    Extension(caller): Extension<Caller>,
    Form(asked): Form<Asked>,
) -> Response {
    let party = asked.party();
    let code = SmsCode::new(asked.code.trim());
    match hall.query.open(&caller, party, asked.id_number, code).await {
        Ok(cookie) => {
            (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&after_check(party, &Ok(()))))
                .into_response()
        }
        Err(error) => Redirect::to(&after_check(party, &Err(error))).into_response(),
    }
}
