//! A browser: cookies, and requests as our own pages send them.

use crate::answer::Answer;
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;

pub struct Browser {
    origin: String,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(origin: &str) -> Browser {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // The office may have died and come back since the last request.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Browser { origin: origin.to_owned(), client, cookies: Mutex::default() }
    }

    /// Another one with the same cookies: a second tab, or a thief.
    pub fn copy(&self) -> Browser {
        let cookies = self.cookies.lock().unwrap().clone();
        Browser { cookies: Mutex::new(cookies), ..Browser::new(&self.origin) }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Calls a server function as the page does.
    pub async fn call(&self, function: &str, arguments: Value) -> Answer {
        let request =
            self.ours(Method::POST, &format!("/api/{function}")).header(CONTENT_TYPE, "application/json");
        self.send(request.body(arguments.to_string())).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.bare(Method::GET, path)).await
    }

    /// A request that one of our pages makes.
    pub fn ours(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("sec-fetch-site", "same-origin").header(ORIGIN, &self.origin)
    }

    /// A request that tells nothing of where it comes from.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin))
    }

    /// Sends it with the cookies, and keeps those that come back.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap()
    }

    /// The same; no answer where the office is gone.
    pub async fn try_send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let cookies = self.cookies.lock().unwrap().clone();
        let line =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = if line.is_empty() { request } else { request.header(COOKIE, line) };
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for line in headers.get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a name and a value");
            let mut cookies = self.cookies.lock().unwrap();
            match value {
                "" => cookies.remove(name),
                value => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
    }
}
