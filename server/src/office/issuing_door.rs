//! The closed door between production and issuing.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::Issuing;
use crate::kmc::{Destination, Kmc};
use crate::production::{Authority, DoubleCertificate, Production};
use crate::store::orders::OrderRow;
use async_trait::async_trait;
use certificate::PublicKey;
use std::sync::Arc;

pub(super) fn production(ground: &Ground, issuing: &Issuing, kmc: &Kmc) -> Production {
    Production::new(ground.clone(), Arc::new(IssuingDoor(issuing.clone(), kmc.clone())))
}

struct IssuingDoor(Issuing, Kmc);

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

    async fn past(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        wanted: Vec<(String, PublicKey)>,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<Vec<u8>>, Fault> {
        let destinations = Destination::list(wanted);
        let recovered =
            self.1.recover_for_holder(order_id, signing_key, destinations, key_serial, by).await?;
        Ok(recovered.into_iter().map(|pair| pair.envelope).collect())
    }
}
