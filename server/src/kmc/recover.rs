//! A holder's own pairs onto the holder's new key (GM/T 0034, 12.4): what was encrypted to the old certificate stays
//! readable after a renewal or a replacement (A40). Offered to those journeys, which are not open yet.

use super::{Kmc, wrong};
use crate::fault::Fault;
use crate::store;
use crate::store::encryption_pairs::PairRow;
use crate::store::orders::OrderRow;
use crate::store::recoveries::{Beneficiary, EncryptionCertificate, Recovery};
use certificate::digest::spki_digest;
use certificate::{Certificate, PublicKey};
use journey::service::Service;

/// A pair of before, for the history of a new key.
#[derive(Clone, Debug)]
pub struct Recovered {
    pub pair_id: String,
    /// The encryption certificate that it was used with, DER.
    pub certificate: Vec<u8>,
    /// SM2EnvelopedKey to the new signing key.
    pub envelope: Vec<u8>,
}

impl Kmc {
    /// Every pair that other orders of this order's holder have or had on a key, each in an envelope for the key of this
    /// order. Who, why, which pair and to which key is recorded before an envelope leaves.
    ///
    /// # Errors
    /// An order that brings no new key to a holder of before (a first application among them), or whose journal names
    /// another signing key than this.
    pub async fn recover_for_holder(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<Recovered>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let service = row.order.service;
        if !matches!(service, Service::Renewal | Service::Replacement | Service::Modification) {
            return Err(wrong("an order of this service has no pairs of before"));
        }
        let to_key = signing_key.to_spki_der();
        if row.order.spki_digest != Some(hex::encode(spki_digest(&to_key))) {
            return Err(wrong("the journal does not name this signing key"));
        }
        let certificates = store::recoveries::list_of_same_holder(&mut reader, order_id).await?;
        drop(reader);
        self.recover(&row, certificates, signing_key, key_serial, by).await
    }

    /// The pairs of the certificate that this order replaces, and of those that it took the place of itself, each in an
    /// envelope for the key of this order (A40). None for an order that replaces nothing.
    ///
    /// # Errors
    /// An order whose journal names another signing key than this.
    pub async fn recover_replaced(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<Recovered>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let certificates = store::replacements::list_of_line(&mut reader, order_id).await?;
        drop(reader);
        if row.order.spki_digest != Some(hex::encode(spki_digest(&signing_key.to_spki_der()))) {
            return Err(wrong("the journal does not name this signing key"));
        }
        self.recover(&row, certificates, signing_key, key_serial, by).await
    }

    async fn recover(
        &self,
        row: &OrderRow,
        certificates: Vec<EncryptionCertificate>,
        signing_key: &PublicKey,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<Recovered>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let mut pairs = Vec::new();
        for certificate in certificates {
            pairs.push((find_pair(&mut reader, &certificate).await?, certificate.certificate));
        }
        drop(reader);
        let recovered = self.envelopes(pairs, *signing_key, key_serial.to_owned()).await?;
        self.record_recovered(&recovered, &row.id, row.order.service, by, signing_key.to_spki_der()).await?;
        Ok(recovered)
    }

    async fn envelopes(
        &self,
        pairs: Vec<(PairRow, Vec<u8>)>,
        to: PublicKey,
        key_serial: String,
    ) -> Result<Vec<Recovered>, Fault> {
        let centre = self.clone();
        let sealed = tokio::task::spawn_blocking(move || {
            let layout = centre.settings.form_for(&key_serial).layout();
            pairs
                .into_iter()
                .map(|(pair, certificate)| {
                    let envelope =
                        centre.envelope_for(&pair.id, &pair.public_key, &pair.sealed, &to, layout)?;
                    Ok(Recovered { pair_id: pair.id, certificate, envelope })
                })
                .collect()
        });
        sealed.await.map_err(|error| Fault::Disk(std::io::Error::other(error)))?
    }

    async fn record_recovered(
        &self,
        recovered: &[Recovered],
        order_id: &str,
        service: Service,
        by: &str,
        to_key: Vec<u8>,
    ) -> Result<(), Fault> {
        let pairs: Vec<(String, String)> =
            recovered.iter().map(|pair| (self.ground.dice.id(), pair.pair_id.clone())).collect();
        let (order, by, now) = (order_id.to_owned(), by.to_owned(), self.ground.now());
        let recorded = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for (id, pair_id) in &pairs {
                    let recovery = Recovery {
                        id: id.clone(),
                        pair_id,
                        beneficiary: Beneficiary::Order(&order),
                        by: &by,
                        why: service.code(),
                        to_key: &to_key,
                    };
                    store::recoveries::record(tx, &recovery, now).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        recorded.await?;
        tracing::info!(pairs = recovered.len(), service = service.code(), "pairs recovered for their holder");
        Ok(())
    }
}

/// # Errors
/// A certificate whose pair is not the centre's.
pub(super) async fn find_pair(tx: &mut store::Tx, row: &EncryptionCertificate) -> Result<PairRow, Fault> {
    let certificate = Certificate::from_der(&row.certificate).map_err(wrong)?;
    let pair = store::encryption_pairs::find_taken(tx, certificate.spki()).await?;
    pair.ok_or_else(|| wrong(format!("the pair of certificate {} is not here", row.serial)))
}
