//! What the page shows of an unblock beside the order itself: the key it is about, and why it goes the way it goes.

use super::Unblocking;
use crate::details;
use crate::fault::Fault;
use crate::store;
use crate::visits::order_for;
use app::desk::unblock::UnblockView;
use journey::mask;
use journey::party::Party;
use journey::service::Service;

impl Unblocking {
    /// # Errors
    /// No such unblock for this visit.
    pub async fn view(&self, visit: &[u8], number: &str) -> Result<UnblockView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        if row.order.service != Service::Unblock {
            return Err(Fault::NotFound);
        }
        let shown = store::held::load_shown(&mut reader, &row.id).await?;
        let held = crate::held::find_by_serial(&mut reader, &self.ground, &shown.sign_serial).await?;
        let medium = store::media::find(&mut reader, &shown.key_serial).await?;
        let form = details::open(&self.ground, &row)?;
        let (name, id) = match row.order.party {
            Party::Organisation => (&form.legal_person_name, &form.legal_person_id),
            Party::Person => (&form.holder_name, &form.holder_id),
        };
        Ok(UnblockView {
            key_serial: shown.key_serial,
            certificate_name: form.holder_name.clone(),
            not_after: held.map(|held| held.not_after),
            first: medium.is_none_or(|medium| medium.proven_at.is_none()),
            agent_name: mask::name(&form.agent_name),
            agent_phone: mask::phone(&form.agent_phone),
            proven_name: mask::name(name),
            proven_id: mask::id_number(id),
            proven_document: form.holder_document,
        })
    }
}
