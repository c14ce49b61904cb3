//! Owns: 证书解锁 (R068 to R082): the key is shown, its holder confirmed by phone or by identity, and its admin PIN released
//! once, to the station that holds the key, for a new PIN that the holder chooses.
//! Never: that PIN; a form that the holder could change to be somebody else; how identity is checked (the identity desk).
//! Start at: `present.rs`, then `release.rs`.

mod enter;
mod present;
mod release;
mod show;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::held::{self, Held};
use crate::store::media::MediumRow;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use crate::visits::order_for;
use journey::eligibility::{UnblockHistory, may_unblock};
use journey::event::EventKind;
use journey::refusal::Refusal;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Unblocking {
    ground: Ground,
}

/// Everything one decision is about.
struct Case {
    row: OrderRow,
    held: Held,
    medium: MediumRow,
}

impl Unblocking {
    pub fn new(ground: Ground) -> Unblocking {
        Unblocking { ground }
    }

    /// The order, if this visit may see it, it is an unblock, and it stands here.
    async fn order(
        &self,
        tx: &mut Tx,
        visit: &[u8],
        number: &str,
        step: Step,
        event: EventKind,
    ) -> Result<OrderRow, Fault> {
        let row = order_for(tx, visit, number).await?;
        if row.order.service == Service::Unblock && row.order.step() == Some(step) {
            return Ok(row);
        }
        Err(Refusal::NotHere { standing: row.order.standing, event }.into())
    }

    /// With the certificate that was shown and the medium it lies on.
    async fn case(&self, tx: &mut Tx, row: OrderRow) -> Result<Case, Fault> {
        let shown = store::held::load_shown(tx, &row.id).await?;
        let held = held::find_by_serial(tx, &self.ground, &shown.sign_serial).await?;
        let held = held.ok_or(Refusal::CertificateUnknown)?;
        let medium = store::media::find(tx, &shown.key_serial).await?;
        // Its admin PIN was never told to this office, or not for this key: nothing here can open it.
        let medium = medium.filter(|medium| medium.admin_pin.is_some()).ok_or(Refusal::AdminPinUnknown)?;
        Ok(Case { row, held, medium })
    }

    /// R073, R080, R134, A25, A31, A32: by the office's clock and its own record.
    async fn may(&self, tx: &mut Tx, case: &Case, route: Route) -> Result<(), Fault> {
        let now = self.ground.now();
        let done = store::unblocks::count_done(tx, &case.medium.serial, now.beijing_midnight()).await?;
        let history = UnblockHistory {
            identity_proven: case.medium.proven_at.is_some(),
            today: u8::try_from(done).unwrap_or(u8::MAX),
        };
        Ok(may_unblock(case.held.facts(), history, route, now)?)
    }
}
