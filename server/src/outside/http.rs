//! One HTTP call to an outside party: ten seconds, no redirects, no proxy, an answer of bounded size.

use super::{CallError, SetupError};
use reqwest::{Client, RequestBuilder, redirect};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(10);
/// The parties' answers are a few kilobytes; more is a fault or an attack.
const ANSWER_LIMIT: usize = 1 << 20;

#[derive(Clone)]
pub struct Http {
    client: Client,
}

/// What came back, whatever the status.
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Http {
    pub(super) fn new() -> Result<Http, SetupError> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("certhall/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| SetupError::new("http client", describe(&error)))?;
        Ok(Http { client })
    }

    pub fn get(&self, url: &str) -> RequestBuilder {
        self.client.get(url)
    }

    pub fn post(&self, url: &str) -> RequestBuilder {
        self.client.post(url)
    }

    /// Sends and reads the whole answer.
    ///
    /// # Errors
    /// `Again` if it never reached the party, `Unknown` if it may have, `Config` if the address is none.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, CallError> {
        let mut response = request.send().await.map_err(|error| classify(&error))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let mut body = Vec::new();
        while let Some(piece) =
            response.chunk().await.map_err(|error| CallError::Unknown(describe(&error)))?
        {
            if body.len() + piece.len() > ANSWER_LIMIT {
                return Err(CallError::Unknown("the answer is too long".to_owned()));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status, headers, body })
    }
}

fn classify(error: &reqwest::Error) -> CallError {
    if error.is_builder() {
        CallError::Config(describe(error))
    } else if error.is_connect() {
        CallError::Again(describe(error))
    } else {
        CallError::Unknown(describe(error))
    }
}

/// The error and its causes without the address: an address may carry a phone number (Aliyun's does).
fn describe(error: &reqwest::Error) -> String {
    let kind = if error.is_timeout() { "timeout" } else { "transport" };
    let mut words = kind.to_owned();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        cause = inner.source();
    }
    words
}

/// The host as clients send it: with the port where it is not the scheme's own.
pub fn host(url: &reqwest::Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
