//! The office's own authorities behind the port.

use super::authority::Authorities;
use super::parallel::in_parallel;
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
            identity_codes: wish.identity_codes,
        };
        let draft = Draft::new(wish.profile, &issuer.certificate, &issuer.places, &facts).map_err(wrong)?;
        let ready = draft.lint().map_err(|findings| wrong(format!("{findings:?}")))?.to_be_signed();
        Ok(Meant {
            case: wish.case,
            issuer: wish.issuer,
            profile: wish.profile,
            spki_digest: spki_digest(&facts.spki),
            serial: serial.to_hex(),
            to_be_signed: ready.bytes().to_vec(),
            ready: Some(ready),
        })
    }

    async fn make(&self, meant: Vec<Meant>) -> Vec<Result<Certificate, Fault>> {
        // Line 6: one call to the signer for each issuer.
        let mut issuers: Vec<&str> = meant.iter().map(|meant| meant.issuer.as_str()).collect();
        issuers.sort_unstable();
        issuers.dedup();
        let mut signatures: Vec<Option<Result<Vec<u8>, Fault>>> = meant.iter().map(|_| None).collect();
        for issuer in issuers {
            let mine: Vec<usize> = (0..meant.len()).filter(|at| meant[*at].issuer == issuer).collect();
            let work: Vec<&Meant> = mine.iter().map(|at| &meant[*at]).collect();
            let signed = self.authorities.sign_certificates(issuer, &work).await;
            mine.into_iter().zip(signed).for_each(|(at, signature)| signatures[at] = Some(signature));
        }
        let count = meant.len();
        let authorities = self.authorities.clone();
        let pairs = meant.into_iter().zip(signatures).collect();
        let attached = in_parallel(pairs, move |(meant, signature): (Meant, Option<_>)| {
            let signature = signature.unwrap_or_else(|| Err(wrong("the signer gave nothing")))?;
            attach(&authorities, meant, &signature)
        });
        match attached.await {
            Ok(made) => made,
            Err(fault) => (0..count).map(|_| Err(wrong(&fault))).collect(),
        }
    }

    /// The office's own lists and answers say it; nobody else need be told.
    async fn revoke(&self, _: &Certificate, _: u8) -> Result<(), Fault> {
        Ok(())
    }
}

/// Line 7: the signature verifies, and what came out is what was recorded.
fn attach(authorities: &Authorities, mut meant: Meant, signature: &[u8]) -> Result<Certificate, Fault> {
    let ready = match meant.ready.take() {
        Some(ready) => ready,
        None => lint(authorities, &meant)?,
    };
    let certificate = ready.attach(signature).map_err(wrong)?.into_certificate();
    let same_key = spki_digest(certificate.spki()) == meant.spki_digest;
    if certificate.serial_hex() != meant.serial || certificate.tbs_der() != meant.to_be_signed || !same_key {
        return Err(wrong("the signed certificate is not the one that was recorded"));
    }
    Ok(certificate)
}

/// What comes from the record is linted again.
fn lint(authorities: &Authorities, meant: &Meant) -> Result<ToBeSigned, Fault> {
    let issuer = authorities.load(&meant.issuer)?;
    let draft = Draft::from_recorded(meant.profile, &issuer.certificate, meant.to_be_signed.clone());
    Ok(draft.lint().map_err(|findings| wrong(format!("{findings:?}")))?.to_be_signed())
}
