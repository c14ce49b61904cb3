//! 个人信息: what an applicant agreed to, who looked at the own data and why, until when it is kept, and that it is enough
//! (B15, R142, R151, R160).

use super::{Orders, Visit, order_for};
use crate::advance::advance;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::{self, privacy};
use app::desk::privacy::{Agreed, Looked, PrivacyView};
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::moment::Moment;

/// 电子签名法, 24: five years at the least after the certificate has ended; five leap years fit in.
const KEPT_DAYS: i64 = 5 * 366;

impl Orders {
    /// # Errors
    /// No such order for this visit.
    pub async fn privacy(&self, visit: &Visit, number: &str) -> Result<PrivacyView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let agreed = privacy::list_agreements(&mut reader, &row.id).await?;
        let looks = privacy::list_looks(&mut reader, &row.id).await?;
        let ends = privacy::last_end(&mut reader, &row.id).await?;
        let role = |look: &privacy::Look| look.roles.split(' ').next().unwrap_or_default().to_owned();
        Ok(PrivacyView {
            agreed: agreed.into_iter().map(|it| Agreed { version: it.version, at: it.at }).collect(),
            withdrawn_at: privacy::find_withdrawn(&mut reader, &row.id).await?,
            ends_the_order: self.ends_by_withdrawal(&row.order),
            looks: looks
                .iter()
                .map(|it| Looked { at: it.at, role: role(it), what: it.what.clone(), why: it.reason.clone() })
                .collect(),
            kept_until: ends.map(|end| end.plus_days(KEPT_DAYS)),
        })
    }

    fn ends_by_withdrawal(&self, order: &journey::order::Order) -> bool {
        let moves = journey::moves::open_moves(order, &Actor::Applicant);
        moves.iter().any(|offered| offered.event == EventKind::Withdrawn && offered.blocked.is_none())
    }

    /// 撤回同意: an order that can still be withdrawn ends with it, and what was paid goes back (R142). Of one that has gone
    /// further nothing more is done with the data than the law demands: it is kept, and nobody is written to.
    ///
    /// # Errors
    /// `Changed` when the page was not the newest (R158).
    pub async fn withdraw_consent(&self, visit: &Visit, number: String, seen: i64) -> Result<(), Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        let withdrawn = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                if row.version != seen {
                    return Err(Fault::Changed);
                }
                privacy::withdraw_consent(tx, &row.id, desk.ground.now()).await?;
                if desk.ends_by_withdrawal(&row.order) {
                    advance(tx, &desk.ground, row, Some(seen), Event::Withdrawn, &Actor::Applicant).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        withdrawn.await
    }
}

/// Deletes details and evidence that have been kept long enough (R160), with a record that says so; gives the ids of the
/// evidence whose bytes may go now. The journal stays: it holds nothing personal.
///
/// # Errors
/// The store's own.
pub async fn forget_kept(ground: &Ground) -> Result<Vec<String>, Fault> {
    let now = ground.now();
    let before: Moment = now.plus_days(-KEPT_DAYS);
    let forgotten = ground.store.write(move |tx| {
        Box::pin(async move {
            let mut files = Vec::new();
            for id in privacy::list_kept_long_enough(tx, before).await? {
                store::orders::forget_details(tx, &id).await?;
                store::signatures::forget(tx, &id).await?;
                let removed = store::evidence::remove_all(tx, &id, now).await?;
                let count = i64::try_from(removed.len()).unwrap_or(i64::MAX);
                privacy::record_removal(tx, &id, count, now).await?;
                files.extend(removed);
            }
            Ok::<_, Fault>(files)
        })
    });
    forgotten.await
}
