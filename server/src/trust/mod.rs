//! Owns: 信任中心: what this authority publishes of itself, and what a certificate that somebody holds is worth.
//! Never: a signer, a change of anything, a fact that neither the certificate nor OCSP tells.
//! Start at: `centre.rs`, then `check.rs`.

mod centre;
mod check;
mod files;
mod input;
mod key_words;
mod machine;
mod pace;
mod statement;

pub use files::{Download, Form};

use certificate::Certificate;

use crate::ground::Ground;
use crate::settings::AuthoritySettings;
use crate::store::authorities::Purpose;
use pace::Pace;
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

/// Who knows the authorities: another desk, behind the office's door.
pub trait Authorities: Send + Sync {
    fn list(&self) -> Vec<OwnAuthority>;
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Trust {
    ground: Ground,
    authorities: Arc<dyn Authorities>,
    settings: Arc<AuthoritySettings>,
    public_origin: Arc<str>,
    demo: bool,
    pace: Arc<Pace>,
}

impl Trust {
    pub fn new(
        ground: Ground,
        authorities: Arc<dyn Authorities>,
        settings: &AuthoritySettings,
        public_origin: &str,
        demo: bool,
    ) -> Trust {
        Trust {
            ground,
            authorities,
            settings: Arc::new(settings.clone()),
            public_origin: public_origin.into(),
            demo,
            pace: Arc::default(),
        }
    }
}
