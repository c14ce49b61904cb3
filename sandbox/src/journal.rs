//! What came in and went out: every request with its verdict and the text that was checked, and every notice sent.

use std::{collections::VecDeque, sync::Mutex};

use serde::Serialize;

use crate::{clock, world::held};

const KEPT: usize = 3000;
const SHOWN_BYTES: usize = 8 * 1024;

#[derive(Clone, Serialize)]
pub struct Entry {
    pub number: u64,
    pub at: String,
    /// `in` for a request the office made, `out` for a notice made to it.
    pub direction: &'static str,
    pub provider: &'static str,
    pub action: String,
    /// The out_trade_no, phone, yurRef or address this is about; empty when not known.
    pub about: String,
    pub target: String,
    pub status: u16,
    /// `ok`, or the reason why not.
    pub verdict: String,
    /// The canonical text the signature was checked over.
    pub checked: String,
    pub request: String,
    pub answer: String,
}

/// What a provider found out about one request.
#[derive(Clone, Default)]
pub struct Finding {
    pub provider: &'static str,
    pub action: String,
    pub about: String,
    pub verdict: String,
    pub checked: String,
}

#[derive(Default)]
pub struct Journal(Mutex<(u64, VecDeque<Entry>)>);

impl Journal {
    pub fn record(
        &self,
        direction: &'static str,
        finding: Finding,
        target: &str,
        exchange: (u16, &[u8], &[u8]),
    ) {
        let (status, request, answer) = exchange;
        let mut book = held(&self.0);
        book.0 += 1;
        let number = book.0;
        book.1.push_back(Entry {
            number,
            at: clock::beijing_rfc3339(),
            direction,
            provider: finding.provider,
            action: finding.action,
            about: finding.about,
            target: target.to_owned(),
            status,
            verdict: finding.verdict,
            checked: finding.checked,
            request: shown(request),
            answer: shown(answer),
        });
        if book.1.len() > KEPT {
            book.1.pop_front();
        }
    }

    /// Newest last; `provider` and `about` narrow the list when given.
    pub fn list(&self, provider: Option<&str>, about: Option<&str>) -> Vec<Entry> {
        let wanted = |entry: &&Entry| {
            provider.is_none_or(|name| entry.provider == name) && about.is_none_or(|name| entry.about == name)
        };
        held(&self.0).1.iter().filter(wanted).cloned().collect()
    }

    pub fn clear(&self) {
        held(&self.0).1.clear();
    }
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN_BYTES)]).into_owned()
}
