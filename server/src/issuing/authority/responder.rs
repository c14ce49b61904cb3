//! Delegated responders (RFC 6960, 4.2.2.2): the key stays, its short certificate is made anew before it ends.

use super::{Authorities, KnownAuthority, Purpose};
use crate::fault::Fault;
use crate::issuing::port::{Case, Wish};
use crate::issuing::{Issuing, wrong};
use crate::store::{self, StoreError};
use certificate::draft::Validity;
use certificate::{Certificate, Name, NameParts, Profile};
use std::sync::Arc;

/// Of the responder's certificate: not checked for revocation itself, so its life is short.
pub(super) const PROFILE: &str = "ocsp_responder";

const DAY: i64 = 86_400;

impl Issuing {
    /// The responder of this issuer, with a certificate that holds for a while yet. Ask before each round of answers.
    ///
    /// # Errors
    /// The signer holds no key for it; the signer's own faults.
    pub async fn responder(&self, issuer: &str) -> Result<Arc<KnownAuthority>, Fault> {
        let responder = self.authorities.load(&format!("responder_{issuer}"))?;
        let now = self.ground.now().millis() / 1000;
        if holds(&responder.certificate, now) {
            return Ok(responder);
        }
        let _one = self.turn.lock().await;
        let responder = self.authorities.load(&responder.name)?;
        if holds(&responder.certificate, now) { Ok(responder) } else { self.renew(&responder, issuer).await }
    }

    async fn renew(&self, old: &KnownAuthority, issuer: &str) -> Result<Arc<KnownAuthority>, Fault> {
        let profile = Profile::find_by_name(PROFILE).ok_or_else(|| wrong("no profile for responders"))?;
        let now = self.ground.now();
        let above = self.authorities.load(issuer)?;
        let seconds = now.millis() / 1000;
        let not_after = (seconds + i64::from(profile.max_days) * DAY).min(above.certificate.not_after());
        let meant = self.authority.mean(Wish {
            case: Case::House { name: old.name.clone() },
            issuer: issuer.to_owned(),
            profile,
            subject: old.certificate.subject().clone(),
            spki: old.certificate.spki().to_vec(),
            request: None,
            validity: Validity { not_before: seconds, not_after },
        })?;
        let made = self.authority.make(vec![meant]).await.pop();
        let certificate = made.ok_or_else(|| wrong("the authority gave nothing"))??;
        let (name, der) = (old.name.clone(), certificate.der().to_vec());
        let kept = self.ground.store.write(move |tx| {
            Box::pin(async move {
                store::authorities::renew(tx, &name, &der, now).await?;
                Ok::<_, StoreError>(())
            })
        });
        kept.await?;
        tracing::info!(responder = old.name, serial = certificate.serial_hex(), "certified anew");
        Ok(self.authorities.replace(old, certificate))
    }
}

/// A third of its life is left: time enough to mend whatever keeps the next one from being made.
fn holds(certificate: &Certificate, now: i64) -> bool {
    let life = certificate.not_after() - certificate.not_before();
    now >= certificate.not_before() && now < certificate.not_after() - life / 3
}

/// The issuer's own name, with what it is.
pub(super) fn subject(issuer: &Certificate) -> Result<Name, Fault> {
    let name = issuer.subject();
    let of = name.common_name().or(name.organisation()).unwrap_or("CA");
    let mut common_name: String = of.chars().take(57).collect();
    common_name.push_str(" OCSP");
    let parts = NameParts {
        country: name.country().map(str::to_owned),
        organisation: name.organisation().map(str::to_owned),
        common_name: Some(common_name),
        ..NameParts::default()
    };
    Name::from_parts(&parts).map_err(wrong)
}

impl Authorities {
    /// The same authority under its next certificate.
    fn replace(&self, old: &KnownAuthority, certificate: Certificate) -> Arc<KnownAuthority> {
        let next = Arc::new(KnownAuthority {
            name: old.name.clone(),
            purpose: Purpose::Responder,
            issuer: old.issuer.clone(),
            certificate,
            places: old.places.clone(),
            demo: old.demo,
        });
        let mut known = self.known.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        known.insert(old.name.clone(), next.clone());
        next
    }
}
