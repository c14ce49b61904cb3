//! What an order's page tells beside the order itself: where the password is, where the parcel is, which invoices were asked
//! for once more. Read by several desks.

use crate::fault::Fault;
use crate::store::orders::OrderRow;
use crate::store::parcels::ScanRow;
use crate::store::texts::{self, Delivery, TextRow};
use crate::store::{self, Tx, invoice_mails};
use app::desk::follow_up::{InvoiceCopy, PasscodeView, Sending};
use app::desk::parcels::{Following, ScanState, ScanView};
use journey::identity::PasscodeChannel;
use journey::moment::Moment;
use journey::order::PasscodeState;

/// Messages with one order's passcode, the first among them.
const TEXTS: usize = 4;
const AGAIN_AFTER_MINUTES: i64 = 5;
/// The tracker locks a number out that is asked about more often.
pub const ASK_COURIER_MINUTES: i64 = 30;
/// As `post/message.rs` calls it.
pub const PASSCODE_TEXT: &str = "passcode";

/// Where the order's passcode is; `None` while there is none.
///
/// # Errors
/// The store's own.
pub async fn passcode_view(tx: &mut Tx, row: &OrderRow) -> Result<Option<PasscodeView>, Fault> {
    let (Some(kept), Some(channel)) =
        (store::passcodes::find(tx, &row.id).await?, row.order.passcode_channel())
    else {
        return Ok(None);
    };
    if matches!(channel, PasscodeChannel::TransferRemark | PasscodeChannel::OwnAccountRemark) {
        let on_its_way = kept.reference.is_some() && row.order.passcode == PasscodeState::Sealed;
        let sending = match (kept.sent_at, on_its_way) {
            (Some(at), _) => Some(Sending { at: Some(at), delivery: Delivery::Delivered.into() }),
            (None, true) => Some(Sending { at: None, delivery: Delivery::Sent.into() }),
            (None, false) => None,
        };
        return Ok(Some(PasscodeView { sendings: sending.into_iter().collect(), ..PasscodeView::default() }));
    }
    let texts = texts::list(tx, &row.id, PASSCODE_TEXT).await?;
    let can = kept.sealed.is_some() && row.order.passcode == PasscodeState::Sent;
    Ok(Some(PasscodeView {
        again_left: u8::try_from(if can { TEXTS.saturating_sub(texts.len()) } else { 0 }).unwrap_or(0),
        again_at: texts.last().map(|text| text.sent_at.plus_minutes(AGAIN_AFTER_MINUTES)),
        sendings: texts.iter().map(sending).collect(),
    }))
}

fn sending(text: &TextRow) -> Sending {
    Sending { at: Some(moment(text)), delivery: text.state.into() }
}

/// When it arrived, as far as that is known.
fn moment(text: &TextRow) -> Moment {
    text.state_at.filter(|_| text.state == Delivery::Delivered).unwrap_or(text.sent_at)
}

impl From<Delivery> for app::desk::follow_up::Delivery {
    fn from(state: Delivery) -> Self {
        match state {
            Delivery::Sent => Self::Sent,
            Delivery::Delivered => Self::Delivered,
            Delivery::Failed => Self::Failed,
        }
    }
}

/// The way of the parcel that is under way now, newest first, and whether its courier is asked about it.
///
/// # Errors
/// The store's own.
pub async fn way(tx: &mut Tx, row: &OrderRow) -> Result<(Vec<ScanView>, Option<Following>), Fault> {
    let Some(parcel) = &row.order.parcel else { return Ok((Vec::new(), None)) };
    let scans = scans(tx, &row.id, &parcel.waybill).await?;
    let followed = store::parcels::find_followed(tx, &row.id, &parcel.waybill).await?;
    let following = followed.map(|followed| Following {
        heard_at: followed.heard_at,
        again_at: followed.asked_at.map(|at| at.plus_minutes(ASK_COURIER_MINUTES)),
        lost_track: followed.trouble.is_some() && scans.is_empty(),
        page: followed.page,
    });
    Ok((scans, following))
}

/// A parcel's way, newest first: what cannot be after its end was told late or wrongly, and is left out.
///
/// # Errors
/// The store's own.
pub async fn scans(tx: &mut Tx, order_id: &str, waybill: &str) -> Result<Vec<ScanView>, Fault> {
    let mut way: Vec<ScanView> = Vec::new();
    for ScanRow { state, place, at } in store::parcels::list(tx, order_id, waybill).await? {
        let before = way.last().map(|scan| scan.state);
        let state = ScanState::from_code(&state).filter(|state| state.may_come_after(before));
        way.extend(state.map(|state| ScanView { state, place, at }));
    }
    way.reverse();
    Ok(way)
}

/// What was asked for once more, newest first.
///
/// # Errors
/// The store's own.
pub async fn copies(tx: &mut Tx, order_id: &str) -> Result<Vec<InvoiceCopy>, Fault> {
    let rows = invoice_mails::list(tx, order_id).await?;
    let copy = |mail: invoice_mails::MailRow| InvoiceCopy {
        mailbox: mail.mailbox,
        asked_at: mail.asked_at,
        sent_at: mail.sent_at,
        failed: mail.error,
    };
    Ok(rows.into_iter().map(copy).collect())
}
