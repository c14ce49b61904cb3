//! Owns: 证书管理: finding what was issued, its life so far, the registrar's acts on it, and the list of everything issued.
//! Never: a change of standing by itself (the status desk's), a signature, personal data beyond the certificate's own.
//! Start at: `find.rs`, then `act.rs` and `export.rs`.

mod act;
mod export;
mod find;

pub use export::{Export, ListForm};

use crate::fault::Fault;
use crate::ground::Ground;
use crate::standing::{By, Which};
use async_trait::async_trait;
use certificate::revocation::Reason;
use std::sync::Arc;

/// Who changes standings: the status desk, behind the office's door.
#[async_trait]
pub trait Life: Send + Sync {
    async fn suspend(&self, which: Which, by: By) -> Result<Vec<String>, Fault>;
    async fn resume(&self, which: Which, by: By) -> Result<Vec<String>, Fault>;
    async fn revoke(&self, which: Which, reason: Reason, by: By) -> Result<Vec<String>, Fault>;
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Registrar {
    ground: Ground,
    life: Arc<dyn Life>,
}

impl Registrar {
    pub fn new(ground: Ground, life: Arc<dyn Life>) -> Registrar {
        Registrar { ground, life }
    }
}
