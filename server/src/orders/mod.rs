//! Owns: the applicant's order from the draft to the phone check, and what an applicant may see of it.
//! Never: money, a verdict, a certificate; another desk.
//! Start at: `draft.rs`, then `view.rs`.

mod catalogue;
mod draft;
mod expire;
mod hand_over;
mod list;
mod modify;
mod moves;
mod phone;
mod privacy;
mod query;
mod seal;
mod view;
mod withdraw;

pub use catalogue::Offers;
pub use expire::{expire_stale, forget_unpaid};
pub use phone::code_sent;
pub use privacy::forget_kept;
pub use query::Query;

use crate::codes::PerAddressHour;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::registry::Registry;
use crate::store::Tx;
use crate::store::orders::OrderRow;
use crate::visits;

/// An applicant's browser session, named by the digest of its token. The guard has checked that it is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit(pub Vec<u8>);

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Orders {
    ground: Ground,
    offers: std::sync::Arc<Offers>,
    registry: Registry,
    codes: PerAddressHour,
    starts: PerAddressHour,
    draft_days: i64,
}

impl Orders {
    pub fn new(
        ground: Ground,
        offers: Offers,
        registry: Registry,
        (codes, starts): (PerAddressHour, PerAddressHour),
        draft_days: i64,
    ) -> Orders {
        Orders { ground, offers: std::sync::Arc::new(offers), registry, codes, starts, draft_days }
    }

    pub fn offers(&self) -> &Offers {
        &self.offers
    }
}

/// The order of this number if this visit may see it; a stranger's order is not found, like one that is not.
pub(crate) async fn order_for(tx: &mut Tx, visit: &Visit, number: &str) -> Result<OrderRow, Fault> {
    visits::order_for(tx, &visit.0, number).await
}
