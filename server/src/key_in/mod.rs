//! Owns: what a holder does with the key in the port: the look at its certificate, the order that it opens, signing in.
//! Never: what one service does after that; a person's data before the key has proven itself.
//! Start at: `look.rs`, then `start.rs`.

mod log_in;
mod look;
mod start;
mod test;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::held::{self, Held};
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::orders::Catalogue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::Certificate;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::service::Service;
use std::sync::Arc;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct KeyIn {
    ground: Ground,
    catalogue: Arc<Catalogue>,
    /// What a signature for this office names: one for another site is worth nothing here.
    origin: Arc<str>,
}

impl KeyIn {
    pub fn new(ground: Ground, catalogue: Catalogue, origin: &str) -> KeyIn {
        KeyIn { ground, catalogue: Arc::new(catalogue), origin: origin.trim_end_matches('/').into() }
    }

    /// Whether the house offers this service at all.
    fn offers(&self, service: Service, party: Party) -> bool {
        self.catalogue
            .offers
            .iter()
            .any(|offer| (offer.service, offer.party) == (service, party) && offer.open)
    }

    /// The certificate (base64 DER) as this office issued it, to the byte: whatever else calls itself so is unknown. One
    /// that the key has switched to and that does not count yet stands for the one that its holder came with.
    async fn find(&self, tx: &mut Tx, sign_certificate: &str) -> Result<Held, Fault> {
        let der = BASE64.decode(sign_certificate).map_err(|_| Fault::Proof(ProofRefusal::Malformed))?;
        let shown = Certificate::from_der(&der).map_err(|_| Refusal::CertificateUnknown)?;
        let serial = shown.serial_hex();
        if let Some(held) = held::find_by_serial(tx, &self.ground, &serial).await? {
            return if held.certificate == shown {
                Ok(held)
            } else {
                Err(Refusal::CertificateUnknown.into())
            };
        }
        let before = store::held::find_being_replaced(tx, &serial, &der).await?;
        let before = match before {
            Some(before) => held::find_by_serial(tx, &self.ground, &before).await?,
            None => None,
        };
        Ok(before.ok_or(Refusal::CertificateUnknown)?)
    }
}
