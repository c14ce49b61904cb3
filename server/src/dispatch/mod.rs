//! Owns: 发货: the parcel as it leaves, and where it is then, as its courier says or dispatch takes down (R034, B24).
//! Never: a courier's protocol (`courier/`), the receipt (its applicant's, or the office's some days after 签收).
//! Start at: `ship.rs`, then `follow.rs` and `news.rs`.

mod follow;
mod news;
mod ship;

use crate::courier::Couriers;
use crate::details;
use crate::fault::Fault;
use crate::follow_up::{scans, way};
use crate::ground::Ground;
use crate::store;
use crate::store::orders::OrderRow;
use crate::store::parcels::ScanRow;
use app::desk::error::FieldError;
use app::desk::parcels::{CourierView, ParcelLine, ScanState};
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
    /// None: whoever dispatches types what the couriers say.
    couriers: Option<Couriers>,
}

impl Dispatch {
    pub fn new(ground: Ground, couriers: Option<Couriers>) -> Dispatch {
        Dispatch { ground, couriers }
    }

    /// Whom parcels go with; empty: anybody.
    pub fn couriers(&self) -> Vec<CourierView> {
        let companies = self.couriers.as_ref().map(Couriers::companies).unwrap_or_default();
        let view = |company: &crate::courier::Company| CourierView {
            name: company.name.to_owned(),
            code: company.code.to_owned(),
        };
        companies.iter().map(view).collect()
    }

    /// What has left and nobody has confirmed yet: what wants care first, then what waits longest.
    ///
    /// # Errors
    /// The store's own.
    pub async fn under_way(&self) -> Result<Vec<ParcelLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut lines = Vec::new();
        for row in store::orders::list_at(&mut reader, &[Step::Receipt.code()]).await? {
            let Some(parcel) = row.order.parcel.clone() else { continue };
            let (scans, following) = way(&mut reader, &row).await?;
            let holder_name = self.holder_name(&row)?;
            let last = scans.into_iter().next();
            lines.push(ParcelLine { number: row.number, holder_name, parcel, last, following });
        }
        let cared_for = |line: &ParcelLine| {
            let lost = line.following.as_ref().is_some_and(|following| following.lost_track);
            !(lost || line.last.as_ref().is_some_and(|scan| scan.state.wants_care()))
        };
        lines.sort_by_key(|line| (cared_for(line), line.parcel.shipped_at));
        Ok(lines)
    }

    fn holder_name(&self, row: &OrderRow) -> Result<String, Fault> {
        let form = details::open(&self.ground, row)?;
        Ok(match row.order.party {
            Party::Organisation => form.holder_name.clone(),
            Party::Person => journey::mask::name(&form.holder_name),
        })
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
                let parcel = row.order.parcel.as_ref().filter(|_| row.order.step() == Some(Step::Receipt));
                let Some(waybill) = parcel.map(|parcel| parcel.waybill.clone()) else {
                    let event = EventKind::Shipped;
                    return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
                };
                let before = scans(tx, &row.id, &waybill).await?.first().map(|scan| scan.state);
                if !state.may_follow(before) {
                    return Err(field("state", "parcel_was_further"));
                }
                let place = place.trim().to_owned();
                let scan = ScanRow { state: state.code().to_owned(), place, at: ground.now() };
                let id = ground.dice.id();
                store::parcels::record(tx, &id, (&row.id, &waybill), &scan, Some(&staff.0)).await?;
                Ok::<_, Fault>(())
            })
        });
        tracked.await
    }
}

fn field(field: &str, code: &str) -> Fault {
    Fault::Fields(vec![FieldError { field: field.into(), code: code.into() }])
}
