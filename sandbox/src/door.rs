//! Every request to a provider comes through here: it is read whole, given to the provider its form belongs to,
//! and written into the journal with the provider's verdict.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
    routing::get,
};

use crate::{
    alipay, bank, control, courier, dice, faults::AnswerFault, journal::Finding, pages, sms, wechat_pay,
    world::World,
};

/// A request as it came: the bytes that were signed, untouched.
pub struct Call {
    pub method: Method,
    pub path: String,
    /// Path and query exactly as sent, without scheme and host even when the target was in absolute form.
    pub target: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Call {
    /// A header as text; empty when missing or not text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub finding: Finding,
}

impl Reply {
    pub fn json(status: u16, body: impl Into<Vec<u8>>, finding: Finding) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: body.into(), finding }
    }
}

pub fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/", get(pages::index).post(answer))
        .merge(pages::router())
        .nest("/control", control::router())
        .fallback(answer)
        .with_state(world)
}

const LARGEST_BODY: usize = 2 * 1024 * 1024;

async fn answer(State(world): State<Arc<World>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let call = Call {
        method: head.method,
        path: head.uri.path().to_owned(),
        target: head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.to_vec(),
    };
    // A client that hangs up must not stop the effect half way: the work runs on its own.
    let working = Arc::clone(&world);
    let worked = tokio::spawn(async move {
        let reply = dispatch(&working, &call).await;
        (call, reply)
    });
    let Ok((call, reply)) = worked.await else { return plain(StatusCode::INTERNAL_SERVER_ERROR) };
    let exchange = (reply.status, call.body.as_slice(), reply.body.as_slice());
    world.journal.record("in", reply.finding, &format!("{} {}", call.method, call.target), exchange);

    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn dispatch(world: &Arc<World>, call: &Call) -> Reply {
    let action = |name: &str| call.headers.contains_key(name);
    match call.path.as_str() {
        path if path.starts_with("/v3/") => wechat_pay::answer(world, call).await,
        "/gateway.do" => alipay::answer(world, call).await,
        "/poll" | "/poll/query.do" => courier::answer(world, call).await,
        "/cdcserver/api/v2" => bank::answer(world, call).await,
        "/" if action("x-tc-action") => sms::tencent::answer(world, call).await,
        "/" if action("x-acs-action") => sms::aliyun::answer(world, call).await,
        _ => {
            let verdict = "no provider answers here".to_owned();
            Reply::json(
                404,
                r#"{"message":"not found"}"#,
                Finding { provider: "none", verdict, ..Finding::default() },
            )
        }
    }
}

/// What a fault switch makes of an answer before any effect; `None`: go on as usual.
pub fn broken_before_effect(fault: AnswerFault, finding: &Finding) -> Option<Reply> {
    if fault != AnswerFault::HtmlPage {
        return None;
    }
    let finding = Finding { verdict: "fault: HTML error page".to_owned(), ..finding.clone() };
    let body = format!("<html><body><h1>502 Bad Gateway</h1><hr>{}</body></html>", dice::uuid());
    Some(Reply {
        status: 502,
        headers: vec![("content-type", "text/html".to_owned())],
        body: body.into(),
        finding,
    })
}

/// Lets the caller wait until it gives up, after the effect has happened.
pub async fn hold_if(fault: AnswerFault, finding: &mut Finding) {
    if fault == AnswerFault::TimeoutAfterEffect {
        finding.verdict.push_str("; fault: answer held for 60 s");
        tokio::time::sleep(Duration::from_secs(60)).await;
    }
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
