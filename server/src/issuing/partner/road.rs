//! The road of a batch: checked in parallel → ONE transaction records every serial with its bytes → signed, envelopes
//! sealed → ONE transaction records every certificate → answered. A crash between any two leaves rows that tell what was
//! meant; the partner asks again under its number, or the finder of orphans ends the road.

use super::Partner;
use super::ask::{Asked, check, number_is_good};
use super::gather::Job;
use super::given::Given;
use super::refusal::{PartnerFault, PartnerRefusal};
use super::reserve::Reserved;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::parallel::in_parallel;
use crate::issuing::port::{Case, CertificateAuthority, Meant};
use crate::issuing::{Authorities, Issuing, hold_together, wrong};
use crate::kmc::{Kmc, Pair};
use crate::store::partner_certificates as rows;
use app::desk::error::StandingRefusal;
use certificate::Certificate;
use journey::moment::Moment;
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Road {
    pub ground: Ground,
    pub authorities: Arc<Authorities>,
    pub authority: Arc<dyn CertificateAuthority>,
    pub kmc: Kmc,
}

/// One request with what was made for it.
pub(super) struct Made {
    pub number: String,
    pub issuer: String,
    pub certificates: Vec<MadeCertificate>,
    pub pair: Option<Pair>,
}

pub(super) struct MadeCertificate {
    pub said: Said,
    pub certificate: Certificate,
}

/// What was meant for one certificate.
pub(super) struct Said {
    pub slot: &'static str,
    pub profile: &'static str,
    /// What its row stands under.
    pub reserved: String,
}

/// What was meant for one request.
struct Plan {
    partner: String,
    number: String,
    issuer: String,
    said: Vec<Said>,
    pair: Option<Pair>,
}

impl Road {
    pub fn new(issuing: &Issuing) -> Road {
        Road {
            ground: issuing.ground.clone(),
            authorities: issuing.authorities.clone(),
            authority: issuing.authority.clone(),
            kmc: issuing.kmc.clone(),
        }
    }

    pub async fn walk(&self, batch: Vec<Job>) {
        let (asked, answers): (Vec<_>, Vec<_>) =
            batch.into_iter().map(|job| ((job.partner, job.asked), job.answer)).unzip();
        let count = answers.len();
        let given = self.issue(asked).await.unwrap_or_else(|fault| {
            let why = fault.to_string();
            (0..count).map(|_| Err(PartnerFault::Broken(why.clone()))).collect()
        });
        let refused = given.iter().filter(|given| given.is_err()).count();
        tracing::info!(asked = count, refused, "partners served");
        answers.into_iter().zip(given).for_each(|(answer, given)| answer.give(given));
    }

    async fn issue(
        &self,
        asked: Vec<(Arc<Partner>, Asked)>,
    ) -> Result<Vec<Result<Given, PartnerFault>>, Fault> {
        let now = self.ground.now().millis() / 1000;
        let (authorities, authority) = (self.authorities.clone(), self.authority.clone());
        let look = move |(partner, asked)| check(&authorities, &*authority, now, partner, asked);
        let checked = in_parallel(asked, look).await?;
        let road = self.clone();
        let reserved =
            self.ground.store.write(move |tx| Box::pin(async move { road.reserve(tx, checked).await }));
        self.finish(reserved.await?).await
    }

    /// Signs and records what is meant, and says what stands.
    async fn finish(
        &self,
        reserved: Vec<Result<Reserved, PartnerFault>>,
    ) -> Result<Vec<Result<Given, PartnerFault>>, Fault> {
        let mut given = Vec::with_capacity(reserved.len());
        let mut open = Vec::new();
        for (at, one) in reserved.into_iter().enumerate() {
            given.push(match one {
                Err(fault) => Some(Err(fault)),
                Ok(Reserved::Standing(rows)) => Some(self.standing(rows).await),
                Ok(Reserved::Meant { certificates, pair }) => {
                    open.push((at, certificates, pair));
                    None
                }
            });
        }
        let (places, meant): (Vec<usize>, Vec<_>) =
            open.into_iter().map(|(at, certificates, pair)| (at, (certificates, pair))).unzip();
        for (at, made) in places.into_iter().zip(self.make(meant).await?) {
            given[at] = Some(match made {
                Ok(made) => Ok(self.given(made)),
                Err(fault) => Err(fault),
            });
        }
        let lost = || Err(PartnerFault::Broken("a request was lost in its batch".to_owned()));
        Ok(given.into_iter().map(|given| given.unwrap_or_else(lost)).collect())
    }

    /// Lines 6 to 8 for many requests: of each all certificates are recorded, or none.
    pub(super) async fn make(
        &self,
        meant: Vec<(Vec<Meant>, Option<Pair>)>,
    ) -> Result<Vec<Result<Made, PartnerFault>>, Fault> {
        if meant.is_empty() {
            return Ok(Vec::new());
        }
        let mut plans = Vec::with_capacity(meant.len());
        let mut work = Vec::with_capacity(2 * meant.len());
        for (certificates, pair) in meant {
            plans.push(plan(&certificates, pair));
            work.extend(certificates);
        }
        let pairs = plans.iter_mut().filter_map(|plan| plan.pair.take()).collect();
        let (signed, pairs) = tokio::join!(self.authority.make(work), self.seal(pairs));
        let (mut signed, mut pairs) = (signed.into_iter(), pairs.into_iter());
        let made: Vec<Result<Made, PartnerFault>> = plans
            .into_iter()
            .map(|plan| {
                let pair = if plan.said.len() > 1 { pairs.next() } else { None };
                let certificates = signed.by_ref().take(plan.said.len()).collect();
                gather(plan, certificates, pair)
            })
            .collect();
        self.record_made(made).await
    }

    /// One that cannot be sealed is its request's misfortune alone.
    async fn seal(&self, pairs: Vec<Pair>) -> Vec<Result<Pair, Fault>> {
        if let Ok(sealed) = self.kmc.seal(pairs.clone()).await {
            return sealed.into_iter().map(Ok).collect();
        }
        let mut each = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let sealed = self.kmc.seal(vec![pair]).await;
            each.push(
                sealed.and_then(|mut one| one.pop().ok_or_else(|| wrong("a pair was lost in sealing"))),
            );
        }
        each
    }

    async fn record_made(
        &self,
        made: Vec<Result<Made, PartnerFault>>,
    ) -> Result<Vec<Result<Made, PartnerFault>>, Fault> {
        let mut signed = Vec::with_capacity(2 * made.len());
        let mut pairs = Vec::new();
        for made in made.iter().flatten() {
            pairs.extend(made.pair.clone());
            signed.extend(made.certificates.iter().map(|MadeCertificate { said, certificate }| {
                rows::Signed {
                    reserved: said.reserved.clone(),
                    serial: certificate.serial_hex(),
                    certificate: certificate.der().to_vec(),
                    not_after: Moment::from_millis(certificate.not_after() * 1000),
                }
            }));
        }
        let (kmc, now) = (self.kmc.clone(), self.ground.now());
        let kept = self.ground.store.write(move |tx| {
            Box::pin(async move {
                kmc.record(tx, pairs).await?;
                Ok::<_, Fault>(rows::keep_signed(tx, &signed, now).await?)
            })
        });
        let kept: HashSet<String> = kept.await?.into_iter().collect();
        let ours =
            |made: &Made| made.certificates.iter().all(|it| kept.contains(&it.certificate.serial_hex()));
        // Not ours: somebody ended this road first, and what was recorded counts.
        let first = |made: Made| if ours(&made) { Ok(made) } else { Err(PartnerRefusal::InProgress.into()) };
        Ok(made.into_iter().map(|made| made.and_then(first)).collect())
    }

    pub async fn find(&self, partner: &Partner, number: &str) -> Result<Given, PartnerFault> {
        if !number_is_good(number) {
            return Err(PartnerRefusal::NumberInvalid.into());
        }
        let mut reader = self.ground.store.read().await.map_err(Fault::from)?;
        let rows = rows::list(&mut reader, &[(partner.name.clone(), number.to_owned())]).await;
        drop(reader);
        let rows = rows.map_err(Fault::from)?;
        if rows.is_empty() {
            return Err(PartnerRefusal::NotFound.into());
        }
        if rows.iter().any(|row| row.certificate.is_none()) {
            let put_aside = rows.iter().any(|row| row.state == "discarded");
            let aside = PartnerRefusal::Standing(StandingRefusal::NotActive);
            return Err(if put_aside { aside } else { PartnerRefusal::InProgress }.into());
        }
        self.standing(rows).await
    }
}

fn plan(certificates: &[Meant], pair: Option<Pair>) -> Plan {
    let (partner, number) = match certificates.first().map(|meant| &meant.case) {
        Some(Case::Partner { partner, number, .. }) => (partner.clone(), number.clone()),
        _ => Default::default(),
    };
    let said = |meant: &Meant| Said {
        slot: meant.case.slot().code(),
        profile: meant.profile.name,
        reserved: meant.serial.clone(),
    };
    Plan {
        partner,
        number,
        issuer: certificates.first().map(|meant| meant.issuer.clone()).unwrap_or_default(),
        said: certificates.iter().map(said).collect(),
        pair,
    }
}

/// One request's certificates back together.
fn gather(
    plan: Plan,
    signed: Vec<Result<Certificate, Fault>>,
    pair: Option<Result<Pair, Fault>>,
) -> Result<Made, PartnerFault> {
    let mut certificates = Vec::with_capacity(2);
    for (said, signed) in plan.said.into_iter().zip(signed) {
        match signed {
            Ok(certificate) => certificates.push(MadeCertificate { said, certificate }),
            Err(fault) => {
                tracing::error!(partner = plan.partner, number = plan.number, %fault, "not signed");
                return Err(match fault {
                    Fault::Partner { .. } => PartnerRefusal::SignerAway.into(),
                    other => other.into(),
                });
            }
        }
    }
    if let [sign, encrypt] = &certificates[..] {
        hold_together(&plan.issuer, &sign.certificate, &encrypt.certificate)?;
    }
    let pair = pair.transpose()?;
    Ok(Made { number: plan.number, issuer: plan.issuer, certificates, pair })
}
