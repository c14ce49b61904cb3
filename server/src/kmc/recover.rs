//! A holder's own pairs onto the holder's new key (GM/T 0034, 12.4): what was encrypted to the old certificate stays
//! readable after a renewal, an information change or a replacement (A40, B02).

use super::{Kmc, wrong};
use crate::fault::Fault;
use crate::store;
use crate::store::encryption_pairs::PairRow;
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
    /// What it is sealed to.
    pub place: PublicKey,
    /// SM2EnvelopedKey.
    pub envelope: Vec<u8>,
}

/// Which pair of before, by the serial number of its encryption certificate, and where it goes: a public key of a pair that
/// lies on the key of the order. Whoever asks has checked that the key itself said so.
pub struct Destination {
    pub serial: String,
    pub place: PublicKey,
}

impl Destination {
    pub fn list(wanted: Vec<(String, PublicKey)>) -> Vec<Destination> {
        wanted.into_iter().map(|(serial, place)| Destination { serial, place }).collect()
    }
}

impl Kmc {
    /// Pairs of the certificate that this order follows, and of those that it took the place of itself (A40, B02), each in an
    /// envelope for a place on the key of this order. Which pair to which key, for whom and by whom is recorded before an
    /// envelope leaves.
    ///
    /// # Errors
    /// An order that brings no new key to a holder of before (a first application among them), or whose journal names
    /// another signing key than this; a certificate of another line.
    pub async fn recover_for_holder(
        &self,
        order_id: &str,
        signing_key: &PublicKey,
        destinations: Vec<Destination>,
        key_serial: &str,
        by: &str,
    ) -> Result<Vec<Recovered>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        if !matches!(row.order.service, Service::Renewal | Service::Replacement | Service::Modification) {
            return Err(wrong("an order of this service has no pairs of before"));
        }
        let signing_key = signing_key.to_spki_der();
        if row.order.spki_digest != Some(hex::encode(spki_digest(&signing_key))) {
            return Err(wrong("the journal does not name this signing key"));
        }
        let line = store::replacements::list_of_line(&mut reader, order_id).await?;
        let mut pairs = Vec::new();
        for Destination { serial, place } in destinations {
            let certificate = line.iter().find(|certificate| certificate.serial == serial);
            let certificate = certificate.ok_or_else(|| wrong("a certificate of another line"))?;
            let pair = find_pair(&mut reader, certificate).await?;
            pairs.push((pair, certificate.certificate.clone(), place));
        }
        drop(reader);
        let recovered = self.envelopes(pairs, key_serial.to_owned()).await?;
        self.record_recovered(&recovered, &row.id, row.order.service, by).await?;
        Ok(recovered)
    }

    async fn envelopes(
        &self,
        pairs: Vec<(PairRow, Vec<u8>, PublicKey)>,
        key_serial: String,
    ) -> Result<Vec<Recovered>, Fault> {
        let centre = self.clone();
        let sealed = tokio::task::spawn_blocking(move || {
            let layout = centre.settings.form_for(&key_serial).layout();
            pairs
                .into_iter()
                .map(|(pair, certificate, place)| {
                    let envelope =
                        centre.envelope_for(&pair.id, &pair.public_key, &pair.sealed, &place, layout)?;
                    Ok(Recovered { pair_id: pair.id, certificate, place, envelope })
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
    ) -> Result<(), Fault> {
        let pairs: Vec<(String, String, Vec<u8>)> = recovered
            .iter()
            .map(|pair| (self.ground.dice.id(), pair.pair_id.clone(), pair.place.to_spki_der()))
            .collect();
        let (order, by, now) = (order_id.to_owned(), by.to_owned(), self.ground.now());
        let recorded = self.ground.store.write(move |tx| {
            Box::pin(async move {
                for (id, pair_id, to_key) in &pairs {
                    let recovery = Recovery {
                        id: id.clone(),
                        pair_id,
                        beneficiary: Beneficiary::Order(&order),
                        by: &by,
                        why: service.code(),
                        to_key,
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
