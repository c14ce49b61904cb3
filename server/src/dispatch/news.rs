//! What a courier tells: a push at the door, or the answer to a question. The whole way comes each time, so that a
//! repetition adds nothing and the order in which pushes arrive does not matter; where the parcel is, its lines say.

use super::Dispatch;
use crate::courier::{Line, News};
use crate::errand::{self, Errand};
use crate::fault::Fault;
use crate::follow_up::scans;
use crate::ground::Ground;
use crate::store::parcels::{Followed, ScanRow};
use crate::store::{self, Tx};
use app::desk::parcels::ScanState;
use journey::effect::{Effect, Notice};
use journey::moment::Moment;
use journey::step::Step;

impl Dispatch {
    /// Whether it is kept, and the answer for the tracker; `None`: this office has none.
    pub async fn hear(&self, body: &[u8]) -> Option<(bool, &'static str)> {
        let tracker = &self.couriers.as_ref()?.tracker;
        let kept = match tracker.read(body) {
            // The salt is made from the number, known or not: before a signature holds nothing is looked up.
            Some(push) if push.is_signed_with(&self.salt(&push.waybill)) => {
                let kept = self.take(push.waybill, push.news).await;
                kept.inspect_err(|error| tracing::error!(%error, "news not kept: the tracker repeats it"))
                    .is_ok()
            }
            _ => {
                tracing::warn!("news of a parcel refused: not signed by the tracker");
                false
            }
        };
        Some((kept, tracker.acknowledgement(kept)))
    }

    /// Takes proven news down for every order whose key travels under this number.
    pub(super) async fn take(&self, waybill: String, news: News) -> Result<(), Fault> {
        let ground = self.ground.clone();
        let days = self.couriers.as_ref().map_or(0, |couriers| couriers.receipt_days);
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for followed in store::parcels::list_followed(tx, &waybill).await? {
                    take_down(tx, &ground, followed, &news, days).await?;
                }
                Ok(())
            })
        });
        taken.await
    }
}

async fn take_down(
    tx: &mut Tx,
    ground: &Ground,
    mut followed: Followed,
    news: &News,
    receipt_days: i64,
) -> Result<(), Fault> {
    let before = state(tx, &followed).await?;
    for (place, line) in news.lines.iter().enumerate() {
        let id = scan_id(&followed, line, &news.lines[..place]);
        let (state, place, at) = (line.state.code().to_owned(), line.words.clone(), line.at);
        let parcel = (followed.order_id.as_str(), followed.waybill.as_str());
        store::parcels::record(tx, &id, parcel, &ScanRow { state, place, at }, None).await?;
    }
    let now = ground.now();
    if !news.lines.is_empty() {
        (followed.heard_at, followed.trouble) = (Some(now), None);
    } else if let Some(why) = &news.given_up {
        followed.trouble = Some(why.clone());
    }
    store::parcels::keep_followed(tx, &followed).await?;
    match state(tx, &followed).await? {
        Some(after) if before != Some(after) => {
            tell(tx, ground, &followed, after, now.plus_days(receipt_days)).await
        }
        _ => Ok(()),
    }
}

async fn state(tx: &mut Tx, followed: &Followed) -> Result<Option<ScanState>, Fault> {
    Ok(scans(tx, &followed.order_id, &followed.waybill).await?.first().map(|scan| scan.state))
}

/// The same line has the same name whenever it is told, though its state may be told otherwise later; two alike in one way
/// are two.
fn scan_id(followed: &Followed, line: &Line, earlier: &[Line]) -> String {
    let Line { at, words, .. } = line;
    let alike = earlier.iter().filter(|other| other.at == *at && other.words == *words).count();
    let text = format!("{}\n{}\n{}\n{words}\n{alike}", followed.order_id, followed.waybill, at.millis());
    hex::encode(&ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref()[..16])
}

/// What its applicant hears, each once for a parcel; and after 签收 the order does not wait for ever.
async fn tell(
    tx: &mut Tx,
    ground: &Ground,
    followed: &Followed,
    state: ScanState,
    received_at: Moment,
) -> Result<(), Fault> {
    let row = store::orders::load(tx, &followed.order_id).await?;
    let current = row.order.parcel.as_ref().is_some_and(|parcel| parcel.waybill == followed.waybill);
    if !current || row.order.step() != Some(Step::Receipt) {
        return Ok(());
    }
    let notice = match state {
        ScanState::Delivered => Notice::ParcelArrived,
        ScanState::Troubled => Notice::ParcelTroubled,
        ScanState::Refused => Notice::ParcelRefused,
        ScanState::Returned => Notice::ParcelReturned,
        ScanState::Collected | ScanState::InTransit | ScanState::OutForDelivery | ScanState::Lost => {
            return Ok(());
        }
    };
    let parcel = format!("{}/{}", row.id, followed.waybill);
    let told = Errand::Effect { order_id: row.id.clone(), effect: Effect::SendNotice(notice) };
    errand::record(tx, ground, &told, &format!("{parcel}/{}", notice.code()), ground.now()).await?;
    if state == ScanState::Delivered {
        let receipt = Errand::TakeAsReceived { order_id: row.id, waybill: followed.waybill.clone() };
        errand::record(tx, ground, &receipt, &parcel, received_at).await?;
    }
    Ok(())
}
