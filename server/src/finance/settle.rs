//! 确认到账: a credit is matched to one order (A36). The amount must be what is due; a payer with another name, a remark
//! without the reference or a voucher that two orders show want a reason of who decides, and the reason stays.

use super::enter::field;
use super::{Finance, show};
use crate::advance::{MoveError, advance};
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::store::attempts::{self, Attempt, AttemptState};
use crate::store::bank_lines::{self, Decision};
use crate::store::{self, Tx};
use app::desk::finance::Difference;
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use journey::money::Fen;
use journey::payment::Channel;
use journey::refusal::Refusal;

/// A reason that says something.
const REASON: usize = 4;

impl Finance {
    /// Matches the line to the order: it counts from now (R083), whichever step the order stands at.
    ///
    /// # Errors
    /// Decided before; another amount than what is due (R132); a difference without a reason.
    pub async fn settle(
        &self,
        staff: &StaffId,
        line: String,
        number: String,
        why: String,
    ) -> Result<(), Fault> {
        let (desk, staff) = (self.clone(), staff.clone());
        let settled = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { desk.settle_in(tx, &staff, &line, &number, &why).await }));
        settled.await
    }

    async fn settle_in(
        &self,
        tx: &mut Tx,
        staff: &StaffId,
        line: &str,
        number: &str,
        why: &str,
    ) -> Result<(), Fault> {
        let line = bank_lines::load(tx, line).await?;
        if line.state != "open" {
            return Err(Fault::Changed);
        }
        let row = store::orders::find_by_number(tx, number.trim()).await?;
        let row = row.ok_or_else(|| field("number", "order_unknown"))?;
        let reference = store::replacements::find(tx, &row.id).await?.and_then(|known| known.reference);
        let Some(reference) = reference else { return Err(field("number", "order_unknown")) };
        let candidate = show::candidate(tx, &self.ground, &row, &reference, Some(&line)).await?;
        let odd = [Difference::Name, Difference::Reference, Difference::SameVoucher];
        let wants_reason = candidate.differs.iter().any(|difference| odd.contains(difference));
        if wants_reason && why.trim().chars().count() < REASON {
            return Err(field("why", "why_matched_missing"));
        }
        let due = row.order.price.ok_or(Refusal::NothingDue)?;
        if row.order.standing.is_open() && row.order.paid.is_none() && due != line.amount {
            return Err(Refusal::AmountDiffers { due, received: line.amount }.into());
        }
        let event = Event::TransferMatched { line: line.bank_number.clone(), amount: line.amount };
        let (order_id, now) = (row.id.clone(), self.ground.now());
        let row = advance(tx, &self.ground, row, None, event, &Actor::Finance(staff.clone())).await?;
        let counts = row.order.paid.as_ref().is_some_and(|paid| paid.attempt == line.bank_number);
        self.note_attempt(tx, &order_id, &line.bank_number, line.amount, counts).await?;
        let decision =
            Decision { state: "matched", order_id: Some(&order_id), by: &staff.0, why: why.trim(), at: now };
        if bank_lines::decide(tx, &line.id, &decision).await? { Ok(()) } else { Err(Fault::Changed) }
    }

    /// A transfer stands among the order's payments like any other: what expires, what is forgotten and what goes back
    /// look there.
    async fn note_attempt(
        &self,
        tx: &mut Tx,
        order_id: &str,
        bank_number: &str,
        amount: Fen,
        counts: bool,
    ) -> Result<(), Fault> {
        let now = self.ground.now();
        let attempt = Attempt {
            id: self.ground.dice.id(),
            order_id: order_id.to_owned(),
            channel: Channel::Transfer,
            out_trade_no: bank_number.to_owned(),
            amount,
            code: None,
            state: AttemptState::Closed,
            transaction_no: None,
            opened_at: now,
            ends_at: now,
            asked_at: None,
        };
        attempts::record(tx, &attempt).await?;
        let state = if counts { AttemptState::Paid } else { AttemptState::Surplus };
        attempts::receive(tx, &attempt.id, state, bank_number, amount, now).await?;
        Ok(())
    }

    /// The line belongs to no order.
    ///
    /// # Errors
    /// No reason; decided before.
    pub async fn put_aside(&self, staff: &StaffId, line: String, why: String) -> Result<(), Fault> {
        if why.trim().chars().count() < REASON {
            return Err(field("why", "why_matched_missing"));
        }
        let (staff, now) = (staff.0.clone(), self.ground.now());
        let decided = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let decision =
                    Decision { state: "put_aside", order_id: None, by: &staff, why: why.trim(), at: now };
                Ok::<_, Fault>(bank_lines::decide(tx, &line, &decision).await?)
            })
        });
        if decided.await? { Ok(()) } else { Err(Fault::Changed) }
    }

    /// The errand of a transfer that goes back: it waits on this desk until the bank has sent it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn refund(&self, bank_number: &str, amount: Fen) -> Result<Outcome, Fault> {
        let (ground, number) = (self.ground.clone(), bank_number.to_owned());
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let attempt = attempts::find_by_out_trade_no(tx, &number).await?;
                let attempt = attempt.ok_or(Fault::NotFound)?;
                let refund = format!("{number}R");
                attempts::record_refund(tx, &refund, &attempt, amount, ground.now()).await?;
                Ok(())
            })
        }))
    }

    /// 已退款: the bank has sent it back.
    ///
    /// # Errors
    /// Nothing of this number waits to go back.
    pub async fn refunded(&self, staff: &StaffId, bank_number: String) -> Result<(), Fault> {
        let (ground, actor) = (self.ground.clone(), Actor::Finance(staff.clone()));
        let written = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let attempt = attempts::find_by_out_trade_no(tx, &bank_number).await?;
                let attempt = attempt.filter(|attempt| attempt.channel == Channel::Transfer);
                let attempt = attempt.ok_or(Fault::NotFound)?;
                let refund = format!("{bank_number}R");
                if !attempts::change_refund(tx, &refund, "succeeded", ground.now()).await? {
                    return Err(Fault::Changed);
                }
                let row = store::orders::load(tx, &attempt.order_id).await?;
                let event = Event::Refunded { attempt: bank_number, amount: attempt.amount };
                advance(tx, &ground, row, None, event, &actor).await.map(drop).map_err(|error| match error {
                    MoveError::Refused(refusal) => Fault::Refused(refusal),
                    other => other.into(),
                })
            })
        });
        written.await
    }
}
