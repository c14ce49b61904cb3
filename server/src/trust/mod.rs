//! Owns: 信任中心: what this authority publishes of itself, and what a certificate that somebody holds is worth.
//! Never: a signer, a change of anything, a fact that neither the certificate nor OCSP tells.
//! Start at: [`House`], then `centre.rs` and `check.rs`.

mod centre;
mod check;
mod files;
mod input;
mod key_words;
mod machine;
mod statement;

pub use files::{Download, Form};

use certificate::Certificate;

use crate::ground::Ground;
use crate::pace::Pace;
use crate::settings::AuthoritySettings;
use crate::store::authorities::Purpose;
use journey::moment::Moment;
use std::sync::Arc;

/// One of our authorities as everybody may know it.
pub struct OwnAuthority {
    /// `root`, `issuing`, `root_p256`, `responder_issuing` …
    pub name: String,
    pub purpose: Purpose,
    /// The authority that signed it; `None` for a root.
    pub issuer: Option<String>,
    pub certificate: Certificate,
    pub demo: bool,
    /// Stands in the certificates that it signs.
    pub ocsp_url: Option<String>,
}

/// What an issuer says of its certificates, as it was last published.
pub struct Published {
    /// `OwnAuthority::name`
    pub issuer: String,
    pub full: Option<PublishedList>,
    pub delta: Option<PublishedList>,
}

pub struct PublishedList {
    pub number: i64,
    /// Of a delta: the number of the full list that it builds on.
    pub base: Option<i64>,
    pub this_update: Moment,
    pub next_update: Moment,
    pub entries: usize,
}

/// Who knows the authorities and what they published: other desks, behind the office's door.
pub trait House: Send + Sync {
    fn authorities(&self) -> Vec<OwnAuthority>;
    fn published(&self) -> Vec<Published>;
}

/// Certificates that one network (/24, /56) may have read in a window: each costs the check of a signature.
pub const QUESTIONS: u32 = 60;
const WINDOW_MINUTES: i64 = 5;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Trust {
    ground: Ground,
    house: Arc<dyn House>,
    settings: Arc<AuthoritySettings>,
    public_origin: Arc<str>,
    demo: bool,
    pace: Arc<Pace>,
}

impl Trust {
    pub fn new(
        ground: Ground,
        house: Arc<dyn House>,
        settings: &AuthoritySettings,
        public_origin: &str,
        demo: bool,
    ) -> Trust {
        Trust {
            ground,
            house,
            settings: Arc::new(settings.clone()),
            public_origin: public_origin.into(),
            demo,
            pace: Arc::new(Pace::new(QUESTIONS, WINDOW_MINUTES)),
        }
    }
}
