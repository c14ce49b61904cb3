//! Delegated responders (RFC 6960, 4.2.2.2): the key stays, its short certificate is made anew before it ends.

use super::{Authorities, KnownAuthority, Purpose};
use crate::fault::Fault;
use crate::issuing::port::{Case, Meant, Wish};
use crate::issuing::{Issuing, wrong};
use crate::store;
use crate::store::responders::ResponderRow;
use certificate::digest::spki_digest;
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
        let _turn = self.turns.take(&responder.name).await;
        let responder = self.authorities.load(&responder.name)?;
        if holds(&responder.certificate, now) { Ok(responder) } else { self.renew(&responder, issuer).await }
    }

    /// Serial and bytes are recorded, then signed, then the certificate is recorded and used: what a crash leaves between
    /// two of these is taken up by the next call.
    async fn renew(&self, old: &KnownAuthority, issuer: &str) -> Result<Arc<KnownAuthority>, Fault> {
        let meant = self.mean_responder(old, issuer).await?;
        let serial = meant.serial.clone();
        let made = self.authority.make(vec![meant]).await.pop();
        let certificate = match made.ok_or_else(|| wrong("the authority gave nothing"))? {
            Ok(certificate) => certificate,
            Err(fault) => return Err(self.not_made(serial, fault).await),
        };
        let (name, der, now) = (old.name.clone(), certificate.der().to_vec(), self.ground.now());
        let kept = self.ground.store.write(move |tx| {
            Box::pin(async move {
                if !store::responders::keep_signed(tx, &serial, &der, now).await? {
                    return Err(Fault::Changed);
                }
                Ok(store::authorities::renew(tx, &name, &der, now).await?)
            })
        });
        kept.await?;
        tracing::info!(responder = old.name, serial = certificate.serial_hex(), "certified anew");
        Ok(self.authorities.replace(old, certificate))
    }

    /// What a run before recorded and did not end, while it still serves; else a certificate that begins now.
    async fn mean_responder(&self, old: &KnownAuthority, issuer: &str) -> Result<Meant, Fault> {
        let profile = Profile::find_by_name(PROFILE).ok_or_else(|| wrong("no profile for responders"))?;
        let now = self.ground.now();
        let seconds = now.millis() / 1000;
        let above = self.authorities.load(issuer)?;
        let not_after = (seconds + i64::from(profile.max_days) * DAY).min(above.certificate.not_after());
        let validity = Validity { not_before: seconds, not_after };
        let wish = Wish {
            case: Case::House { name: old.name.clone() },
            issuer: issuer.to_owned(),
            profile,
            subject: old.certificate.subject().clone(),
            spki: old.certificate.spki().to_vec(),
            request: None,
            identity_codes: Vec::new(),
            validity,
        };
        let authority = self.authority.clone();
        let recorded = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let Case::House { name } = &wish.case else {
                    return Err(wrong("a responder is of the house"));
                };
                let digest = spki_digest(&wish.spki);
                if let Some(row) = store::responders::find_reserved(tx, name).await? {
                    let same = row.issuer == wish.issuer && row.spki_digest == hex::encode(digest);
                    if same && lasts(row.not_before, row.not_after, seconds) {
                        let (case, issuer) = (wish.case.clone(), row.issuer);
                        let (serial, bytes) = (row.serial, row.to_be_signed);
                        return Ok(Meant::from_record(case, issuer, wish.profile, digest, serial, bytes));
                    }
                    store::responders::give_up(tx, &row.serial, "its time or its key went by").await?;
                }
                let responder = name.clone();
                let meant = authority.mean(wish)?;
                let row = ResponderRow {
                    serial: meant.serial.clone(),
                    responder,
                    issuer: meant.issuer.clone(),
                    spki_digest: hex::encode(digest),
                    to_be_signed: meant.to_be_signed.clone(),
                    not_before: validity.not_before,
                    not_after: validity.not_after,
                };
                store::responders::reserve(tx, &row, now).await?;
                Ok::<_, Fault>(meant)
            })
        });
        recorded.await
    }

    /// What is refused for good is given up, so that the next call means another one; what passes stays recorded.
    async fn not_made(&self, serial: String, fault: Fault) -> Fault {
        let Fault::Certificate(why) = &fault else { return fault };
        let why = why.clone();
        let given_up = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { store::responders::give_up(tx, &serial, &why).await }));
        if let Err(error) = given_up.await {
            tracing::error!(%error, "a refused responder certificate stays recorded as meant");
        }
        fault
    }
}

/// A third of its life is left: time enough to mend whatever keeps the next one from being made.
fn holds(certificate: &Certificate, now: i64) -> bool {
    lasts(certificate.not_before(), certificate.not_after(), now)
}

fn lasts(not_before: i64, not_after: i64, now: i64) -> bool {
    now >= not_before && now < not_after - (not_after - not_before) / 3
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
