//! 恢复使用: the key was found, its holder proves identity, and both certificates count again (B01).

use super::Lost;
use crate::advance::{advance, open};
use crate::details;
use crate::fault::Fault;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use crate::visits::order_for;
use crate::{holders, resumption};
use app::desk::lost::FoundView;
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::mask;
use journey::money::Fen;
use journey::party::Party;
use journey::proof::{self, ProofForm};
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

impl Lost {
    /// Opens the order for the record of this serial, which `before`, the caller's visit until now, may see; or gives the
    /// number of the one that is open for it (R133). `visit` sees it from now on.
    ///
    /// # Errors
    /// `NotFound`: not this visit's record. Why it is not resumed now (`resumption::may`).
    pub async fn start_resumption(
        &self,
        before: Vec<u8>,
        visit: Vec<u8>,
        serial: String,
    ) -> Result<String, Fault> {
        let ground = self.ground.clone();
        let started = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let held = holders::find_for_visit(tx, &ground, &before, &serial).await?;
                resumption::may(tx, &held).await?;
                // Whoever holds the reserved phone now may see it, whoever began it.
                if let Some(row) = resumption::find_open(tx, &ground, &held).await? {
                    store::visits::let_see(tx, &visit, &row.id).await?;
                    return Ok(row.number);
                }
                let row = open(tx, &ground, Service::Resumption, held.party, Route::Usual, &Actor::Applicant)
                    .await?;
                store::visits::let_see(tx, &visit, &row.id).await?;
                let event = Event::RecordChosen { certificate_serial: held.sign.clone(), suspend: false };
                let row = advance(tx, &ground, row, None, event, &Actor::Applicant).await?;
                details::keep(tx, &ground, &row, &held.prefilled()).await?;
                Ok::<_, Fault>(row.number)
            })
        });
        started.await
    }

    /// What stands beside the order: the certificate, and whose identity is checked.
    ///
    /// # Errors
    /// No such order for this visit.
    pub async fn view_found(&self, visit: &[u8], number: &str) -> Result<FoundView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        if row.order.service != Service::Resumption {
            return Err(Fault::NotFound);
        }
        let form = details::open(&self.ground, &row)?;
        let (name, id, shown) = match row.order.party {
            Party::Organisation => (&form.legal_person_name, &form.legal_person_id, form.holder_name.clone()),
            Party::Person => (&form.holder_name, &form.holder_id, mask::name(&form.holder_name)),
        };
        let refused = match resumption::load(&mut reader, &self.ground, &row).await {
            Err(Fault::Refused(refusal)) if row.order.standing.is_open() => Some(refusal),
            Err(Fault::Refused(_)) | Ok(_) => None,
            Err(fault) => return Err(fault),
        };
        Ok(FoundView {
            certificate_name: shown,
            serial: row.order.certificate_serial.clone().unwrap_or_default(),
            proven_name: mask::name(name),
            proven_id: mask::id_number(id),
            proven_document: form.holder_document,
            refused,
        })
    }

    /// 下一步: how identity is proven; name and number are the certificate's.
    ///
    /// # Errors
    /// The fields that do not hold; why it is not resumed now.
    pub async fn prove(
        &self,
        visit: Vec<u8>,
        number: String,
        seen: i64,
        proof: ProofForm,
    ) -> Result<(), Fault> {
        let desk = self.clone();
        let proven = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.at_details(tx, &visit, &number).await?;
                let held = resumption::load(tx, &desk.ground, &row).await?;
                let form = proof::parse(&held.prefilled(), &proof).map_err(Fault::of_fields)?;
                let (digest, method) = (details::digest(&form), form.method);
                let event = Event::DetailsEntered { digest, method, price: Fen::ZERO };
                let row = advance(tx, &desk.ground, row, Some(seen), event, &Actor::Applicant).await?;
                Ok::<_, Fault>(details::keep(tx, &desk.ground, &row, &form).await?)
            })
        });
        proven.await
    }

    async fn at_details(&self, tx: &mut Tx, visit: &[u8], number: &str) -> Result<OrderRow, Fault> {
        let row = order_for(tx, visit, number).await?;
        if row.order.service == Service::Resumption && row.order.step() == Some(Step::Details) {
            return Ok(row);
        }
        Err(Refusal::NotHere { standing: row.order.standing, event: EventKind::DetailsEntered }.into())
    }
}
