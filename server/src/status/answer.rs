//! OCSP (RFC 6960, RFC 5019): one question, one answer. What was asked before comes from memory; a known serial is read
//! and signed once; what is for one asker alone (a nonce, an unknown serial, many ids) is signed within a budget.

use super::cache::Key;
use super::issuer::{Answering, Issuer};
use super::lists::seconds;
use super::{Status, wrong};
use crate::fault::Fault;
use crate::standing::{Told, told};
use crate::store;
use certificate::status::{
    Answer, CertificateId, Hash, NoAnswer, Packed, Standing, StatusRequest, error_response,
};

/// Answers that the desk signs again in one go.
pub const REFRESHED_AT_ONCE: usize = 256;

/// Whoever's certificate changes while its answer is signed gets so many more.
const AGAIN: usize = 2;

/// What goes back to the asker.
pub struct Reply {
    /// DER OCSPResponse.
    pub bytes: Vec<u8>,
    /// This update and next update, Unix seconds; `None`: for this asker alone, nobody may keep it.
    pub life: Option<(i64, i64)>,
}

impl Reply {
    pub fn none(why: NoAnswer) -> Reply {
        Reply { bytes: error_response(why).to_vec(), life: None }
    }
}

/// A standing as it was read.
struct Read {
    standing: Standing,
    /// The certificate's own end, Unix seconds.
    ends_at: i64,
}

impl Status {
    /// Answers a DER OCSPRequest that came to this issuer's address. `None`: no such issuer.
    pub async fn answer(&self, name: &str, request: &[u8]) -> Option<Reply> {
        let addressed = self.0.issuers.get(name)?;
        let request = match StatusRequest::parse(request) {
            Ok(request) => request,
            Err(refusal) => return Some(Reply::none(refusal.answer())),
        };
        let Some((issuer, answering)) = self.asked_for(addressed, &request.ids[0]) else {
            // RFC 5019, 2.2.3: nothing that this responder could speak about.
            return Some(Reply::none(NoAnswer::Unauthorized));
        };
        let now = seconds(self.0.ground.now());
        if let ([id], None) = (request.ids.as_slice(), &request.nonce) {
            let lend = |packed: &Packed| {
                Some(Reply { bytes: answering.template.unpack(packed)?, life: packed.times() })
            };
            if let Some(Some(reply)) = issuer.answers.find(key(id), now, lend) {
                return Some(reply);
            }
        }
        let Ok(_room) = self.0.room.try_acquire() else { return Some(Reply::none(NoAnswer::TryLater)) };
        match self.in_time(self.sign_for(issuer, &request)).await {
            Ok(reply) => Some(reply),
            Err(fault) => {
                issuer.note(self.0.ground.now(), "answering", &fault);
                Some(Reply::none(NoAnswer::InternalError))
            }
        }
    }

    /// The issuer that the id names: the one whose address was asked, or another one of this house.
    fn asked_for<'a>(
        &'a self,
        addressed: &'a Issuer,
        id: &CertificateId,
    ) -> Option<(&'a Issuer, std::sync::Arc<Answering>)> {
        let others = self.0.issuers.values().filter(|other| other.name != addressed.name);
        std::iter::once(addressed).chain(others).find_map(|issuer| {
            let answering = issuer.answering()?;
            answering.template.knows(id).then_some((issuer, answering))
        })
    }

    /// Reads, signs, and looks whether what was read still holds: an answer of before a change is not given after it.
    async fn sign_for(&self, issuer: &Issuer, request: &StatusRequest) -> Result<Reply, Fault> {
        for _ in 0..=AGAIN {
            let before = epochs(issuer, &request.ids);
            let Some(answering) = issuer.answering() else { return Ok(Reply::none(NoAnswer::Unauthorized)) };
            let now = seconds(self.0.ground.now());
            let reads = self.read(issuer, &answering, &request.ids).await?;
            let alone = request.nonce.is_some()
                || reads.len() > 1
                || reads.iter().any(|read| read.standing == Standing::Unknown);
            if alone && !self.0.budget.take(self.0.ground.now()) {
                break;
            }
            let next_update = self.next_update(&answering, now);
            let answers = request.ids.iter().zip(&reads).map(|(id, read)| Answer {
                id: id.clone(),
                standing: read.standing,
                this_update: now,
                // Of an unknown serial something may be known at any time.
                next_update: (read.standing != Standing::Unknown).then_some(next_update),
            });
            let answers: Vec<Answer> = answers.collect();
            let nonce = request.nonce.as_deref();
            let meant = answering.template.to_be_signed(now, &answers, nonce).map_err(wrong)?;
            let signed = self.0.pen.sign_answers(&answering.responder.name, vec![meant.clone()]).await;
            let signature = signed.into_iter().next().ok_or_else(|| wrong("the signer gave nothing"))??;
            if let ([answer], false) = (answers.as_slice(), alone)
                && let Some(packed) = Packed::new(now, answer, &signature)
            {
                issuer.answers.put(packed, before[0]);
            }
            if before == epochs(issuer, &request.ids) {
                let life = (!alone).then_some((now, next_update));
                return Ok(Reply { bytes: answering.template.assemble(&meant, &signature), life });
            }
        }
        Ok(Reply::none(NoAnswer::TryLater))
    }

    /// Signs answers again that grow old. What has ended by itself is not kept any longer.
    pub(super) async fn refresh(&self, issuer: &Issuer, due: &[(Hash, bool, Vec<u8>)]) -> Result<(), Fault> {
        let epochs = due.iter().map(|(_, _, serial)| issuer.answers.epoch(serial)).collect::<Vec<_>>();
        let Some(answering) = issuer.answering() else { return Ok(()) };
        let now = seconds(self.0.ground.now());
        let ids: Vec<_> =
            due.iter().map(|(hash, null, serial)| answering.template.id(*hash, *null, serial)).collect();
        let reads = self.read(issuer, &answering, &ids).await?;
        let next_update = Some(self.next_update(&answering, now));
        let (mut kept, mut meant) = (Vec::new(), Vec::new());
        for ((id, read), epoch) in ids.into_iter().zip(reads).zip(epochs) {
            if read.standing == Standing::Unknown || read.ends_at < now {
                issuer.answers.drop_one(key(&id));
                continue;
            }
            let answer = Answer { id, standing: read.standing, this_update: now, next_update };
            let bytes = answering.template.to_be_signed(now, std::slice::from_ref(&answer), None);
            meant.push(bytes.map_err(wrong)?);
            kept.push((answer, epoch));
        }
        let signatures = self.0.pen.sign_answers(&answering.responder.name, meant).await;
        for ((answer, epoch), signature) in kept.iter().zip(signatures) {
            if let Some(packed) = Packed::new(now, answer, &signature?) {
                issuer.answers.put(packed, *epoch);
            }
        }
        Ok(())
    }

    /// Each one read of an index. Of another issuer's certificates nothing is known here.
    async fn read(
        &self,
        issuer: &Issuer,
        answering: &Answering,
        ids: &[CertificateId],
    ) -> Result<Vec<Read>, Fault> {
        let mut reader = self.0.ground.store.read().await?;
        let mut reads = Vec::new();
        for id in ids {
            let row = if answering.template.knows(id) {
                store::status::find(&mut reader, &hex::encode(&id.serial)).await?
            } else {
                None
            };
            let row = row.filter(|row| row.issuer == issuer.name);
            let told = row.as_ref().map(told).transpose()?.flatten();
            let since = row.as_ref().and_then(|row| row.status_at).map_or(0, seconds);
            let standing = match told.map(|told| (told, told.reason())) {
                None => Standing::Unknown,
                Some((Told::Good, _) | (_, None)) => Standing::Good,
                Some((_, Some(reason))) => Standing::Revoked { at: since, reason },
            };
            let ends_at = row.and_then(|row| row.not_after).map_or(0, seconds);
            reads.push(Read { standing, ends_at });
        }
        Ok(reads)
    }

    /// Never beyond the certificate that vouches for the answer.
    fn next_update(&self, answering: &Answering, now: i64) -> i64 {
        (now + self.0.plan.answer).min(answering.responder.certificate.not_after())
    }
}

fn key(id: &CertificateId) -> Key<'_> {
    Key { hash: id.hash, null: id.null, serial: &id.serial }
}

/// To be asked before anything is read, who answers included: whatever changes from then on shows in them.
fn epochs(issuer: &Issuer, ids: &[CertificateId]) -> Vec<u64> {
    ids.iter().map(|id| issuer.answers.epoch(&id.serial)).collect()
}
