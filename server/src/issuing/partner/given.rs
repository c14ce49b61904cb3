//! What a partner gets.

use super::refusal::PartnerFault;
use super::road::{Made, MadeCertificate, Road};
use crate::fault::Fault;
use crate::issuing::wrong;
use crate::store::encryption_pairs::{self, Owner};
use crate::store::partner_certificates::PartnerRow;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::Certificate;
use certificate::delivery::CsrResponse;
use serde::Serialize;
use std::sync::Arc;

/// The body of the answer.
#[derive(Debug, Serialize)]
pub struct Given {
    pub number: String,
    pub certificates: Vec<GivenCertificate>,
    /// PEM, from the issuing authority up to the root.
    pub chain: Arc<Vec<String>>,
    /// SM2EnvelopedKey (GM/T 0009) to the requested key, DER in base64: the encryption key of a pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<String>,
    /// All of a pair in one: CSRResponse (GM/T 0092-2020), DER in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct GivenCertificate {
    /// `sign`, `encrypt` or `single`.
    pub slot: &'static str,
    /// Hex.
    pub serial: String,
    pub profile: String,
    /// `active`, `on_hold`, `revoked`.
    pub state: String,
    /// PEM.
    pub certificate: String,
}

impl Road {
    pub(super) fn given(&self, made: Made) -> Given {
        let one = |MadeCertificate { said, certificate }| GivenCertificate {
            slot: said.slot,
            serial: certificate.serial_hex(),
            profile: said.profile.to_owned(),
            state: "active".to_owned(),
            certificate: certificate.to_pem(),
        };
        let envelope = made.pair.and_then(|pair| pair.envelope);
        let all: Vec<&Certificate> = made.certificates.iter().map(|made| &made.certificate).collect();
        Given {
            number: made.number,
            chain: self.authorities.chain_pem(&made.issuer),
            response: response(&all, envelope.as_deref()),
            envelope: envelope.map(|envelope| BASE64.encode(envelope)),
            certificates: made.certificates.into_iter().map(one).collect(),
        }
    }

    /// The same from the record.
    pub(super) async fn standing(&self, mut rows: Vec<PartnerRow>) -> Result<Given, PartnerFault> {
        rows.sort_by_key(|row| row.slot != crate::store::certificates::Slot::Sign);
        let Some(first) = rows.first() else {
            return Err(PartnerFault::Broken("nothing stands under this number".to_owned()));
        };
        let (number, chain) = (first.number.clone(), self.authorities.chain_pem(&first.issuer));
        let mut envelope = None;
        if rows.len() > 1 {
            let owner = Owner::Partner { name: first.partner.clone(), number: number.clone() };
            let mut reader = self.ground.store.read().await.map_err(Fault::from)?;
            let pairs = encryption_pairs::list_in_use(&mut reader, std::slice::from_ref(&owner)).await;
            let mut pairs = pairs.map_err(Fault::from)?;
            envelope = pairs.remove(&owner).and_then(|pair| pair.envelope);
        }
        let mut certificates = Vec::with_capacity(rows.len());
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let der = row.certificate.ok_or_else(|| wrong("not signed yet"))?;
            let certificate = Certificate::from_der(&der).map_err(wrong)?;
            certificates.push(GivenCertificate {
                slot: row.slot.code(),
                serial: row.serial,
                profile: row.profile,
                state: row.state,
                certificate: certificate.to_pem(),
            });
            all.push(certificate);
        }
        let response = response(&all.iter().collect::<Vec<_>>(), envelope.as_deref());
        Ok(Given { number, certificates, chain, envelope: envelope.map(|it| BASE64.encode(it)), response })
    }
}

/// Signing certificate first.
fn response(certificates: &[&Certificate], envelope: Option<&[u8]>) -> Option<String> {
    let ([sign, encrypt], Some(envelope)) = (certificates, envelope) else { return None };
    let response = CsrResponse {
        signing: vec![(*sign).clone()],
        envelope: Some(envelope.to_vec()),
        encryption: vec![(*encrypt).clone()],
    };
    response.to_der().ok().map(|der| BASE64.encode(der))
}
