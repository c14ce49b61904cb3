//! The status desk speaks for the authorities of the issuing desk, and signs with their hand.

use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::{Authorities, Issuing, KnownAuthority};
use crate::settings::Settings;
use crate::status::{IssuerOf, Pen, Responder, Status, StatusError};
use crate::store::authorities::Purpose;
use async_trait::async_trait;
use std::sync::Arc;

/// Lists and answers about the certificates of every authority here.
pub async fn desk(ground: &Ground, settings: &Settings, issuing: &Issuing) -> Result<Status, StatusError> {
    let authorities = issuing.authorities().clone();
    let issuers = authorities.list().into_iter().filter_map(|one| issuer(settings, &one)).collect();
    let pen = StatusPen { issuing: issuing.clone(), authorities };
    Status::open(ground.clone(), Arc::new(pen), &settings.status, issuers).await
}

/// Whose lists are published here: issuing authorities, roots that were made here for trying out, and whoever has its
/// lists brought from elsewhere.
fn issuer(settings: &Settings, authority: &KnownAuthority) -> Option<IssuerOf> {
    let list_file =
        settings.status.elsewhere.get(&authority.name).map(|elsewhere| elsewhere.list_file.clone());
    let here = match authority.purpose {
        Purpose::Issuing => true,
        Purpose::Root => authority.demo || list_file.is_some(),
        Purpose::Responder | Purpose::Upstream => false,
    };
    here.then(|| IssuerOf {
        name: authority.name.clone(),
        certificate: authority.certificate.clone(),
        delta_urls: authority.places.crl_urls.iter().filter_map(|url| delta_of(url)).collect(),
        list_file,
    })
}

/// The delta lies beside the list whose address stands in the certificates.
fn delta_of(url: &str) -> Option<String> {
    Some(format!("{}-delta.crl", url.strip_suffix(".crl")?))
}

struct StatusPen {
    issuing: Issuing,
    authorities: Arc<Authorities>,
}

#[async_trait]
impl Pen for StatusPen {
    async fn responder(&self, issuer: &str) -> Result<Option<Responder>, Fault> {
        // A root's few certificates are told by its lists alone.
        if self.authorities.load(issuer)?.purpose == Purpose::Root {
            return Ok(None);
        }
        let answers = self.issuing.responder(issuer).await?;
        Ok(Some(Responder { name: answers.name.clone(), certificate: answers.certificate.clone() }))
    }

    async fn sign_list(&self, issuer: &str, to_be_signed: Vec<u8>) -> Result<Vec<u8>, Fault> {
        self.authorities.sign_revocation_list(issuer, to_be_signed).await
    }

    async fn sign_answers(&self, responder: &str, to_be_signed: Vec<Vec<u8>>) -> Vec<Result<Vec<u8>, Fault>> {
        self.authorities.sign_status(responder, to_be_signed).await
    }
}

#[cfg(test)]
mod tests {
    use super::delta_of;

    #[test]
    fn the_delta_lies_beside_its_list_whatever_the_host_is_called() {
        let delta = delta_of("http://www.crl.example/crl/issuing.crl");
        assert_eq!(delta.as_deref(), Some("http://www.crl.example/crl/issuing-delta.crl"));
        assert_eq!(delta_of("http://www.crl.example/lists/issuing"), None);
    }
}
