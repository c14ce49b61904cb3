//! The first transaction of a batch: what was asked before is found, keys are held against the rule, encryption pairs
//! are taken, and every serial is recorded with its bytes.

use super::ask::{Checked, Product};
use super::refusal::{PartnerFault, PartnerRefusal};
use super::road::Road;
use crate::fault::Fault;
use crate::issuing::port::{Case, Meant};
use crate::issuing::wrong;
use crate::kmc::{Pair, Want};
use crate::store::certificates::Slot;
use crate::store::encryption_pairs::{self, Owner};
use crate::store::key_uses::{self, KeyUse};
use crate::store::partner_certificates::{self as rows, PartnerRow, Request};
use crate::store::{StoreError, Tx};
use app::desk::error::StandingRefusal;
use certificate::digest::spki_digest;
use certificate::{Profile, PublicKey};
use std::collections::{HashMap, HashSet};

/// What the first transaction made of a request.
pub(super) enum Reserved {
    /// Issued before: the rows as they stand.
    Standing(Vec<PartnerRow>),
    /// Recorded as meant, now or before a crash; to be signed.
    Meant { certificates: Vec<Meant>, pair: Option<Pair> },
}

type Outcome = Result<Reserved, PartnerFault>;

impl Road {
    pub(super) async fn reserve(
        &self,
        tx: &mut Tx,
        checked: Vec<Result<Checked, PartnerFault>>,
    ) -> Result<Vec<Outcome>, Fault> {
        let good = || checked.iter().flatten();
        let mut known = by_request(rows::list(tx, &good().map(Checked::request).collect::<Vec<_>>()).await?);
        let digests: Vec<String> = good().map(|one| hex::encode(one.meant.spki_digest)).collect();
        let digests: Vec<&str> = digests.iter().map(String::as_str).collect();
        let mut uses = key_uses::list(tx, &digests).await?;
        let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(checked.len());
        let mut fresh: Vec<(usize, Checked)> = Vec::new();
        for (at, one) in checked.into_iter().enumerate() {
            outcomes.push(match one {
                Err(fault) => Some(Err(fault)),
                Ok(one) => match known.remove(&one.request()) {
                    Some(rows) => Some(self.again(tx, &one, rows).await),
                    None => match free(&mut uses, &one) {
                        Ok(()) => {
                            fresh.push((at, one));
                            None
                        }
                        Err(refusal) => Some(Err(refusal.into())),
                    },
                },
            });
        }
        for (at, reserved) in self.record(tx, fresh).await? {
            outcomes[at] = Some(reserved);
        }
        let missing = || Err(PartnerFault::Broken("a request was lost in its batch".to_owned()));
        Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect())
    }

    /// The same number again: the same content gets what stands, or what was meant is taken up.
    async fn again(&self, tx: &mut Tx, one: &Checked, mut rows: Vec<PartnerRow>) -> Outcome {
        if rows.iter().any(|row| row.request_digest.as_ref() != Some(&one.request_digest)) {
            return Err(PartnerRefusal::NumberTaken.into());
        }
        if rows.iter().all(|row| row.certificate.is_some()) {
            return Ok(Reserved::Standing(rows));
        }
        if rows.iter().any(|row| row.state == "discarded") {
            return Err(PartnerRefusal::Standing(StandingRefusal::NotActive).into());
        }
        let pair = match one.product {
            Product::Pair { .. } => self.pairs(tx, &[one]).await?.pop(),
            Product::Single(_) => None,
        };
        rows.sort_by_key(|row| row.slot != Slot::Sign);
        let certificates = rows.into_iter().map(meant).collect::<Result<_, Fault>>()?;
        Ok(Reserved::Meant { certificates, pair })
    }

    /// Pairs for those who want one, and all rows in one statement or a few.
    async fn record(
        &self,
        tx: &mut Tx,
        fresh: Vec<(usize, Checked)>,
    ) -> Result<Vec<(usize, Outcome)>, Fault> {
        let wanting = |one: &&Checked| matches!(one.product, Product::Pair { .. });
        let wanting: Vec<&Checked> = fresh.iter().map(|(_, one)| one).filter(wanting).collect();
        let pairs = self.pairs(tx, &wanting).await?;
        let mut certified = certified(tx, &pairs).await?;
        let (mut pairs, now) = (pairs.into_iter(), self.ground.now());
        let mut new = Vec::with_capacity(2 * fresh.len());
        let mut reserved = Vec::with_capacity(fresh.len());
        for (at, one) in fresh {
            let sign = one.row(None);
            let Product::Pair { encrypt, .. } = one.product else {
                new.push(sign);
                reserved.push((at, Ok(Reserved::Meant { certificates: vec![one.meant], pair: None })));
                continue;
            };
            let pair = pairs.next().ok_or_else(|| wrong("the key centre gave fewer pairs than asked"))?;
            match self.encryption(&one, encrypt, &pair, &mut certified) {
                Ok(meant) => {
                    new.extend([sign, one.row(Some(&meant))]);
                    let certificates = vec![one.meant, meant];
                    reserved.push((at, Ok(Reserved::Meant { certificates, pair: Some(pair) })));
                }
                // This pair is no good, and nobody is given it again: the others go on, and this one asks again.
                Err(fault) => {
                    let (partner, number) = one.request();
                    tracing::error!(partner, number, pair = pair.id, %fault, "no encryption certificate");
                    let owner = Owner::Partner { name: partner, number };
                    encryption_pairs::retire(tx, &owner, now).await?;
                    reserved.push((at, Err(fault.into())));
                }
            }
        }
        rows::reserve(tx, &new, now).await?;
        Ok(reserved)
    }

    /// An encryption key is never certified twice: a centre that gave one again would be broken.
    fn encryption(
        &self,
        one: &Checked,
        profile: &'static Profile,
        pair: &Pair,
        certified: &mut HashSet<String>,
    ) -> Result<Meant, Fault> {
        if !certified.insert(hex::encode(spki_digest(&pair.public_key))) {
            return Err(wrong("the key centre gave a key that is certified already"));
        }
        let wants = self.authority.wants_request(&one.meant.issuer);
        let request = wants.then(|| self.kmc.request(pair, &one.subject)).transpose()?;
        self.authority.mean(one.encryption(profile, pair.public_key.clone(), request))
    }

    async fn pairs(&self, tx: &mut Tx, wanting: &[&Checked]) -> Result<Vec<Pair>, Fault> {
        if wanting.is_empty() {
            return Ok(Vec::new());
        }
        let want = |one: &&Checked| {
            let (name, number) = one.request();
            Ok::<_, Fault>(Want {
                owner: Owner::Partner { name, number },
                signing_key: PublicKey::from_spki_der(&one.spki).map_err(wrong)?,
                key_serial: String::new(),
            })
        };
        let wants = wanting.iter().map(want).collect::<Result<Vec<_>, _>>()?;
        self.kmc.assign(tx, &wants).await
    }
}

/// Digests of those keys that stand in a certificate.
async fn certified(tx: &mut Tx, pairs: &[Pair]) -> Result<HashSet<String>, Fault> {
    let digests: Vec<String> = pairs.iter().map(|pair| hex::encode(spki_digest(&pair.public_key))).collect();
    if digests.is_empty() {
        return Ok(HashSet::new());
    }
    let uses = key_uses::list(tx, &digests.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    Ok(uses.into_iter().map(|known| known.spki_digest).collect())
}

fn by_request(rows: Vec<PartnerRow>) -> HashMap<Request, Vec<PartnerRow>> {
    let mut known: HashMap<Request, Vec<PartnerRow>> = HashMap::new();
    for row in rows {
        known.entry((row.partner.clone(), row.number.clone())).or_default().push(row);
    }
    known
}

/// A key is certified for one subject; who comes first in the batch has it.
fn free(uses: &mut Vec<KeyUse>, one: &Checked) -> Result<(), PartnerRefusal> {
    let wanted = KeyUse {
        spki_digest: hex::encode(one.meant.spki_digest),
        subject_digest: Some(one.subject_digest.clone()),
        slot: one.product.slot(),
        order_id: None,
        partner: Some(one.request()),
        compromised: false,
    };
    if uses.iter().any(|known| known.forbids(&wanted)) {
        return Err(PartnerRefusal::KeyTaken);
    }
    uses.push(wanted);
    Ok(())
}

/// A recorded row, to be signed as it stands.
pub(super) fn meant(row: PartnerRow) -> Result<Meant, Fault> {
    let impossible = |column, why| StoreError::impossible("certificates", column, &row.serial, why);
    let profile = Profile::find_by_name(&row.profile);
    let profile = profile.ok_or_else(|| impossible("profile", "no such profile"))?;
    let mut spki_digest = [0; 32];
    hex::decode_to_slice(&row.spki_digest, &mut spki_digest)
        .map_err(|_| impossible("spki_digest", "not a digest"))?;
    let case = Case::Partner { partner: row.partner, number: row.number, slot: row.slot };
    Ok(Meant::from_record(case, row.issuer, profile, spki_digest, row.serial, row.to_be_signed))
}
