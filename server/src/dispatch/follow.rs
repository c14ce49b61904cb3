//! Asking the courier: subscribed when the parcel leaves, asked when it has been silent for a day, and when its applicant
//! presses 刷新.

use super::Dispatch;
use crate::advance::advance;
use crate::courier::{Couriers, Parcel};
use crate::details;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::follow_up::{ASK_COURIER_MINUTES, scans};
use crate::outside::CallError;
use crate::store;
use crate::store::orders::OrderRow;
use crate::store::parcels::Followed;
use crate::visits::order_for;
use app::desk::parcels::ScanState;
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::moment::Moment;
use journey::refusal::Refusal;
use journey::step::Step;

pub(super) const SILENT_HOURS: i64 = 24;
/// The tracker forgets a parcel after two months.
const FOLLOWED_DAYS: i64 = 60;
/// Until a question that nobody answered may be put again.
const UNANSWERED_MINUTES: i64 = 2;

impl Dispatch {
    /// The secret that a push about this number is signed with: derived, so that it stands nowhere.
    pub(super) fn salt(&self, waybill: &str) -> String {
        hex::encode(&self.ground.sealing.digest("courier_salt", waybill)[..16])
    }

    /// Subscribes to the news of what has just left; then it is asked about where it keeps silent.
    ///
    /// # Errors
    /// The store's own; the tracker's are in the outcome.
    pub async fn follow(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let Some((couriers, mut followed)) = self.followed(&mut reader, &row).await? else {
            return Ok(Outcome::done());
        };
        drop(reader);
        if let Err(error) = self.subscribe(couriers, &row, &mut followed).await? {
            return Ok(Outcome::Again { why: error.to_string() });
        }
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                // A push may have come before the answer did: what it left stays.
                let kept = store::parcels::load_followed(tx, &followed.order_id, &followed.waybill).await?;
                let (subscribed_at, trouble) = (followed.subscribed_at, followed.trouble);
                store::parcels::keep_followed(tx, &Followed { subscribed_at, trouble, ..kept }).await?;
                Ok(())
            })
        }))
    }

    /// What the tracker refuses is written down, for it would be refused again.
    async fn subscribe(
        &self,
        couriers: &Couriers,
        row: &OrderRow,
        followed: &mut Followed,
    ) -> Result<Result<(), CallError>, Fault> {
        let phone = self.phone(couriers, row, followed)?;
        let salt = self.salt(&followed.waybill);
        let parcel = parcel(followed, phone.as_deref());
        match couriers.tracker.subscribe(&parcel, &couriers.callback_url, &salt).await {
            Ok(()) => followed.subscribed_at = Some(self.ground.now()),
            Err(CallError::Refused { code, message }) => {
                tracing::warn!(order = %row.number, code, message, "the courier does not follow a parcel");
                followed.trouble = Some(code);
            }
            Err(error) => return Ok(Err(error)),
        }
        Ok(Ok(()))
    }

    /// Asks where no news has come for a day, and so on every day until the parcel has arrived.
    ///
    /// # Errors
    /// The store's own.
    pub async fn ask_silent(&self, order_id: &str, waybill: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let Some((couriers, mut followed)) =
            self.followed(&mut reader, &row).await?.filter(|(_, followed)| followed.waybill == waybill)
        else {
            return Ok(Outcome::done());
        };
        let last = scans(&mut reader, order_id, waybill).await?.first().map(|scan| scan.state);
        drop(reader);
        let now = self.ground.now();
        // Nothing comes after an end.
        let ended =
            last.is_some_and(|last| ScanState::ALL.iter().all(|next| !next.may_come_after(Some(last))));
        if ended || now > followed.followed_at.plus_days(FOLLOWED_DAYS) {
            return Ok(Outcome::done());
        }
        let last_word =
            [followed.heard_at, followed.asked_at, Some(followed.followed_at)].into_iter().flatten().max();
        if let Some(at) = last_word.map(|at| at.plus_hours(SILENT_HOURS)).filter(|at| *at > now) {
            return Ok(Outcome::Later { at, why: "heard of within a day" });
        }
        // The tracker was away when the parcel left.
        if followed.subscribed_at.is_none() && followed.trouble.is_none() {
            match self.subscribe(couriers, &row, &mut followed).await? {
                Ok(()) => {
                    let (subscribed_at, trouble) = (followed.subscribed_at, followed.trouble.clone());
                    self.change(&followed, move |parcel| {
                        (parcel.subscribed_at, parcel.trouble) = (subscribed_at, trouble);
                    })
                    .await?;
                }
                Err(error) => {
                    tracing::warn!(order = %row.number, %error, "the courier follows no parcel yet")
                }
            }
        }
        let at = match self.ask(couriers, &row, &followed, now).await {
            Ok(()) => now.plus_hours(SILENT_HOURS),
            Err(fault) => {
                tracing::warn!(order = %row.number, %fault, "the courier was not asked");
                now.plus_hours(1)
            }
        };
        Ok(Outcome::Later { at, why: "the courier was asked" })
    }

    /// 刷新: once in half an hour, as often as the tracker lets a number be asked about.
    ///
    /// # Errors
    /// No such order for this visit; nobody is asked about its parcel; too soon; the tracker is away.
    pub async fn ask_for(&self, visit: &[u8], number: String) -> Result<(), Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, &number).await?;
        let Some((couriers, followed)) = self.followed(&mut reader, &row).await? else {
            let event = EventKind::Received;
            return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
        };
        drop(reader);
        let now = self.ground.now();
        self.may_ask(&followed, now).await?;
        let asked = self.ask(couriers, &row, &followed, now).await;
        if asked.is_err() {
            // Nobody answered: the next try need not wait for long.
            let at = now.plus_minutes(UNANSWERED_MINUTES - ASK_COURIER_MINUTES);
            self.change(&followed, move |parcel| parcel.asked_at = Some(at)).await?;
        }
        asked
    }

    /// Takes the turn: two browsers at once are one question.
    async fn may_ask(&self, followed: &Followed, now: Moment) -> Result<(), Fault> {
        let (order_id, waybill) = (followed.order_id.clone(), followed.waybill.clone());
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let mut parcel = store::parcels::load_followed(tx, &order_id, &waybill).await?;
                let free = parcel.asked_at.map(|at| at.plus_minutes(ASK_COURIER_MINUTES));
                if let Some(wait) = free.map(|at| at.millis() - now.millis()).filter(|wait| *wait > 0) {
                    let retry_after_s = u32::try_from((wait + 999) / 1000).unwrap_or(1800);
                    return Err(Fault::SlowDown { retry_after_s });
                }
                parcel.asked_at = Some(now);
                store::parcels::keep_followed(tx, &parcel).await?;
                Ok(())
            })
        });
        taken.await
    }

    async fn ask(
        &self,
        couriers: &Couriers,
        row: &OrderRow,
        followed: &Followed,
        now: Moment,
    ) -> Result<(), Fault> {
        let phone = self.phone(couriers, row, followed)?;
        let news = couriers
            .tracker
            .query(&parcel(followed, phone.as_deref()))
            .await
            .map_err(|error| Fault::Partner { partner: "courier", error })?;
        self.change(followed, move |parcel| parcel.asked_at = Some(now)).await?;
        self.take(followed.waybill.clone(), news).await
    }

    async fn change(
        &self,
        followed: &Followed,
        change: impl FnOnce(&mut Followed) + Send + 'static,
    ) -> Result<(), Fault> {
        let (order_id, waybill) = (followed.order_id.clone(), followed.waybill.clone());
        let changed = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let mut parcel = store::parcels::load_followed(tx, &order_id, &waybill).await?;
                change(&mut parcel);
                store::parcels::keep_followed(tx, &parcel).await?;
                Ok(())
            })
        });
        changed.await
    }

    /// The parcel that is under way, where its courier is asked about it.
    async fn followed(
        &self,
        tx: &mut store::Tx,
        row: &OrderRow,
    ) -> Result<Option<(&Couriers, Followed)>, Fault> {
        let under_way = row.order.parcel.as_ref().filter(|_| row.order.step() == Some(Step::Receipt));
        let (Some(couriers), Some(parcel)) = (&self.couriers, under_way) else { return Ok(None) };
        let followed = store::parcels::find_followed(tx, &row.id, &parcel.waybill).await?;
        Ok(followed.map(|followed| (couriers, followed)))
    }

    /// The end of the recipient's number, for the couriers that want it: they tell nothing to who does not know it.
    fn phone(
        &self,
        couriers: &Couriers,
        row: &OrderRow,
        followed: &Followed,
    ) -> Result<Option<String>, Fault> {
        let wanted =
            couriers.companies().iter().any(|each| each.code == followed.company && each.wants_phone);
        if !wanted {
            return Ok(None);
        }
        let form = details::open(&self.ground, row)?;
        let digits: Vec<char> = form.recipient_phone.chars().filter(char::is_ascii_digit).collect();
        Ok(Some(digits[digits.len().saturating_sub(4)..].iter().collect()))
    }

    /// Some days after 签收 an order is received without its applicant's word, unless the parcel was another one meanwhile
    /// or the courier has taken its word back.
    ///
    /// # Errors
    /// The store's own.
    pub async fn take_as_received(&self, order_id: String, waybill: String) -> Result<Outcome, Fault> {
        let ground = self.ground.clone();
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let row = store::orders::load(tx, &order_id).await?;
                let waits = row.order.step() == Some(Step::Receipt)
                    && row.order.parcel.as_ref().is_some_and(|parcel| parcel.waybill == waybill);
                let last = scans(tx, &order_id, &waybill).await?.first().map(|scan| scan.state);
                if waits && last == Some(ScanState::Delivered) {
                    advance(tx, &ground, row, None, Event::Received, &Actor::Provider).await?;
                }
                Ok(())
            })
        }))
    }
}

fn parcel<'a>(followed: &'a Followed, phone: Option<&'a str>) -> Parcel<'a> {
    Parcel { company: &followed.company, waybill: &followed.waybill, phone }
}
