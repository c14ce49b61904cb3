//! 历史订单记录: what a visit may see, newest first (R120, R121, R159).

use super::{Orders, Visit};
use crate::details;
use crate::fault::Fault;
use crate::store;
use crate::store::orders::OrderRow;
use app::desk::query::OrderLine;
use journey::details::DetailsForm;
use journey::mask;
use journey::party::Party;
use journey::step::Step;
use std::collections::BTreeSet;

impl Orders {
    /// The orders this visit may see, newest first (R159).
    ///
    /// # Errors
    /// The store's own.
    pub async fn list(&self, visit: &Visit) -> Result<Vec<OrderLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let rows = store::orders::list_for_visit(&mut reader, &visit.0).await?;
        let opened = |row: OrderRow| Ok::<_, Fault>((details::open(&self.ground, &row)?, row));
        let opened = rows.into_iter().map(opened).collect::<Result<Vec<_>, _>>()?;
        let phones: BTreeSet<&str> = opened.iter().map(|(form, _)| form.agent_phone.as_str()).collect();
        let several = phones.iter().filter(|phone| !phone.is_empty()).count() > 1;
        opened
            .iter()
            .map(|(form, row)| {
                let agent = (several && !form.agent_phone.is_empty()).then(|| agent(form));
                let holder_name = match row.order.party {
                    Party::Organisation => form.holder_name.clone(),
                    Party::Person => mask::name(&form.holder_name),
                };
                let waits_for_applicant = row.order.step().is_some_and(is_the_applicants);
                Ok(OrderLine {
                    service: row.order.service,
                    party: row.order.party,
                    standing: row.order.standing,
                    holder_name,
                    opened_at: row.opened_at,
                    changed_at: row.changed_at,
                    unfinished: waits_for_applicant,
                    number: row.number.clone(),
                    agent,
                })
            })
            .collect()
    }
}

fn agent(form: &DetailsForm) -> String {
    format!("{} {}", mask::name(&form.agent_name), mask::phone(&form.agent_phone))
}

/// The steps at which the office waits for the applicant (R121).
fn is_the_applicants(step: Step) -> bool {
    matches!(
        step,
        Step::KeyLogin
            | Step::KeyPresence
            | Step::Record
            | Step::Details
            | Step::Confirm
            | Step::Evidence
            | Step::PhoneCheck
            | Step::IdentityCheck
            | Step::Signature
            | Step::Payment
            | Step::Loading
            | Step::PinReset
            | Step::Receipt
    )
}
