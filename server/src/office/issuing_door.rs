//! The closed door between production and issuing.

use crate::fault::Fault;
use crate::issuing::Issuing;
use crate::production::{Authority, DoubleCertificate};
use crate::store::orders::OrderRow;
use async_trait::async_trait;

/// What production may ask of issuing.
pub struct IssuingDoor(pub Issuing);

#[async_trait]
impl Authority for IssuingDoor {
    fn subject(&self, row: &OrderRow) -> Result<certificate::NameParts, Fault> {
        self.0.subject(row)
    }

    async fn issue(&self, order_id: &str) -> Result<DoubleCertificate, Fault> {
        let pair = self.0.issue(order_id).await?;
        Ok(DoubleCertificate {
            sign: pair.sign.der().to_vec(),
            encrypt: pair.encrypt.der().to_vec(),
            envelope: pair.envelope,
        })
    }
}
