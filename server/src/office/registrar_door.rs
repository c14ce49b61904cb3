//! The door between the registrar and the status desk.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::registrar::{Life, Registrar};
use crate::standing::{By, Which};
use crate::status::Status;
use async_trait::async_trait;
use certificate::revocation::Reason;
use std::sync::Arc;

pub fn desk(ground: &Ground, status: &Status) -> Registrar {
    Registrar::new(ground.clone(), Arc::new(Door(status.clone())))
}

struct Door(Status);

#[async_trait]
impl Life for Door {
    async fn suspend(&self, which: Which, by: By) -> Result<Vec<String>, Fault> {
        self.0.suspend(which, by).await
    }

    async fn resume(&self, which: Which, by: By) -> Result<Vec<String>, Fault> {
        self.0.resume(which, by).await
    }

    async fn revoke(&self, which: Which, reason: Reason, by: By) -> Result<Vec<String>, Fault> {
        self.0.revoke(which, reason, by).await
    }
}
