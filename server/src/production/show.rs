//! Jobs on the producer's and the dispatcher's screens.

use super::{Production, load};
use crate::details;
use crate::fault::Fault;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::production::{JobStage, JobView, Recipient};
use app::desk::review::QueueLine;
use journey::actor::StaffId;
use journey::details::DetailsForm;
use journey::order::{PasscodeState, Standing};
use journey::party::Party;
use journey::step::Step;

impl Production {
    /// Orders that wait for their key, what is promised first at the top.
    ///
    /// # Errors
    /// The store's own.
    pub async fn queue(&self, staff: &StaffId) -> Result<Vec<QueueLine>, Fault> {
        self.lines(staff, Step::Production).await
    }

    /// Keys that wait for their parcel.
    ///
    /// # Errors
    /// The store's own.
    pub async fn dispatch_queue(&self, staff: &StaffId) -> Result<Vec<QueueLine>, Fault> {
        self.lines(staff, Step::Dispatch).await
    }

    async fn lines(&self, staff: &StaffId, step: Step) -> Result<Vec<QueueLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut lines = Vec::new();
        for row in store::orders::list_at(&mut reader, &[step.code()]).await? {
            let producer = row.order.produced_by.clone();
            let claimed_by = match &producer {
                Some(id) => store::staff::find_name(&mut reader, &id.0).await?,
                None => None,
            };
            lines.push(QueueLine {
                holder_name: self.holder_name(&row)?,
                service: row.order.service,
                party: row.order.party,
                standing: row.order.standing,
                since: row.changed_at,
                promise_due: row.order.promise_due.map(|day| day.to_string()),
                mine: producer.as_ref() == Some(staff),
                claimed_by,
                number: row.number,
            });
        }
        Ok(lines)
    }

    /// With the recipient once there is something to ship; that somebody read it is written down first (B15).
    ///
    /// # Errors
    /// No such order at production or after it.
    pub async fn job(&self, staff: &StaffId, number: &str) -> Result<JobView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = load(&mut reader, number).await?;
        let view = self.show(&mut reader, staff, row.clone()).await?;
        drop(reader);
        if !matches!(row.order.step(), Some(Step::Dispatch | Step::Receipt)) {
            return Ok(view);
        }
        let recipient = recipient(&details::open(&self.ground, &row)?);
        self.record_look(staff, row.id).await?;
        Ok(JobView { recipient: Some(recipient), ..view })
    }

    async fn record_look(&self, staff: &StaffId, order_id: String) -> Result<(), Fault> {
        let (ground, staff) = (self.ground.clone(), staff.clone());
        let noted = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let (id, now) = (ground.dice.id(), ground.now());
                store::staff::record_look(tx, &id, &staff.0, &order_id, "recipient", "shipping", now).await
            })
        });
        noted.await.map_err(Fault::Store)
    }

    pub(super) async fn show(&self, tx: &mut Tx, staff: &StaffId, row: OrderRow) -> Result<JobView, Fault> {
        let stage = stage(&row).ok_or(Fault::NotFound)?;
        let started = store::productions::find(tx, &row.id).await?;
        let order = &row.order;
        Ok(JobView {
            holder_name: self.holder_name(&row)?,
            service: order.service,
            party: order.party,
            stage,
            mine: order.produced_by.as_ref() == Some(staff),
            // Only a key whose pair the office knows is bound to the order.
            key_serial: order
                .key_serial
                .clone()
                .or(started.filter(|p| p.request.is_some()).map(|p| p.key_serial)),
            sign_serial: order.sign_serial.clone(),
            encrypt_serial: order.encrypt_serial.clone(),
            passcode_sent: order.passcode == PasscodeState::Sent,
            recipient: None,
            version: row.version,
            number: row.number,
        })
    }

    fn holder_name(&self, row: &OrderRow) -> Result<String, Fault> {
        let form = details::open(&self.ground, row)?;
        Ok(match row.order.party {
            Party::Organisation => form.holder_name.clone(),
            Party::Person => journey::mask::name(&form.holder_name),
        })
    }
}

fn recipient(form: &DetailsForm) -> Recipient {
    Recipient {
        name: form.recipient_name.clone(),
        phone: form.recipient_phone.clone(),
        // 北京市 · 市辖区: the list's own fillers are no part of an address.
        address: [&form.province, &form.city, &form.county, &form.street]
            .into_iter()
            .filter(|part| !matches!(part.as_str(), "市辖区" | "县"))
            .cloned()
            .collect(),
    }
}

/// How far the job is, from the order's own facts; `None` before production.
fn stage(row: &OrderRow) -> Option<JobStage> {
    let order = &row.order;
    match order.standing {
        Standing::Open(Step::Production) => Some(if order.sign_serial.is_some() {
            JobStage::Issued
        } else if order.spki_digest.is_some() {
            JobStage::Generated
        } else if order.produced_by.is_some() {
            JobStage::Taken
        } else {
            JobStage::Waiting
        }),
        Standing::Open(Step::Dispatch) => Some(JobStage::Verified),
        Standing::Open(Step::Receipt) => Some(JobStage::Shipped),
        Standing::Completed => order.parcel.is_some().then_some(JobStage::Shipped),
        _ => None,
    }
}
