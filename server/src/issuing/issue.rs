//! Issuing: 1 the journal holds every event → 2 serial recorded → 3 draft → 4 linted → 5 to-be-signed bytes recorded →
//! 6 signed → 7 compared → 8 certificate recorded, event reported. Each of the two certificates walks it; a crash
//! between any two lines leaves a row that tells what was meant, and the next run goes on from there.

use super::{Issuing, wrong};
use crate::advance::{MoveError, advance};
use crate::details;
use crate::fault::Fault;
use crate::store::certificates::{CertificateRow, Slot};
use crate::store::orders::OrderRow;
use crate::store::{self, StoreError, Tx};
use certificate::digest::spki_digest;
use certificate::{
    Certificate, Draft, Facts, Name, NameParts, Profile, PublicKey, Request, Serial, Validity,
};
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
    /// The subject that an order's certificates carry.
    ///
    /// # Errors
    /// A name that no certificate can carry (longer than 64 characters).
    pub fn subject(&self, row: &OrderRow) -> Result<NameParts, Fault> {
        let form = details::open(&self.ground, row)?;
        Ok(NameParts {
            country: Some("CN".to_owned()),
            organisation: Some(form.holder_name.clone()),
            // A credit code is public; a person's number stays out of a public document.
            serial_number: (row.order.party == Party::Organisation).then(|| form.holder_id.clone()),
            common_name: Some(form.holder_name.clone()),
            ..NameParts::default()
        })
    }

    /// Issues both certificates for the pair that the order's key generated, or gives those issued already.
    ///
    /// # Errors
    /// The journal does not carry this order to its issuing; a lint's finding; the signer's fault.
    pub async fn issue(&self, order_id: &str) -> Result<Pair, Fault> {
        let _turn = self.turn.lock().await;
        let (desk, id) = (self.clone(), order_id.to_owned());
        // Lines 1 to 5 in one transaction: what is meant stands before anything is signed.
        let meant = self.ground.store.write(move |tx| Box::pin(async move { desk.mean(tx, &id).await }));
        let meant = meant.await?;
        // Lines 6 and 7: the signature depends on key and bytes alone, so a repetition gives the same certificate.
        let sign = self.sign(meant.party, Slot::Sign, &meant.sign)?;
        let encrypt = self.sign(meant.party, Slot::Encrypt, &meant.encrypt)?;
        let (desk, id) = (self.clone(), order_id.to_owned());
        let (certificates, spki_digest) = ([sign.clone(), encrypt.clone()], meant.spki_digest);
        let recorded = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { desk.record(tx, &id, &certificates, spki_digest).await }));
        recorded.await?.map_err(Fault::Refused)?;
        Ok(Pair { sign, encrypt, envelope: meant.envelope })
    }

    async fn mean(&self, tx: &mut Tx, order_id: &str) -> Result<Meant, Fault> {
        let row = store::orders::load(tx, order_id).await?;
        self.journal_holds(tx, &row).await?;
        let production = store::productions::find(tx, order_id).await?;
        let production = production.ok_or_else(|| wrong("no key has generated a pair for this order"))?;
        let request = production.request.ok_or_else(|| wrong("the key has sent no request"))?;
        let request = Request::verify(&request).map_err(|e| wrong(e.code()))?;
        let spki_digest = hex::encode(spki_digest(&request.spki));
        if row.order.spki_digest.as_ref() != Some(&spki_digest) {
            return Err(wrong("the request is not for the pair that the journal names"));
        }
        let signing_key = PublicKey::from_spki_der(&request.spki).map_err(wrong)?;
        let pair = self.kmc.pair_for(tx, order_id, &signing_key).await?;
        let envelope = pair.envelope.clone().ok_or_else(|| wrong("the encryption pair has no envelope"))?;
        let sign = self.mean_one(tx, &row, Slot::Sign, &production.key_serial, &request.spki).await?;
        let encrypt =
            self.mean_one(tx, &row, Slot::Encrypt, &production.key_serial, &pair.public_key).await?;
        Ok(Meant { party: row.order.party, spki_digest, sign, encrypt, envelope })
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
        row: &OrderRow,
        slot: Slot,
        key_serial: &str,
        spki: &[u8],
    ) -> Result<MeantOne, Fault> {
        let now = self.ground.now();
        if let Some(found) = store::certificates::find(tx, &row.id, slot).await? {
            // Serial and bytes are written in one transaction: a row with one of them alone cannot be.
            let missing = || StoreError::impossible("certificates", "to_be_signed", &found.serial, "missing");
            let to_be_signed = found.to_be_signed.clone().ok_or_else(missing)?;
            if found.spki_digest != hex::encode(spki_digest(spki)) {
                return Err(wrong("what is recorded for this slot is for another key"));
            }
            return Ok(MeantOne { serial: found.serial, to_be_signed });
        }
        let serial = Serial::generate(&mut self.ground.dice.clone()).map_err(wrong)?;
        let reserved = CertificateRow {
            serial: serial.to_hex(),
            issuer: "issuing".to_owned(),
            profile: profile(row.order.party, slot).name.to_owned(),
            key_serial: key_serial.to_owned(),
            spki_digest: hex::encode(spki_digest(spki)),
            to_be_signed: None,
            certificate: None,
        };
        store::certificates::reserve(tx, &row.id, slot, &reserved, now).await?;
        let facts = Facts {
            serial,
            subject: Name::from_parts(&self.subject(row)?).map_err(wrong)?,
            spki: spki.to_vec(),
            validity: validity(now),
            identity_codes: Vec::new(),
        };
        let issuer = &self.authorities.issuing.certificate;
        let draft = Draft::new(profile(row.order.party, slot), issuer, &self.authorities.places, &facts);
        let linted = draft.map_err(wrong)?.lint().map_err(|findings| wrong(format!("{findings:?}")))?;
        let bytes = linted.to_be_signed().bytes().to_vec();
        store::certificates::keep_to_be_signed(tx, &reserved.serial, &bytes).await?;
        Ok(MeantOne { serial: reserved.serial, to_be_signed: bytes })
    }

    fn sign(&self, party: Party, slot: Slot, meant: &MeantOne) -> Result<Certificate, Fault> {
        let issuer = &self.authorities.issuing;
        let draft =
            Draft::from_recorded(profile(party, slot), &issuer.certificate, meant.to_be_signed.clone());
        let linted = draft.lint().map_err(|findings| wrong(format!("{findings:?}")))?;
        let signed = linted.to_be_signed().sign(&*issuer.key).map_err(wrong)?;
        let certificate = signed.into_certificate();
        if certificate.serial_hex() != meant.serial {
            return Err(wrong("the signed serial is not the one that was reserved"));
        }
        Ok(certificate)
    }

    /// Line 8. While it was signed the order may have ended, or its key may have made another pair: then the report is
    /// refused, and what was signed does not count and is given to nobody.
    async fn record(
        &self,
        tx: &mut Tx,
        order_id: &str,
        [sign, encrypt]: &[Certificate; 2],
        spki_digest: String,
    ) -> Result<Result<(), Refusal>, Fault> {
        let now = self.ground.now();
        for certificate in [sign, encrypt] {
            let not_after = Moment::from_millis(certificate.not_after() * 1000);
            let serial = certificate.serial_hex();
            store::certificates::keep_signed(tx, &serial, certificate.der(), not_after, now).await?;
        }
        let row = store::orders::load(tx, order_id).await?;
        let (number, sign_serial, encrypt_serial) =
            (row.number.clone(), sign.serial_hex(), encrypt.serial_hex());
        let event = Event::PairIssued {
            spki_digest,
            sign_serial: sign_serial.clone(),
            encrypt_serial: encrypt_serial.clone(),
        };
        match advance(tx, &self.ground, row, None, event, &Actor::Office).await {
            Ok(_) => Ok(Ok(())),
            Err(MoveError::Refused(refusal)) => {
                tracing::error!(order = %number, sign_serial, encrypt_serial, %refusal, "signed for nobody: discarded");
                for serial in [&sign_serial, &encrypt_serial] {
                    store::certificates::discard_one(tx, serial).await?;
                }
                Ok(Err(refusal))
            }
            Err(error) => Err(error.into()),
        }
    }
}

struct Meant {
    party: Party,
    /// Of the pair that the key generated.
    spki_digest: String,
    sign: MeantOne,
    encrypt: MeantOne,
    envelope: Vec<u8>,
}

struct MeantOne {
    serial: String,
    to_be_signed: Vec<u8>,
}

fn profile(party: Party, slot: Slot) -> &'static Profile {
    match (party, slot) {
        (Party::Organisation, Slot::Sign) => &certificate::profile::ORGANISATION_SIGNING,
        (Party::Organisation, Slot::Encrypt) => &certificate::profile::ORGANISATION_ENCRYPTION,
        (Party::Person, Slot::Sign) => &certificate::profile::PERSON_SIGNING,
        (Party::Person, Slot::Encrypt) => &certificate::profile::PERSON_ENCRYPTION,
    }
}

/// R051: one year, to the same moment of the next (A14).
fn validity(now: Moment) -> Validity {
    let end = journey::eligibility::renewed_until(now, now);
    Validity { not_before: now.millis() / 1000, not_after: end.millis() / 1000 }
}
