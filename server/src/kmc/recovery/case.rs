//! A case: what was asked, sealed when it was filed, and what happened since. How it stands is worked out, never kept.

use super::super::keyring::Keyring;
use super::{record, refused};
use crate::fault::Fault;
use crate::store::recoveries::{self, CaseRow, LineRow};
use crate::store::{StoreError, Tx};
use app::desk::recovery::{CaseStanding, RecoveryRefusal};
use journey::moment::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a custodian approves, to the last byte.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Body {
    /// `staff.id`
    pub filed_by: String,
    pub filed_at: Moment,
    pub ends_at: Moment,
    /// Custodians who must approve.
    pub needed: usize,
    pub authority: String,
    pub document_number: String,
    pub document_on: String,
    pub reference: String,
    pub target: String,
    pub reason: String,
    /// Hex DER SubjectPublicKeyInfo: whom the pairs are sealed to.
    pub receiver: String,
    /// Of the receiver's certificate: the filer's word alone, unless it is verified.
    pub receiver_name: Option<String>,
    /// An authority of this office signed that certificate. No case of before says so.
    #[serde(default)]
    pub receiver_verified: bool,
    pub pairs: Vec<AskedPair>,
}

/// A pair that the case asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskedPair {
    pub pair_id: String,
    /// Hex DER of the encryption certificate.
    pub certificate: String,
    pub serial: String,
    pub holder: String,
    pub not_before: Moment,
    pub not_after: Moment,
}

pub struct Case {
    pub row: CaseRow,
    pub body: Body,
    /// SHA-256 over the body in clear, hex: every line of the record is bound to it.
    pub digest: String,
    pub lines: Vec<LineRow>,
    /// The record is the one that the office wrote.
    pub whole: bool,
}

impl Case {
    /// Opens a case and checks its record.
    ///
    /// # Errors
    /// A seal that does not open: the body was changed, its key is gone, or it is not the centre's.
    pub async fn load(tx: &mut Tx, keys: &Keyring, row: CaseRow) -> Result<Case, Fault> {
        let clear = keys.open_own(&body_place(&row.id), &row.body)?;
        let body: Body = serde_json::from_slice(&clear)
            .map_err(|error| StoreError::impossible("recovery_cases", "body", &row.id, error))?;
        let digest = digest(&clear);
        let lines = recoveries::list_lines(tx, &row.id).await?;
        let mut case = Case { row, body, digest, lines, whole: false };
        case.whole = record::is_whole(&case, keys);
        Ok(case)
    }

    /// # Errors
    /// `NotFound`; a body that does not open.
    pub async fn find(tx: &mut Tx, keys: &Keyring, number: &str) -> Result<Case, Fault> {
        let row = recoveries::find_case(tx, number).await?.ok_or(Fault::NotFound)?;
        Case::load(tx, keys, row).await.map_err(|fault| match fault {
            Fault::Seal(error) => {
                tracing::error!(case = number, %error, "a recovery case does not open");
                refused(RecoveryRefusal::RecordBroken)
            }
            other => other,
        })
    }

    pub fn standing(&self, now: Moment) -> CaseStanding {
        let has = |what: &str| self.lines.iter().any(|line| line.what == what);
        if !self.whole || has(record::RELEASED) != self.row.package.is_some() {
            CaseStanding::Broken
        } else if has(record::RELEASED) {
            CaseStanding::Released
        } else if has(record::REFUSED) {
            CaseStanding::Refused
        } else if now >= self.body.ends_at {
            CaseStanding::Expired
        } else if self.approvals().len() >= self.body.needed.max(2) {
            CaseStanding::Approved
        } else {
            CaseStanding::Waiting
        }
    }

    /// The custodians who approved in time, each once, and never the filer.
    pub fn approvals(&self) -> BTreeSet<&str> {
        self.lines
            .iter()
            .filter(|line| line.what == record::APPROVED && line.at < self.body.ends_at)
            .map(|line| line.by.as_str())
            .filter(|by| *by != self.body.filed_by)
            .collect()
    }
}

pub fn digest(clear: &[u8]) -> String {
    hex::encode(ring::digest::digest(&ring::digest::SHA256, clear))
}

pub fn body_place(id: &str) -> String {
    format!("recovery_cases.body/{id}")
}

pub fn package_place(id: &str) -> String {
    format!("recovery_cases.package/{id}")
}
