//! `[status]`: how often lists are published, how long answers live, how much is signed and kept.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusSettings {
    /// A full list is published so often; it may be relied on half as long again, so that a reader finds the next one
    /// before the last one ends.
    pub full_hours: i64,
    /// The same of deltas.
    pub delta_minutes: i64,
    /// After a change a delta waits so long for more of them, a full list six times as long.
    pub gather_seconds: i64,
    /// An OCSP answer may be relied on so long; it is signed again when three quarters have passed.
    pub answer_minutes: i64,
    /// Answers in a second that are signed for one asker alone (nonces, unknown serials); whoever comes beyond is told to
    /// try later.
    pub live_per_second: u32,
    /// Answers kept in memory, of all issuers together: about 150 bytes each.
    pub cache_entries: usize,
    /// By authority: lists that are signed elsewhere, because the key is (`[status.elsewhere.root] list_file = "…"`).
    pub elsewhere: BTreeMap<String, Elsewhere>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// DER or PEM; looked at again every ten minutes.
    pub list_file: PathBuf,
}

impl Default for StatusSettings {
    fn default() -> Self {
        StatusSettings {
            full_hours: 24,
            delta_minutes: 60,
            gather_seconds: 5,
            answer_minutes: 240,
            live_per_second: 500,
            cache_entries: 1_000_000,
            elsewhere: BTreeMap::new(),
        }
    }
}
