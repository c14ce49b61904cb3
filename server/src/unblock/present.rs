//! The key is there: whether it may be unblocked, and which way (A26, A27). No PIN and no private key is asked for.

use super::Unblocking;
use crate::advance::advance;
use crate::fault::Fault;
use crate::store;
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::refusal::Refusal;
use journey::route::Route;
use journey::step::Step;

impl Unblocking {
    /// 下一步 after 识别到证书信息 (R076). The first unblock of a medium proves identity, whatever was meant (R080).
    ///
    /// # Errors
    /// Another key than the one that was shown; revoked, on hold, expired too long, unblocked too often today; a key
    /// whose admin PIN nobody keeps.
    pub async fn present(&self, visit: Vec<u8>, number: String, key_serial: String) -> Result<(), Fault> {
        let desk = self.clone();
        let presented = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.order(tx, &visit, &number, Step::KeyPresence, EventKind::KeyPresented).await?;
                let case = desk.case(tx, row).await?;
                if case.medium.serial != key_serial {
                    return Err(Refusal::KeyDiffers.into());
                }
                let first = match desk.may(tx, &case, Route::Usual).await {
                    Ok(()) => false,
                    Err(Fault::Refused(Refusal::IdentityFirst)) => true,
                    Err(fault) => return Err(fault),
                };
                store::unblocks::record(tx, &case.row.id, &key_serial).await?;
                let event = Event::KeyPresented { key_serial };
                let row = advance(tx, &desk.ground, case.row, None, event, &Actor::Applicant).await?;
                if first {
                    let event = Event::RouteChanged { route: Route::ByIdentity };
                    advance(tx, &desk.ground, row, None, event, &Actor::Office).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        presented.await
    }
}
