//! The office's own authorities behind the port.

use super::authority::Authorities;
use super::port::{CertificateAuthority, Meant, Wish};
use super::wrong;
use crate::clock::Dice;
use crate::fault::Fault;
use async_trait::async_trait;
use certificate::digest::spki_digest;
use certificate::{Certificate, Draft, Facts, Serial, ToBeSigned};
use std::sync::Arc;

#[derive(Clone)]
pub struct Embedded {
    authorities: Arc<Authorities>,
    dice: Dice,
}

impl Embedded {
    pub fn new(authorities: Arc<Authorities>, dice: Dice) -> Embedded {
        Embedded { authorities, dice }
    }

    /// Linted now, or linted again where it comes from the record.
    fn ready(&self, meant: &mut Meant) -> Result<ToBeSigned, Fault> {
        if let Some(ready) = meant.ready.take() {
            return Ok(ready);
        }
        let issuer = self.authorities.load(&meant.issuer)?;
        let draft = Draft::from_recorded(meant.profile, &issuer.certificate, meant.to_be_signed.clone());
        let linted = draft.lint().map_err(|findings| wrong(format!("{findings:?}")))?;
        Ok(linted.to_be_signed())
    }
}

#[async_trait]
impl CertificateAuthority for Embedded {
    fn mean(&self, wish: Wish) -> Result<Meant, Fault> {
        let issuer = self.authorities.load(&wish.issuer)?;
        let serial = Serial::generate(&mut self.dice.clone()).map_err(wrong)?;
        let facts = Facts {
            serial,
            subject: wish.subject,
            spki: wish.spki,
            validity: wish.validity,
            identity_codes: Vec::new(),
        };
        let draft = Draft::new(wish.profile, &issuer.certificate, &issuer.places, &facts).map_err(wrong)?;
        let ready = draft.lint().map_err(|findings| wrong(format!("{findings:?}")))?.to_be_signed();
        Ok(Meant {
            case: wish.case,
            issuer: wish.issuer,
            profile: wish.profile,
            spki_digest: hex::encode(spki_digest(&facts.spki)),
            serial: serial.to_hex(),
            to_be_signed: ready.bytes().to_vec(),
            ready: Some(ready),
        })
    }

    async fn make(&self, meant: Vec<Meant>) -> Vec<Result<Certificate, Fault>> {
        let make = |mut meant: Meant| {
            let ready = self.ready(&mut meant)?;
            let signed = ready.sign(self.authorities.key(&meant.issuer)?).map_err(wrong)?;
            compare(&meant, signed.into_certificate())
        };
        meant.into_iter().map(make).collect()
    }

    /// The office's own lists and answers say it; nobody else need be told.
    async fn revoke(&self, _: &Certificate, _: u8) -> Result<(), Fault> {
        Ok(())
    }
}

/// Line 7: what came out is what was recorded.
fn compare(meant: &Meant, certificate: Certificate) -> Result<Certificate, Fault> {
    let same_key = hex::encode(spki_digest(certificate.spki())) == meant.spki_digest;
    if certificate.serial_hex() != meant.serial || certificate.tbs_der() != meant.to_be_signed || !same_key {
        return Err(wrong("the signed certificate is not the one that was recorded"));
    }
    Ok(certificate)
}
