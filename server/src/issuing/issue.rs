//! Issuing: 1 the journal holds every event → 2 serial recorded → 3 draft → 4 linted → 5 to-be-signed bytes recorded →
//! 6 signed → 7 compared → 8 certificate recorded, event reported. Each of the two certificates walks it; a crash
//! between any two lines leaves a row that tells what was meant, and the next run goes on from there.

use super::port::{Case, Meant, Wish};
use super::{Issuing, hold_together, wrong};
use crate::advance::{MoveError, advance};
use crate::fault::Fault;
use crate::standing::{self, By, Which};
use crate::store::certificates::{CertificateRow, Slot};
use crate::store::key_uses::{self, KeyUse};
use crate::store::orders::OrderRow;
use crate::store::{self, StoreError, Tx};
use app::desk::error::ProofRefusal;
use certificate::digest::spki_digest;
use certificate::{Certificate, KeyKind, Name, Profile, PublicKey, Request, sm3};
use journey::actor::Actor;
use journey::event::Event;
use journey::moment::Moment;
use journey::order::PasscodeState;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::step::Step;

/// The double certificate of one order, as recorded.
pub struct Pair {
    pub sign: Certificate,
    pub encrypt: Certificate,
    /// SM2EnvelopedKey to the signing key.
    pub envelope: Vec<u8>,
}

impl Issuing {
    /// Issues both certificates for the pair that the order's key generated, or gives those issued already.
    ///
    /// # Errors
    /// The journal does not carry this order to its issuing; a lint's finding; the signer's fault.
    pub async fn issue(&self, order_id: &str) -> Result<Pair, Fault> {
        let _turn = self.turns.take(order_id).await;
        let (desk, id) = (self.clone(), order_id.to_owned());
        // Lines 1 to 5 in one transaction: what is meant stands before anything is signed.
        let meant = self.ground.store.write(move |tx| Box::pin(async move { desk.mean(tx, &id).await }));
        let (meant, bound) = meant.await?;
        let reserved: Vec<String> = meant.iter().map(|meant| meant.serial.clone()).collect();
        let issuer = meant.first().map(|meant| meant.issuer.clone()).unwrap_or_default();
        // Lines 6 and 7. Signed twice after a crash, the first recorded counts.
        let mut made = self.authority.make(meant).await.into_iter();
        let (Some(sign), Some(encrypt)) = (made.next(), made.next()) else {
            return Err(wrong("the authority gave fewer certificates than were meant"));
        };
        let certificates = [sign?, encrypt?];
        hold_together(&issuer, &certificates[0], &certificates[1])?;
        let (desk, id) = (self.clone(), order_id.to_owned());
        let recorded = self.ground.store.write(move |tx| {
            Box::pin(async move { desk.record(tx, &id, &reserved, &certificates, bound.spki_digest).await })
        });
        let [sign, encrypt] = recorded.await?.map_err(Fault::Refused)?;
        Ok(Pair { sign, encrypt, envelope: bound.envelope })
    }

    async fn mean(&self, tx: &mut Tx, order_id: &str) -> Result<(Vec<Meant>, Bound), Fault> {
        let row = store::orders::load(tx, order_id).await?;
        self.journal_holds(tx, &row).await?;
        let production = store::productions::find(tx, order_id).await?;
        let production = production.ok_or_else(|| wrong("no key has generated a pair for this order"))?;
        let der = production.request.ok_or_else(|| wrong("the key has sent no request"))?;
        let request =
            Request::verify_for(&der, profile(row.order.party, Slot::Sign)).map_err(|e| wrong(e.code()))?;
        let spki_digest = hex::encode(spki_digest(&request.spki));
        if row.order.spki_digest.as_ref() != Some(&spki_digest) {
            return Err(wrong("the request is not for the pair that the journal names"));
        }
        let signing_key = PublicKey::from_spki_der(&request.spki).map_err(wrong)?;
        let pair = self.kmc.pair_for(tx, order_id, &signing_key).await?;
        let envelope = pair.envelope.clone().ok_or_else(|| wrong("the encryption pair has no envelope"))?;
        let subject = Name::from_parts(&self.subject(&row)?).map_err(wrong)?;
        // Orders are for SM2 keys.
        let issuer = self.authorities.issuer_for(product(row.order.party), KeyKind::Sm2);
        let validity = self.validity(tx, &row).await?;
        let identity_codes = self.identity_codes(&row)?;
        let tries = store::certificates::count_discarded(tx, order_id).await?;
        let wish = |slot, spki: &[u8], request: Option<Vec<u8>>| Wish {
            case: Case::Order {
                id: row.id.clone(),
                slot,
                discarded: tries.get(&slot).copied().unwrap_or_default(),
            },
            issuer: issuer.to_owned(),
            profile: profile(row.order.party, slot),
            subject: subject.clone(),
            spki: spki.to_vec(),
            request,
            identity_codes: identity_codes.clone(),
            validity,
        };
        let sign = wish(Slot::Sign, &request.spki, Some(der));
        let sign = self.mean_one(tx, &row.id, &production.key_serial, sign).await?;
        let proof =
            self.authority.wants_request(issuer).then(|| self.kmc.request(&pair, &subject)).transpose()?;
        let encrypt = wish(Slot::Encrypt, &pair.public_key, proof);
        let encrypt = self.mean_one(tx, &row.id, &production.key_serial, encrypt).await?;
        Ok((vec![sign, encrypt], Bound { spki_digest, envelope }))
    }

    /// Line 1: paid, approved and with a passcode on its way, says the journal, not a flag that somebody set.
    async fn journal_holds(&self, tx: &mut Tx, row: &OrderRow) -> Result<(), Fault> {
        let journal = store::journal::list(tx, &row.id).await?;
        let replayed = journey::replay::replay(&journal, &self.ground.calendar);
        if replayed.as_ref() != Ok(&row.order) {
            let why = "differs from its journal";
            return Err(StoreError::impossible("orders", "state", &row.id, why).into());
        }
        let order = &row.order;
        let before = order.itinerary().iter().take_while(|s| !matches!(s, Step::Production | Step::Issuing));
        let settled = before.into_iter().all(|step| order.settled.contains(step));
        let paid = order.service.is_free() || order.paid.is_some();
        let passcode = !order.itinerary().contains(&Step::Passcode) || order.passcode == PasscodeState::Sent;
        if order.standing.is_open() && settled && paid && passcode {
            return Ok(());
        }
        Err(wrong("the journal does not carry this order to its issuing"))
    }

    /// Lines 2 to 5 of one certificate; what was recorded before is taken as it is.
    async fn mean_one(
        &self,
        tx: &mut Tx,
        order_id: &str,
        key_serial: &str,
        wish: Wish,
    ) -> Result<Meant, Fault> {
        let digest = spki_digest(&wish.spki);
        let spki_digest = hex::encode(digest);
        let (slot, case) = (wish.case.slot(), wish.case.clone());
        if let Some(found) = store::certificates::find(tx, order_id, slot).await? {
            // Serial and bytes are written in one statement: a row with one of them alone cannot be.
            let missing = || StoreError::impossible("certificates", "to_be_signed", &found.serial, "missing");
            let to_be_signed = found.to_be_signed.clone().ok_or_else(missing)?;
            if found.spki_digest != spki_digest {
                return Err(wrong("what is recorded for this slot is for another key"));
            }
            let (issuer, serial) = (found.issuer, found.serial);
            return Ok(Meant::from_record(case, issuer, wish.profile, digest, serial, to_be_signed));
        }
        let subject_digest = hex::encode(sm3(wish.subject.der()));
        self.key_is_free(tx, order_id, slot, &spki_digest, &subject_digest).await?;
        let meant = self.authority.mean(wish)?;
        let reserved = CertificateRow {
            serial: meant.serial.clone(),
            issuer: meant.issuer.clone(),
            profile: meant.profile.name.to_owned(),
            key_serial: key_serial.to_owned(),
            spki_digest,
            subject_digest: Some(subject_digest),
            to_be_signed: Some(meant.to_be_signed.clone()),
            certificate: None,
        };
        store::certificates::reserve(tx, order_id, slot, &reserved, self.ground.now()).await?;
        Ok(meant)
    }

    /// A key signs for one subject, and encrypts for one certificate.
    async fn key_is_free(
        &self,
        tx: &mut Tx,
        order_id: &str,
        slot: Slot,
        spki_digest: &str,
        subject_digest: &str,
    ) -> Result<(), Fault> {
        let wanted = KeyUse {
            spki_digest: spki_digest.to_owned(),
            subject_digest: Some(subject_digest.to_owned()),
            slot,
            order_id: Some(order_id.to_owned()),
            partner: None,
            compromised: false,
        };
        let known = key_uses::list(tx, &[spki_digest]).await?;
        if known.iter().any(|known| known.forbids(&wanted)) {
            return Err(Fault::Proof(ProofRefusal::PairTaken));
        }
        Ok(())
    }

    /// Line 8. While it was signed the order may have ended, or its key may have made another pair: then the report is
    /// refused, and what was signed does not count and is given to nobody.
    async fn record(
        &self,
        tx: &mut Tx,
        order_id: &str,
        reserved: &[String],
        certificates: &[Certificate; 2],
        spki_digest: String,
    ) -> Result<Result<[Certificate; 2], Refusal>, Fault> {
        let now = self.ground.now();
        let mut kept = certificates.clone();
        for ((certificate, reserved), slot) in kept.iter_mut().zip(reserved).zip([Slot::Sign, Slot::Encrypt])
        {
            let not_after = Moment::from_millis(certificate.not_after() * 1000);
            let serial = certificate.serial_hex();
            let der = certificate.der();
            if !store::certificates::keep_signed(tx, reserved, &serial, der, not_after, now).await? {
                // Recorded before: that one counts. Put aside meanwhile: this one must not be reported.
                let first = store::certificates::find(tx, order_id, slot).await?;
                let first = first.and_then(|first| first.certificate);
                let first = first.ok_or_else(|| wrong("the row was put aside while it was signed"))?;
                *certificate = Certificate::from_der(&first).map_err(wrong)?;
            }
        }
        let [sign, encrypt] = &kept;
        let row = store::orders::load(tx, order_id).await?;
        let (number, sign_serial, encrypt_serial) =
            (row.number.clone(), sign.serial_hex(), encrypt.serial_hex());
        // The errand and the producer's request issue the same: whoever comes second finds it reported, and the order
        // perhaps a step further. What the order names is delivered, and nobody's to put aside.
        let named = [row.order.sign_serial.as_ref(), row.order.encrypt_serial.as_ref()];
        if named == [Some(&sign_serial), Some(&encrypt_serial)] {
            return Ok(Ok(kept));
        }
        let event = Event::PairIssued {
            spki_digest,
            sign_serial: sign_serial.clone(),
            encrypt_serial: encrypt_serial.clone(),
        };
        match advance(tx, &self.ground, row, None, event, &Actor::Office).await {
            Ok(_) => Ok(Ok(kept)),
            Err(MoveError::Refused(refusal)) => {
                tracing::error!(order = %number, sign_serial, encrypt_serial, %refusal, "signed for nobody: discarded");
                let by = By::new(number, "签发后订单已变更");
                for serial in [sign_serial, encrypt_serial] {
                    standing::discard(tx, &self.ground, Which::Serial(serial), &by).await?;
                }
                Ok(Err(refusal))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What the two certificates are bound to.
struct Bound {
    /// Of the pair that the key generated.
    spki_digest: String,
    envelope: Vec<u8>,
}

/// What partners ask for under the same name.
fn product(party: Party) -> &'static str {
    match party {
        Party::Organisation => "organisation",
        Party::Person => "person",
    }
}

fn profile(party: Party, slot: Slot) -> &'static Profile {
    match (party, slot) {
        (Party::Organisation, Slot::Sign | Slot::Single) => &certificate::profile::ORGANISATION_SIGNING,
        (Party::Organisation, Slot::Encrypt) => &certificate::profile::ORGANISATION_ENCRYPTION,
        (Party::Person, Slot::Sign | Slot::Single) => &certificate::profile::PERSON_SIGNING,
        (Party::Person, Slot::Encrypt) => &certificate::profile::PERSON_ENCRYPTION,
    }
}
