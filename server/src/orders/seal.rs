//! 使用此签章: the applicant looks at what was cut out of the seal sample and takes it, or uploads another scan.

use super::{Orders, Visit, order_for};
use crate::fault::Fault;
use crate::store;
use app::desk::evidence::SealState;
use journey::event::EventKind;
use journey::refusal::Refusal;
use journey::step::Step;

impl Orders {
    /// # Errors
    /// No such scan of this order; the order no longer stands at its uploads.
    pub async fn accept_seal(&self, visit: &Visit, number: String, file: String) -> Result<(), Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        self.ground
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let row = order_for(tx, &visit, &number).await?;
                    let image = store::seal_images::find(tx, &file).await?;
                    let image = image.filter(|image| image.order_id == row.id).ok_or(Fault::NotFound)?;
                    if row.order.step() != Some(Step::Evidence) {
                        let event = EventKind::EvidenceSubmitted;
                        return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
                    }
                    if image.state == SealState::Cut {
                        store::seal_images::accept(tx, &file, desk.ground.now()).await?;
                    }
                    Ok(())
                })
            })
            .await
    }
}
