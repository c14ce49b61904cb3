//! The office's end of a notice: takes what is posted, answers what the test says.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use tokio::sync::{Mutex, mpsc};

pub struct Notice {
    pub headers: HeaderMap,
    pub body: String,
}

impl Notice {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

pub struct Office {
    pub url: String,
    came: Mutex<mpsc::UnboundedReceiver<Notice>>,
}

type Shared = Arc<(mpsc::UnboundedSender<Notice>, Mutex<Vec<(u16, &'static str)>>)>;

impl Office {
    /// Gives `answers` in turn, the last one for ever.
    pub async fn open(answers: &[(u16, &'static str)]) -> Self {
        let (sender, came) = mpsc::unbounded_channel();
        let answers: Vec<_> = answers.iter().rev().copied().collect();
        let shared: Shared = Arc::new((sender, Mutex::new(answers)));
        let router = Router::new().fallback(take).with_state(shared);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/notify", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, came: Mutex::new(came) }
    }

    pub async fn next(&self) -> Notice {
        let mut came = self.came.lock().await;
        tokio::time::timeout(Duration::from_secs(10), came.recv()).await.expect("a notice comes").unwrap()
    }

    /// True when nothing more has come by now.
    pub async fn is_quiet(&self) -> bool {
        self.came.lock().await.try_recv().is_err()
    }
}

async fn take(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> (StatusCode, &'static str) {
    let body = String::from_utf8(body.to_vec()).unwrap();
    let _ = shared.0.send(Notice { headers, body });
    let mut answers = shared.1.lock().await;
    let (status, text) = if answers.len() > 1 { answers.pop().unwrap() } else { answers[0] };
    (StatusCode::from_u16(status).unwrap(), text)
}
