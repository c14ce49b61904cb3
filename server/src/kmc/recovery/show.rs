//! What a custodian sees of the cases, and what this custodian may do.

use super::case::{AskedPair, Case};
use super::decide::{may_approve, may_refuse};
use super::release::may_fetch;
use super::{Recovery, record};
use crate::fault::Fault;
use crate::kmc::wrong;
use crate::store::recoveries::{self, LineRow};
use crate::store::{self, Tx};
use app::desk::recovery::{CaseStanding, RecordKind, RecordLine, RecoveryCase, RecoveryLine, RecoveryPair};
use certificate::digest::spki_digest;
use journey::actor::StaffId;

impl Recovery {
    /// The newest cases.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list(&self, staff: &StaffId) -> Result<Vec<RecoveryLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut lines = Vec::new();
        for row in recoveries::list_cases(&mut reader).await? {
            let (number, filed_at) = (row.number.clone(), row.filed_at);
            match Case::load(&mut reader, self.kmc.keys(), row).await {
                Ok(case) => lines.push(self.line(&mut reader, staff, &case).await?),
                Err(Fault::Seal(error)) => {
                    tracing::error!(case = number, %error, "a recovery case does not open");
                    lines.push(unreadable(number, filed_at));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(lines)
    }

    /// # Errors
    /// `NotFound`.
    pub async fn case(&self, staff: &StaffId, number: &str) -> Result<RecoveryCase, Fault> {
        let now = self.ground.now();
        let mut reader = self.ground.store.read().await?;
        let case = Case::find(&mut reader, self.kmc.keys(), number).await?;
        let mut lines = Vec::new();
        for line in &case.lines {
            lines.push(shown(&mut reader, line).await?);
        }
        let receiver = hex::decode(&case.body.receiver).map_err(wrong)?;
        Ok(RecoveryCase {
            line: self.line(&mut reader, staff, &case).await?,
            document_on: case.body.document_on.clone(),
            reference: case.body.reference.clone(),
            reason: case.body.reason.clone(),
            target: case.body.target.clone(),
            pairs: case.body.pairs.iter().map(pair).collect(),
            receiver_name: case.body.receiver_name.clone(),
            receiver_verified: case.body.receiver_verified,
            receiver_fingerprint: hex::encode(spki_digest(&receiver)),
            record: lines,
            may_refuse: may_refuse(&case, now).is_ok(),
            may_fetch: may_fetch(&case, staff, now).is_ok(),
        })
    }

    async fn line(&self, tx: &mut Tx, staff: &StaffId, case: &Case) -> Result<RecoveryLine, Fault> {
        let now = self.ground.now();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(RecoveryLine {
            number: case.row.number.clone(),
            authority: case.body.authority.clone(),
            document_number: case.body.document_number.clone(),
            standing: case.standing(now),
            approvals: count(case.approvals().len()),
            needed: count(case.body.needed),
            filed_by: name(tx, &case.body.filed_by).await?,
            filed_at: case.body.filed_at,
            ends_at: case.body.ends_at,
            mine: case.body.filed_by == staff.0,
            may_approve: may_approve(case, staff, now).is_ok(),
        })
    }
}

/// Its seal was broken, or its key is gone: that it is there is all that can be said.
fn unreadable(number: String, filed_at: journey::Moment) -> RecoveryLine {
    RecoveryLine {
        number,
        authority: String::new(),
        document_number: String::new(),
        standing: CaseStanding::Broken,
        approvals: 0,
        needed: 0,
        filed_by: String::new(),
        filed_at,
        ends_at: filed_at,
        mine: false,
        may_approve: false,
    }
}

async fn shown(tx: &mut Tx, line: &LineRow) -> Result<RecordLine, Fault> {
    let what = match line.what.as_str() {
        record::FILED => RecordKind::Filed,
        record::APPROVED => RecordKind::Approved,
        record::REFUSED => RecordKind::Refused,
        record::RELEASED => RecordKind::Released,
        _ => RecordKind::Fetched,
    };
    Ok(RecordLine { at: line.at, by: name(tx, &line.by).await?, what, note: line.note.clone() })
}

fn pair(asked: &AskedPair) -> RecoveryPair {
    RecoveryPair {
        serial: asked.serial.clone(),
        holder: asked.holder.clone(),
        not_before: asked.not_before,
        not_after: asked.not_after,
    }
}

/// A member's name, or the id of one who is gone.
async fn name(tx: &mut Tx, id: &str) -> Result<String, Fault> {
    Ok(store::staff::find_name(tx, id).await?.unwrap_or_else(|| id.to_owned()))
}
