//! Making a key: the passcode sealed to the station, the key's own request taken with its proofs, the pair issued.

use super::{Production, load};
use crate::advance::advance;
use crate::details;
use crate::fault::Fault;
use crate::key_proof::{challenge, decode, key_name, wrong};
use crate::media;
use crate::standing::{self, By, Which};
use crate::store::certificates::Slot;
use crate::store::key_uses::{self, KeyUse};
use crate::store::orders::OrderRow;
use crate::store::productions::{self, Production as Row};
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::production::{IssuedPair, KeyRequest, Personalisation, PreparedPast};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::digest::spki_digest;
use certificate::profile::{ORGANISATION_SIGNING, PERSON_SIGNING};
use certificate::{Name, PublicKey, Request, cipher, sm3};
use journey::actor::{Actor, StaffId};
use journey::event::Event;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::step::Step;

impl Production {
    /// What the helper needs to personalise this key for this order. Repeating it gives the same nonce while the key is
    /// the same; the passcode is sealed anew to the helper that runs now.
    ///
    /// # Errors
    /// Not this producer's job; another key than the one whose pair is issued already; a station key that is none.
    pub async fn personalise(
        &self,
        staff: &StaffId,
        number: String,
        key_serial: String,
        station_key: String,
    ) -> Result<Personalisation, Fault> {
        let station = decode(&station_key).and_then(|der| {
            PublicKey::from_spki_der(&der).map_err(|_| Fault::Proof(ProofRefusal::Malformed))
        })?;
        let (desk, staff) = (self.clone(), staff.clone());
        let started = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.my_job(tx, &staff, &number).await?;
                let production = desk.start(tx, &row, &key_serial).await?;
                let passcode =
                    store::passcodes::find(tx, &row.id).await?.and_then(|passcode| passcode.sealed);
                let office_key = media::office_key(tx, &desk.ground).await?.spki();
                let passcode = passcode.ok_or(Refusal::PasscodeNotSealed)?;
                Ok::<_, Fault>((row, production, passcode, office_key))
            })
        });
        let (row, production, sealed, office_key) = started.await?;
        let passcode = self.ground.sealing.open(&crate::passcode::place(&row.id), &sealed)?;
        let sealed = cipher::encrypt(&station, &passcode, &mut self.ground.dice.clone()).map_err(wrong)?;
        Ok(Personalisation {
            sealed_passcode: BASE64.encode(sealed),
            subject: key_name(self.authority.subject(&row)?),
            label: details::open(&self.ground, &row)?.holder_name.clone(),
            nonce: production.nonce,
            // The key's random admin PIN comes back sealed to it, for the day its holder has forgotten the PIN (B07).
            office_key: Some(BASE64.encode(office_key)),
        })
    }

    /// The production of this order on this key: as it stands, or started.
    async fn start(&self, tx: &mut Tx, row: &OrderRow, key_serial: &str) -> Result<Row, Fault> {
        if let Some(found) = productions::find(tx, &row.id).await? {
            if found.key_serial == key_serial {
                return Ok(found);
            }
            // Its certificates are issued: only the same key may go on (R067). Before that, a broken key is replaced.
            if row.order.sign_serial.is_some() {
                return Err(Refusal::KeyDiffers.into());
            }
        }
        let started = Row {
            key_serial: key_serial.to_owned(),
            nonce: hex::encode(self.ground.dice.bytes::<32>()),
            request: None,
            challenge: None,
        };
        productions::record(tx, &row.id, &started, self.ground.now()).await?;
        Ok(started)
    }

    async fn my_job(&self, tx: &mut Tx, staff: &StaffId, number: &str) -> Result<OrderRow, Fault> {
        let row = load(tx, number).await?;
        let here = row.order.step() == Some(Step::Production);
        match &row.order.produced_by {
            _ if !here => {
                let event = journey::event::EventKind::PairGenerated;
                Err(Refusal::NotHere { standing: row.order.standing, event }.into())
            }
            Some(producer) if producer == staff => Ok(row),
            Some(_) => Err(Refusal::JobTakenByAnother.into()),
            None => Err(Refusal::JobNotTaken.into()),
        }
    }

    /// Takes the key's request with the key's own proof (base64), and issues the pair; or gives again what is issued.
    ///
    /// # Errors
    /// A request without proof of possession, for another subject, or for a pair certified elsewhere; the issuing desk's.
    pub async fn issue(
        &self,
        staff: &StaffId,
        number: String,
        key_serial: String,
        request: Option<KeyRequest>,
        prepared: Option<PreparedPast>,
    ) -> Result<IssuedPair, Fault> {
        let given = request.as_ref().map(Given::read).transpose()?;
        let (desk, staff, by, serial) = (self.clone(), staff.clone(), staff.0.clone(), key_serial.clone());
        let taken = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = desk.my_job(tx, &staff, &number).await?;
                let production = productions::find(tx, &row.id).await?.ok_or(Refusal::PairNotGenerated)?;
                if production.key_serial != key_serial {
                    return Err(Refusal::KeyDiffers.into());
                }
                match (given, &production.request) {
                    (Some(given), kept) if kept.as_ref() != Some(&given.request) => {
                        desk.take_request(tx, &staff, row, &production, &given).await
                    }
                    (None, None) => Err(Refusal::PairNotGenerated.into()),
                    _ => Ok(row.id),
                }
            })
        });
        let order_id = taken.await?;
        let pair = self.authority.issue(&order_id).await?;
        let nonce = challenge(&self.ground, &order_id, &pair.encrypt).await?;
        let past = self.past(&order_id, &pair.sign, &serial, &by, prepared).await?;
        Ok(IssuedPair {
            past,
            sign_certificate: BASE64.encode(pair.sign),
            encrypt_certificate: BASE64.encode(pair.encrypt),
            enveloped_key: BASE64.encode(pair.envelope),
            nonce: nonce.0,
            sealed_challenge: Some(BASE64.encode(nonce.1)),
        })
    }

    async fn take_request(
        &self,
        tx: &mut Tx,
        staff: &StaffId,
        row: OrderRow,
        production: &Row,
        given: &Given,
    ) -> Result<String, Fault> {
        let Given { request, proof, sealed_admin_pin } = given;
        let profile = match row.order.party {
            Party::Organisation => &ORGANISATION_SIGNING,
            Party::Person => &PERSON_SIGNING,
        };
        let verified =
            Request::verify_for(request, profile).map_err(|_| Fault::Proof(ProofRefusal::Request))?;
        let subject = Name::from_parts(&self.authority.subject(&row)?).map_err(wrong)?;
        if verified.subject != subject {
            return Err(Fault::Proof(ProofRefusal::OtherSubject));
        }
        let statement = key::statement::personalised(&production.nonce, &production.key_serial, request);
        let signing_key = PublicKey::from_spki_der(&verified.spki).map_err(wrong)?;
        signing_key.verify(&statement, proof).map_err(|_| Fault::Proof(ProofRefusal::NotThisKey))?;
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
        // The same pair asks again, with a signature of its own: what is issued for it stands.
        let same = row.order.spki_digest.as_ref() == Some(&digest)
            && row.order.key_serial.as_ref() == Some(&production.key_serial);
        if !same || sealed_admin_pin.is_some() {
            let serial = &production.key_serial;
            media::enter(tx, &self.ground, serial, &id, sealed_admin_pin.as_deref()).await?;
        }
        if same {
            productions::keep_request(tx, &id, request).await?;
            return Ok(id);
        }
        // A pair of before was never proven on a key: it is not certified, or no longer.
        let by = By::new(row.number.clone(), "换用另一把证书Key");
        standing::discard(tx, &self.ground, Which::Order(id.clone()), &by).await?;
        store::certificates::discard(tx, &id, self.ground.now()).await?;
        let event = Event::PairGenerated { key_serial: production.key_serial.clone(), spki_digest: digest };
        advance(tx, &self.ground, row, None, event, &Actor::Producer(staff.clone())).await?;
        productions::keep_request(tx, &id, request).await?;
        Ok(id)
    }
}

/// What a key sent at its personalisation, as bytes.
struct Given {
    request: Vec<u8>,
    proof: Vec<u8>,
    sealed_admin_pin: Option<Vec<u8>>,
}

impl Given {
    fn read(from: &KeyRequest) -> Result<Given, Fault> {
        Ok(Given {
            request: decode(&from.request)?,
            proof: decode(&from.proof)?,
            sealed_admin_pin: from.sealed_admin_pin.as_deref().map(decode).transpose()?,
        })
    }
}
