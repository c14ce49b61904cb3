//! The closed door between the writing onto a holder's key, the issuing and the key centre.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::Issuing;
use crate::kmc::{Destination, Kmc};
use crate::loading::{Authority, Loading};
use crate::store::orders::OrderRow;
use async_trait::async_trait;
use certificate::PublicKey;
use std::sync::Arc;

pub fn desk(ground: &Ground, issuing: &Issuing, kmc: &Kmc) -> Loading {
    Loading::new(ground.clone(), Arc::new(Door { issuing: issuing.clone(), kmc: kmc.clone() }))
}

struct Door {
    issuing: Issuing,
    kmc: Kmc,
}

#[async_trait]
impl Authority for Door {
    fn subject(&self, row: &OrderRow) -> Result<certificate::NameParts, Fault> {
        self.issuing.subject(row)
    }

    async fn issue(&self, order_id: &str) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>), Fault> {
        let pair = self.issuing.issue(order_id).await?;
        Ok((pair.sign.der().to_vec(), pair.encrypt.der().to_vec(), pair.envelope))
    }

    async fn recover(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        wanted: Vec<(String, PublicKey)>,
        key_serial: &str,
    ) -> Result<Vec<Vec<u8>>, Fault> {
        let destinations = Destination::list(wanted);
        let recovered =
            self.kmc.recover_for_holder(order_id, signing_key, destinations, key_serial, "office").await?;
        Ok(recovered.into_iter().map(|pair| pair.envelope).collect())
    }
}
