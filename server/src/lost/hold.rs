//! What the holder sees of the own certificates, and the tick that puts them on hold.

use super::Lost;
use crate::errand::{self, Errand};
use crate::fault::Fault;
use crate::held::Held;
use crate::holders;
use crate::resumption;
use crate::standing::{self, By, Change, Which};
use crate::store::{self, Tx};
use app::desk::error::StandingRefusal;
use app::desk::lost::LostLine;
use journey::effect::{Effect, Notice};
use journey::eligibility::{self, CertificateStatus, RENEWAL_OPENS_DAYS};
use journey::mask;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::service::Service;

impl Lost {
    /// The certificates that this visit may see, with what may be done with each now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn list(&self, visit: &[u8]) -> Result<Vec<LostLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut lines = Vec::new();
        for held in holders::list_for_visit(&mut reader, &self.ground, visit).await? {
            lines.push(self.line(&mut reader, visit, &held).await?);
        }
        Ok(lines)
    }

    async fn line(&self, tx: &mut Tx, visit: &[u8], held: &Held) -> Result<LostLine, Fault> {
        let now = self.ground.now();
        let mut open = store::replacements::list_orders_of(tx, &held.sign).await?;
        open.retain(|row| row.order.standing.is_open());
        let mut order = None;
        for row in &open {
            if store::visits::may_see(tx, visit, &row.id).await? {
                order = Some(row.number.clone());
            }
        }
        let refused = eligibility::may_replace(held.facts(), now).and_then(|()| {
            let open = open.iter().map(|row| (row.order.service, row.order.standing));
            eligibility::no_other_open(Service::Replacement, open)
        });
        Ok(LostLine {
            serial: held.sign.clone(),
            party: held.party,
            holder_name: match held.party {
                Party::Organisation => held.form.holder_name.clone(),
                Party::Person => mask::name(&held.form.holder_name),
            },
            key_serial: mask::bank_card(&held.key_serial),
            not_before: held.not_before,
            not_after: held.not_after,
            on_hold: held.status == CertificateStatus::Suspended,
            expired: now > held.not_after,
            // A38: what is replaced keeps its end, and soon after wants a renewal.
            renewal_soon: now <= held.not_after && now > held.not_after.plus_days(-RENEWAL_OPENS_DAYS),
            replace_refused: refused.err(),
            open_replacement: order,
            resume_refused: self.resume_refused(tx, held).await?,
        })
    }

    async fn resume_refused(&self, tx: &mut Tx, held: &Held) -> Result<Option<Refusal>, Fault> {
        match resumption::may(tx, held).await {
            Ok(()) => Ok(None),
            Err(Fault::Refused(refusal)) => Ok(Some(refusal)),
            Err(fault) => Err(fault),
        }
    }

    /// Puts these certificates on hold, each with its pair; what is on hold already stays so. Relying parties hear of it
    /// as of every change of standing (R162).
    ///
    /// # Errors
    /// `NotFound`: one of them is not this visit's, and then none is put on hold. Revoked already.
    pub async fn hold(&self, visit: Vec<u8>, serials: Vec<String>) -> Result<(), Fault> {
        let ground = self.ground.clone();
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    for serial in &serials {
                        let held = holders::find_for_visit(tx, &ground, &visit, serial).await?;
                        let by = By::new(held.origin.number.clone(), "持有者在线挂失");
                        let which = Which::PairOf(held.sign.clone());
                        match standing::change(tx, &ground, &which, Change::Suspend, &by).await {
                            Ok(_) => {}
                            Err(Fault::Standing(StandingRefusal::AlreadyOnHold)) => continue,
                            Err(fault) => return Err(fault),
                        }
                        let told = Errand::Effect {
                            order_id: held.origin.id.clone(),
                            effect: Effect::SendNotice(Notice::Suspended),
                        };
                        let now = ground.now();
                        let key = format!("lost/{serial}/{}", now.millis());
                        errand::record(tx, &ground, &told, &key, now).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}
