//! The next pair: its request is taken when both the pair itself and the pair in use have signed for it, and certified.

use super::Loading;
use crate::advance::advance;
use crate::fault::Fault;
use crate::key_proof::{challenge, decode, key_name, wrong};
use crate::standing::{self, By, Which};
use crate::store::certificates::Slot;
use crate::store::key_uses::{self, KeyUse};
use crate::store::orders::OrderRow;
use crate::store::productions::{self, Production};
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::loading::{NextPaper, NextRequest};
use app::desk::production::IssuedPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::digest::spki_digest;
use certificate::profile::{ORGANISATION_SIGNING, PERSON_SIGNING};
use certificate::{Certificate, Name, PublicKey, Request, sm3};
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::party::Party;
use journey::refusal::Refusal;

impl Loading {
    /// What the key needs to make its next pair; the same each time it is asked.
    ///
    /// # Errors
    /// Not at this step; another key than the order's.
    pub async fn make(&self, visit: Vec<u8>, number: String, key_serial: String) -> Result<NextPaper, Fault> {
        let desk = self.clone();
        let started = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.at_key(tx, &visit, &number, &key_serial, EventKind::PairGenerated).await?;
                let production = match productions::find(tx, &row.id).await? {
                    Some(found) => found,
                    None => desk.begin(tx, &row, key_serial).await?,
                };
                Ok::<_, Fault>((row, production.nonce))
            })
        });
        let (row, nonce) = started.await?;
        Ok(NextPaper { subject: key_name(self.authority.subject(&row)?), nonce })
    }

    async fn begin(&self, tx: &mut Tx, row: &OrderRow, key_serial: String) -> Result<Production, Fault> {
        let nonce = hex::encode(self.ground.dice.bytes::<32>());
        let begun = Production { key_serial, nonce, request: None, challenge: None };
        productions::record(tx, &row.id, &begun, self.ground.now()).await?;
        Ok(begun)
    }

    /// Takes the key's request, and issues; or gives again what is issued.
    ///
    /// # Errors
    /// A request that does not prove what it must; the issuing desk's.
    pub async fn issue(
        &self,
        visit: Vec<u8>,
        number: String,
        key_serial: String,
        request: Option<NextRequest>,
    ) -> Result<IssuedPair, Fault> {
        let given = request.map(Given::read).transpose()?;
        let desk = self.clone();
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.at_key(tx, &visit, &number, &key_serial, EventKind::PairGenerated).await?;
                let production = productions::find(tx, &row.id).await?.ok_or(Refusal::PairNotGenerated)?;
                match (given, &production.request) {
                    (Some(given), kept) if kept.as_ref() != Some(&given.request) => {
                        desk.take(tx, row, &production, &given).await
                    }
                    (None, None) => Err(Refusal::PairNotGenerated.into()),
                    _ => Ok((row.id, row.order.spki_digest.unwrap_or_default())),
                }
            })
        });
        let (order_id, pair) = taken.await?;
        let (sign, encrypt, envelope) = self.authority.issue(&order_id).await?;
        let (nonce, sealed) = challenge(&self.ground, &order_id, &encrypt).await?;
        self.note(&order_id, "issued", &pair).await?;
        Ok(IssuedPair {
            past: Vec::new(),
            sign_certificate: BASE64.encode(sign),
            encrypt_certificate: BASE64.encode(encrypt),
            enveloped_key: BASE64.encode(envelope),
            nonce,
            sealed_challenge: Some(BASE64.encode(sealed)),
        })
    }

    async fn take(
        &self,
        tx: &mut Tx,
        row: OrderRow,
        production: &Production,
        given: &Given,
    ) -> Result<(String, String), Fault> {
        let profile = match row.order.party {
            Party::Organisation => &ORGANISATION_SIGNING,
            Party::Person => &PERSON_SIGNING,
        };
        let verified =
            Request::verify_for(&given.request, profile).map_err(|_| Fault::Proof(ProofRefusal::Request))?;
        let subject = Name::from_parts(&self.authority.subject(&row)?).map_err(wrong)?;
        if verified.subject != subject {
            return Err(Fault::Proof(ProofRefusal::OtherSubject));
        }
        let said = key::statement::next_made(&production.nonce, &production.key_serial, &given.request);
        let next = PublicKey::from_spki_der(&verified.spki).map_err(wrong)?;
        let in_use = self.key_in_use(tx, &row).await?;
        for (key, signature) in [(&next, &given.proof), (&in_use, &given.endorsement)] {
            key.verify(&said, signature).map_err(|_| Fault::Proof(ProofRefusal::NotThisKey))?;
        }
        let digest = hex::encode(spki_digest(&verified.spki));
        let wanted = KeyUse {
            spki_digest: digest.clone(),
            subject_digest: Some(hex::encode(sm3(subject.der()))),
            slot: Slot::Sign,
            order_id: Some(row.id.clone()),
            partner: None,
            compromised: false,
        };
        if key_uses::list(tx, &[&digest]).await?.iter().any(|known| known.forbids(&wanted)) {
            return Err(Fault::Proof(ProofRefusal::PairTaken));
        }
        let id = row.id.clone();
        if row.order.spki_digest.as_ref() != Some(&digest) {
            // A pair of before was lost by the key before it counted: it is not certified, or no longer.
            let by = By::new(row.number.clone(), "证书Key未保留上次生成的密钥");
            standing::discard(tx, &self.ground, Which::Order(id.clone()), &by).await?;
            store::certificates::discard(tx, &id, self.ground.now()).await?;
            let key_serial = production.key_serial.clone();
            let event = Event::PairGenerated { key_serial, spki_digest: digest.clone() };
            advance(tx, &self.ground, row, None, event, &Actor::Applicant).await?;
        }
        productions::keep_request(tx, &id, &given.request).await?;
        store::held::record_step(tx, &id, "made", &digest, self.ground.now()).await?;
        Ok((id, digest))
    }

    /// Of the certificate that the holder came with.
    async fn key_in_use(&self, tx: &mut Tx, row: &OrderRow) -> Result<PublicKey, Fault> {
        let serial = row.order.certificate_serial.as_deref().ok_or(Refusal::CertificateUnknown)?;
        let der = store::certificates::find_signed(tx, serial).await?.ok_or(Refusal::CertificateUnknown)?;
        Certificate::from_der(&der).map_err(wrong)?.public_key().map_err(wrong)
    }

    pub(super) async fn note(&self, order_id: &str, step: &'static str, pair: &str) -> Result<(), Fault> {
        let (id, pair, now) = (order_id.to_owned(), pair.to_owned(), self.ground.now());
        let noted = self.ground.store.write(move |tx| {
            Box::pin(async move { store::held::record_step(tx, &id, step, &pair, now).await })
        });
        Ok(noted.await?)
    }
}

/// A request as it came, decoded.
struct Given {
    request: Vec<u8>,
    proof: Vec<u8>,
    endorsement: Vec<u8>,
}

impl Given {
    fn read(given: NextRequest) -> Result<Given, Fault> {
        Ok(Given {
            request: decode(&given.request)?,
            proof: decode(&given.proof)?,
            endorsement: decode(&given.endorsement)?,
        })
    }
}
