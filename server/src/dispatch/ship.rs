//! A parcel leaves: the first time, and again when it came back undelivered.

use super::follow::SILENT_HOURS;
use super::{Dispatch, field};
use crate::advance::advance;
use crate::courier::Company;
use crate::errand::{self, Errand};
use crate::fault::Fault;
use crate::follow_up::scans;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::parcels::ScanState;
use journey::actor::{Actor, StaffId};
use journey::entry::waybill;
use journey::event::{Event, EventKind};
use journey::refusal::Refusal;
use journey::step::Step;

impl Dispatch {
    /// Hands the parcel over (R034); only a proven key whose passcode has left may go (R153).
    ///
    /// # Errors
    /// The rule book's; a courier that is not offered, a number that is not the courier's; under way already.
    pub async fn ship(
        &self,
        staff: &StaffId,
        number: String,
        courier: String,
        waybill: String,
    ) -> Result<(), Fault> {
        let courier = courier.trim().to_owned();
        let company = self.company(&courier)?;
        let waybill = waybill::parse(company.as_ref().map_or("", |company| company.code), &waybill)
            .map_err(|error| field("waybill", number_fault(error.code)))?;
        let (ground, actor) = (self.ground.clone(), Actor::Dispatcher(staff.clone()));
        let shipped = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = store::orders::find_by_number(tx, &number).await?.ok_or(Fault::NotFound)?;
                may_leave(tx, &row, &waybill).await?;
                if let Some(company) = company {
                    let page = company.page(&waybill);
                    let now = ground.now();
                    store::parcels::follow(tx, &row.id, &waybill, company.code, page.as_deref(), now).await?;
                    // Whatever becomes of the subscription, it is asked about where it keeps silent.
                    let ask = Errand::AskCourier { order_id: row.id.clone(), waybill: waybill.clone() };
                    let key = format!("{}/{waybill}", row.id);
                    errand::record(tx, &ground, &ask, &key, now.plus_hours(SILENT_HOURS)).await?;
                }
                advance(tx, &ground, row, None, Event::Shipped { courier, waybill }, &actor).await?;
                Ok(())
            })
        });
        shipped.await
    }

    /// The courier of this name; `None` where any may be typed.
    fn company(&self, courier: &str) -> Result<Option<Company>, Fault> {
        match &self.couriers {
            _ if courier.is_empty() => Err(field("courier", "empty")),
            // It stands in a text message.
            None if courier.chars().count() > 20 => Err(field("courier", "too_long")),
            None => Ok(None),
            Some(couriers) => {
                couriers.find(courier).cloned().map(Some).ok_or_else(|| field("courier", "courier_unknown"))
            }
        }
    }
}

/// What is under way leaves again only when it came back, and under another number.
async fn may_leave(tx: &mut Tx, row: &OrderRow, waybill: &str) -> Result<(), Fault> {
    let Some(parcel) = row.order.parcel.as_ref().filter(|_| row.order.step() == Some(Step::Receipt)) else {
        return Ok(());
    };
    let last = scans(tx, &row.id, &parcel.waybill).await?.first().map(|scan| scan.state);
    if last != Some(ScanState::Returned) {
        return Err(Refusal::NotHere { standing: row.order.standing, event: EventKind::Shipped }.into());
    }
    if parcel.waybill == waybill { Err(field("waybill", "waybill_again")) } else { Ok(()) }
}

fn number_fault(code: &str) -> &str {
    if code == "waybill_of_another" { code } else { "waybill_invalid" }
}
