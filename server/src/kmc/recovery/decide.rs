//! 批准 and 不批准: each custodian once, with the number on the authenticator, before the case ends.

use super::case::Case;
use super::{Recovery, record, refused};
use crate::fault::Fault;
use crate::store::Tx;
use app::desk::recovery::RecoveryRefusal;
use app::desk::recovery::{CaseStanding, RecoveryCase};
use journey::actor::StaffId;
use journey::moment::Moment;
use journey::refusal::Refusal;

impl Recovery {
    /// # Errors
    /// The filer, somebody who has approved, a case that waits for nobody, a wrong number.
    pub async fn approve(
        &self,
        staff: &StaffId,
        number: String,
        one_time_code: &str,
    ) -> Result<RecoveryCase, Fault> {
        // Whoever may not approve is told before a number is used up.
        let mut reader = self.ground.store.read().await?;
        let case = Case::find(&mut reader, self.kmc.keys(), &number).await?;
        drop(reader);
        may_approve(&case, staff, self.ground.now())?;
        if !self.step_up.confirms(staff, one_time_code).await? {
            return Err(refused(RecoveryRefusal::CodeWrong));
        }
        let (desk, by, what) = (self.clone(), staff.clone(), number.clone());
        let written = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { desk.add_decision(tx, &what, &by, None).await }));
        written.await?;
        tracing::warn!(case = number, staff = %staff.0, "a custodian approved a judicial recovery");
        self.case(staff, &number).await
    }

    /// Of the filer it is a withdrawal.
    ///
    /// # Errors
    /// No reason, or a case that is over.
    pub async fn refuse(
        &self,
        staff: &StaffId,
        number: String,
        reason: String,
    ) -> Result<RecoveryCase, Fault> {
        let reason = reason.trim().to_owned();
        if !(2..=300).contains(&reason.chars().count()) {
            return Err(Refusal::ReasonMissing.into());
        }
        let (desk, by, what) = (self.clone(), staff.clone(), number.clone());
        let written = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { desk.add_decision(tx, &what, &by, Some(reason)).await }));
        written.await?;
        tracing::warn!(case = number, staff = %staff.0, "a judicial recovery was refused");
        self.case(staff, &number).await
    }

    /// `refusal`: its reason; without one it is an approval. Checked on the record as this transaction sees it.
    async fn add_decision(
        &self,
        tx: &mut Tx,
        number: &str,
        by: &StaffId,
        refusal: Option<String>,
    ) -> Result<(), Fault> {
        let (keys, now) = (self.kmc.keys(), self.ground.now());
        let mut case = Case::find(tx, keys, number).await?;
        match refusal {
            None => {
                may_approve(&case, by, now)?;
                record::add(tx, keys, &mut case, (record::APPROVED, by, ""), now).await
            }
            Some(reason) => {
                may_refuse(&case, now)?;
                record::add(tx, keys, &mut case, (record::REFUSED, by, &reason), now).await
            }
        }
    }
}

pub(super) fn may_approve(case: &Case, staff: &StaffId, now: Moment) -> Result<(), Fault> {
    match case.standing(now) {
        CaseStanding::Broken => Err(refused(RecoveryRefusal::RecordBroken)),
        CaseStanding::Waiting if case.body.filed_by == staff.0 => Err(refused(RecoveryRefusal::OwnCase)),
        CaseStanding::Waiting | CaseStanding::Approved if case.approvals().contains(staff.0.as_str()) => {
            Err(refused(RecoveryRefusal::ApprovedAlready))
        }
        CaseStanding::Waiting => Ok(()),
        _ => Err(refused(RecoveryRefusal::Closed)),
    }
}

/// Until the envelope is made anybody of them may still say no.
pub(super) fn may_refuse(case: &Case, now: Moment) -> Result<(), Fault> {
    match case.standing(now) {
        CaseStanding::Broken => Err(refused(RecoveryRefusal::RecordBroken)),
        CaseStanding::Waiting | CaseStanding::Approved => Ok(()),
        _ => Err(refused(RecoveryRefusal::Closed)),
    }
}
