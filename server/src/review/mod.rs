//! Owns: 审核: the queue, one case, and its verdicts.
//! Never: a certificate, money, a passcode: the rule book orders those.
//! Start at: `Review::decide`.

mod case;

use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::replaced;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::review::{CaseView, QueueLine, Verdict};
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use journey::refusal::Refusal;
use journey::step::Step;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Review {
    ground: Ground,
}

impl Review {
    pub fn new(ground: Ground) -> Review {
        Review { ground }
    }

    /// Orders that wait for a verdict, what is promised first at the top.
    ///
    /// # Errors
    /// The store's own.
    pub async fn queue(&self, staff: &StaffId) -> Result<Vec<QueueLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut lines = Vec::new();
        for row in store::orders::list_at(&mut reader, &[Step::Review.code()]).await? {
            let claimed_by = match &row.order.claimed_by {
                Some(id) => store::staff::find_name(&mut reader, &id.0).await?,
                None => None,
            };
            lines.push(QueueLine {
                holder_name: case::shown_name(&self.ground, &row)?,
                service: row.order.service,
                party: row.order.party,
                standing: row.order.standing,
                since: row.changed_at,
                promise_due: row.order.promise_due.map(|day| day.to_string()),
                mine: row.order.claimed_by.as_ref() == Some(staff),
                claimed_by,
                number: row.number,
            });
        }
        Ok(lines)
    }

    /// # Errors
    /// A colleague has it in hand.
    pub async fn claim(&self, staff: &StaffId, number: String) -> Result<CaseView, Fault> {
        self.move_order(staff, number.clone(), None, Event::ReviewClaimed).await?;
        self.case(staff, &number).await
    }

    /// # Errors
    /// Not in this reviewer's hands.
    pub async fn release(&self, staff: &StaffId, number: String) -> Result<(), Fault> {
        self.move_order(staff, number, None, Event::ReviewReleased).await
    }

    /// 通过, 退回补正 or 拒绝, on the version that the reviewer saw.
    ///
    /// # Errors
    /// Changed meanwhile; not claimed; a return without items, a rejection without reason; passed, though what is
    /// replaced has ended (A38).
    pub async fn decide(
        &self,
        staff: &StaffId,
        number: String,
        seen: i64,
        verdict: Verdict,
    ) -> Result<(), Fault> {
        let event = match verdict {
            Verdict::Pass => Event::ReviewPassed,
            Verdict::Return { items } => Event::ReviewReturned { items },
            Verdict::Reject { reason } => Event::ReviewRejected { reason },
        };
        self.move_order(staff, number, Some(seen), event).await
    }

    async fn move_order(
        &self,
        staff: &StaffId,
        number: String,
        seen: Option<i64>,
        event: Event,
    ) -> Result<(), Fault> {
        let (ground, actor) = (self.ground.clone(), Actor::Reviewer(staff.clone()));
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = load(tx, &number).await?;
                    if event == Event::ReviewPassed {
                        replaced::may_go_on(tx, &ground, &row).await?;
                    }
                    advance(tx, &ground, row, seen, event, &actor).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Shows this order's details unmasked to this reviewer for a while; why is kept (R161).
    ///
    /// # Errors
    /// No reason given.
    pub async fn reveal(&self, staff: &StaffId, number: String, reason: String) -> Result<CaseView, Fault> {
        let reason = reason.trim().to_owned();
        if reason.chars().count() < 2 {
            return Err(Refusal::ReasonMissing.into());
        }
        let (ground, who, what) = (self.ground.clone(), staff.clone(), number.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = load(tx, &what).await?;
                    let (id, now) = (ground.dice.id(), ground.now());
                    store::staff::record_look(tx, &id, &who.0, &row.id, "details", &reason, now).await?;
                    Ok::<_, Fault>(())
                })
            })
            .await?;
        self.case(staff, &number).await
    }
}

/// # Errors
/// `NotFound`.
async fn load(tx: &mut Tx, number: &str) -> Result<OrderRow, Fault> {
    store::orders::find_by_number(tx, number).await?.ok_or(Fault::NotFound)
}
