//! A seal by an event certificate (A41): a key made for one signature, certified, used and gone. Its certificate walks the
//! road of all: serial and bytes recorded, signed, recorded; relying parties may ask how it stands.

use super::port::{Case, Wish};
use super::{Issuing, wrong};
use crate::fault::Fault;
use crate::store::certificates::Slot;
use crate::store::partner_certificates::{self as rows, NewRow, Signed};
use certificate::delivery::signed_and_enveloped::Sender;
use certificate::delivery::signed_data;
use certificate::digest::spki_digest;
use certificate::draft::Validity;
use certificate::profile::EVENT_SIGNING;
use certificate::{Certificate, KeyPair, Name, NameParts, sm3};
use journey::moment::Moment;

/// In the record of certificates, the house stands where a partner would.
const HOUSE: &str = "house";
/// SM2 keys of the house's own authority: the house seals, whoever issues for holders.
const ISSUER: &str = "issuing";
const DAY: i64 = 86_400;

/// A seal, and what sealed it.
pub struct EventSeal {
    /// SignedData, DER.
    pub der: Vec<u8>,
    pub certificate: Certificate,
}

impl Issuing {
    /// Seals `content` now in the name of `signer`. Each call is an event of its own: `number` names it together with dice.
    ///
    /// # Errors
    /// A name that no certificate can carry; the signer's faults.
    pub async fn seal_event(
        &self,
        number: &str,
        signer: &NameParts,
        content: &[u8],
    ) -> Result<EventSeal, Fault> {
        let pair = KeyPair::generate(&mut self.ground.dice.clone()).map_err(wrong)?;
        let spki = pair.public_key().to_spki_der();
        let certificate = self.certify_event(number, signer, spki).await?;
        let chain = [self.authorities.load(ISSUER)?.certificate.clone()];
        let at = self.ground.now().millis() / 1000;
        let from = Sender { certificate: &certificate, key: &pair };
        let der = signed_data::sign(content, at, from, &chain).map_err(wrong)?;
        Ok(EventSeal { der, certificate })
    }

    async fn certify_event(
        &self,
        number: &str,
        signer: &NameParts,
        spki: Vec<u8>,
    ) -> Result<Certificate, Fault> {
        let number = format!("{number}.{}", &self.ground.dice.id()[..8]);
        let subject = Name::from_parts(signer).map_err(wrong)?;
        let subject_digest = hex::encode(sm3(subject.der()));
        let seconds = self.ground.now().millis() / 1000;
        let digest = hex::encode(spki_digest(&spki));
        let meant = self.authority.mean(Wish {
            case: Case::Partner { partner: HOUSE.to_owned(), number: number.clone(), slot: Slot::Single },
            issuer: ISSUER.to_owned(),
            profile: &EVENT_SIGNING,
            subject,
            spki,
            request: None,
            identity_codes: Vec::new(),
            validity: Validity { not_before: seconds, not_after: seconds + DAY },
        })?;
        let row = NewRow {
            partner: HOUSE.to_owned(),
            number,
            slot: Slot::Single,
            serial: meant.serial.clone(),
            issuer: meant.issuer.clone(),
            profile: EVENT_SIGNING.name.to_owned(),
            spki_digest: digest.clone(),
            subject_digest,
            request_digest: digest,
            to_be_signed: meant.to_be_signed.clone(),
        };
        let (now, reserved) = (self.ground.now(), meant.serial.clone());
        let recorded =
            self.ground.store.write(move |tx| Box::pin(async move { rows::reserve(tx, &[row], now).await }));
        recorded.await?;
        let made = self.authority.make(vec![meant]).await.pop();
        let certificate = made.ok_or_else(|| wrong("the authority gave nothing"))??;
        let signed = Signed {
            reserved,
            serial: certificate.serial_hex(),
            certificate: certificate.der().to_vec(),
            not_after: Moment::from_millis(certificate.not_after() * 1000),
        };
        let kept = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { rows::keep_signed(tx, &[signed], now).await }));
        if kept.await?.is_empty() {
            return Err(wrong("somebody ended the road of this event"));
        }
        Ok(certificate)
    }
}
