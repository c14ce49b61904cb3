//! An address that notices come to: keeps what came, and answers as the channel says.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use server::till::provider::{Notice, NoticeError, PayChannel};
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What one delivery was read as.
pub type Delivery = Result<Notice, NoticeError>;

pub struct Mailbox {
    pub url: String,
    deliveries: UnboundedReceiver<Delivery>,
}

struct Desk {
    channel: Arc<dyn PayChannel>,
    deliveries: UnboundedSender<Delivery>,
}

impl Mailbox {
    pub async fn open(channel: Arc<dyn PayChannel>) -> Mailbox {
        let (sender, deliveries) = unbounded_channel();
        let desk = Arc::new(Desk { channel, deliveries: sender });
        let routes = Router::new().route("/notify", axum::routing::post(receive)).with_state(desk);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Mailbox { url, deliveries }
    }

    pub async fn next(&mut self) -> Delivery {
        let waiting = tokio::time::timeout(std::time::Duration::from_secs(10), self.deliveries.recv());
        waiting.await.expect("a notice within ten seconds").expect("the mailbox is open")
    }

    /// Whether nothing more comes within this time.
    pub async fn quiet_for(&mut self, millis: u64) -> bool {
        tokio::time::timeout(std::time::Duration::from_millis(millis), self.deliveries.recv()).await.is_err()
    }
}

async fn receive(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let now = super::outside::surroundings().now();
    let delivery = desk.channel.parse_notice(&headers, &body, now);
    let answer = desk.channel.acknowledge(delivery.is_ok());
    let _ = desk.deliveries.send(delivery);
    let status = StatusCode::from_u16(answer.status).unwrap();
    (status, [(header::CONTENT_TYPE, answer.content_type)], answer.body)
}
