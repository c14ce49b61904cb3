//! The status desk speaks for the authorities of the issuing desk, and signs with their hand.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::{Authorities, Issuing};
use crate::settings::Settings;
use crate::status::{IssuerOf, Pen, Responder, Status, StatusError};
use async_trait::async_trait;
use std::sync::Arc;

/// Lists and answers about the certificates of every issuer.
pub async fn desk(ground: &Ground, settings: &Settings, issuing: &Issuing) -> Result<Status, StatusError> {
    let authorities = issuing.authorities().clone();
    let issuers = authorities.issuers().into_iter().map(|issuer| {
        // The delta lies beside the list whose address stands in the certificates.
        let urls = issuer.places.crl_urls.iter().map(|url| url.replace(".crl", "-delta.crl"));
        IssuerOf {
            name: issuer.name.clone(),
            certificate: issuer.certificate.clone(),
            delta_urls: urls.collect(),
        }
    });
    let issuers = issuers.collect();
    let pen = StatusPen { issuing: issuing.clone(), authorities };
    Status::open(ground.clone(), Arc::new(pen), &settings.status, issuers).await
}

struct StatusPen {
    issuing: Issuing,
    authorities: Arc<Authorities>,
}

#[async_trait]
impl Pen for StatusPen {
    async fn responder(&self, issuer: &str) -> Result<Responder, Fault> {
        let answers = self.issuing.responder(issuer).await?;
        Ok(Responder { name: answers.name.clone(), certificate: answers.certificate.clone() })
    }

    async fn sign_list(&self, issuer: &str, to_be_signed: Vec<u8>) -> Result<Vec<u8>, Fault> {
        self.authorities.sign_revocation_list(issuer, to_be_signed).await
    }

    async fn sign_answers(&self, responder: &str, to_be_signed: Vec<Vec<u8>>) -> Vec<Result<Vec<u8>, Fault>> {
        self.authorities.sign_status(responder, to_be_signed).await
    }
}
