//! Owns: parcels after they have left: where each is, as the courier tells dispatch (B24).
//! Never: the shipping itself (production reports it), the receipt (its applicant's, or the office's after a while).
//! Start at: `Dispatch::track`.

use crate::details;
use crate::fault::Fault;
use crate::follow_up::scans;
use crate::ground::Ground;
use crate::store;
use crate::store::orders::OrderRow;
use crate::store::parcels::ScanRow;
use app::desk::error::FieldError;
use app::desk::parcels::{ParcelLine, ScanState, ScanView};
use journey::actor::StaffId;
use journey::event::EventKind;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::step::Step;

/// Characters of a place.
const LONGEST: usize = 60;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Dispatch {
    ground: Ground,
}

impl Dispatch {
    pub fn new(ground: Ground) -> Dispatch {
        Dispatch { ground }
    }

    /// What has left and nobody has confirmed yet.
    ///
    /// # Errors
    /// The store's own.
    pub async fn under_way(&self) -> Result<Vec<ParcelLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut lines = Vec::new();
        for row in store::orders::list_at(&mut reader, &[Step::Receipt.code()]).await? {
            let last = scans(&mut reader, &row).await?.into_iter().next();
            lines.extend(self.line(row, last)?);
        }
        Ok(lines)
    }

    fn line(&self, row: OrderRow, last: Option<ScanView>) -> Result<Option<ParcelLine>, Fault> {
        let Some(parcel) = row.order.parcel.clone() else { return Ok(None) };
        let form = details::open(&self.ground, &row)?;
        let holder_name = match row.order.party {
            Party::Organisation => form.holder_name.clone(),
            Party::Person => journey::mask::name(&form.holder_name),
        };
        Ok(Some(ParcelLine { number: row.number, holder_name, parcel, last }))
    }

    /// # Errors
    /// Not shipped, or received already; the parcel was further on before.
    pub async fn track(
        &self,
        staff: &StaffId,
        number: String,
        state: ScanState,
        place: String,
    ) -> Result<(), Fault> {
        if place.chars().count() > LONGEST {
            return Err(field("place", "too_long"));
        }
        let (ground, staff) = (self.ground.clone(), staff.clone());
        let tracked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = store::orders::find_by_number(tx, &number).await?.ok_or(Fault::NotFound)?;
                if row.order.step() != Some(Step::Receipt) {
                    let event = EventKind::Shipped;
                    return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
                }
                let before = scans(tx, &row).await?.first().map(|scan| scan.state);
                if !state.may_follow(before) {
                    return Err(field("state", "parcel_was_further"));
                }
                let place = place.trim().to_owned();
                let scan = ScanRow { state: state.code().to_owned(), place, at: ground.now() };
                store::parcels::record(tx, &ground.dice.id(), &row.id, &scan, &staff.0).await?;
                Ok::<_, Fault>(())
            })
        });
        tracked.await
    }
}

fn field(field: &str, code: &str) -> Fault {
    Fault::Fields(vec![FieldError { field: field.into(), code: code.into() }])
}
