//! What is around every message: version first, so that two generations can tell each other apart.

use serde::{Deserialize, Serialize};

use crate::{mandate::Given, message::VERSION};

/// `{"version":1,"id":7,"body":{…}}`. The page counts `id` up from 1 and matches answers by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope<T> {
    pub version: u32,
    pub id: u32,
    pub body: T,
    /// The office's leave, beside a request whose verb needs one (`Request::mandated`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<Given>,
}

impl<T> Envelope<T> {
    pub fn new(id: u32, body: T) -> Self {
        Self { version: VERSION, id, body, mandate: None }
    }
}

/// What the worker hands to the helper. A page cannot write `origin`: the browser tells it to the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped<T> {
    /// `http://127.0.0.1:8420`: scheme, host and port, no path.
    pub origin: String,
    pub message: T,
}
