//! 测试证书Key (J35): signs, opens what is encrypted for it now and what was for its certificates of before, and whether its
//! certificates are good. What was asked travels sealed with the page, so that a test leaves nothing behind.

use super::KeyIn;
use super::look::state;
use crate::fault::Fault;
use crate::held::{self, Held};
use crate::key_proof::{decode, seal_to, wrong};
use crate::store::{self, Tx};
use app::desk::error::ProofRefusal;
use app::desk::held::{TestPaper, TestResult};
use app::desk::loading::SwitchedProof;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::Certificate;
use certificate::read::verify_chain;
use journey::moment::Moment;
use journey::refusal::Refusal;
use key::message::SealedTo;
use serde::{Deserialize, Serialize};

const MINUTES: i64 = 10;
const PLACE: &str = "key test";

/// What was asked.
#[derive(Serialize, Deserialize)]
struct Asked {
    sign: String,
    nonce: String,
    challenge: [u8; 32],
    past: Vec<[u8; 32]>,
    at: Moment,
}

impl KeyIn {
    /// # Errors
    /// `CertificateUnknown`.
    pub async fn begin_test(&self, sign_certificate: &str) -> Result<TestPaper, Fault> {
        let mut reader = self.ground.store.read().await?;
        let held = self.find(&mut reader, sign_certificate).await?;
        let encrypt = store::certificates::find_signed(&mut reader, &held.encrypt).await?;
        let encrypt = encrypt.ok_or_else(|| wrong("a pair without its encryption certificate"))?;
        let before =
            store::held::list_encryption_before(&mut reader, &held.key_serial, &held.encrypt).await?;
        let dice = &self.ground.dice;
        let asked = Asked {
            sign: held.sign,
            nonce: hex::encode(dice.bytes::<32>()),
            challenge: dice.bytes(),
            past: before.iter().map(|_| dice.bytes()).collect(),
            at: self.ground.now(),
        };
        let mut past = Vec::new();
        for (certificate, content) in before.iter().zip(&asked.past) {
            let key = Certificate::from_der(certificate).map_err(wrong)?.public_key().map_err(wrong)?;
            past.push(SealedTo {
                point: BASE64.encode(key.to_point()),
                sealed: BASE64.encode(seal_to(&self.ground, certificate, content)?),
            });
        }
        let clear = serde_json::to_vec(&asked).map_err(wrong)?;
        Ok(TestPaper {
            sealed_challenge: BASE64.encode(seal_to(&self.ground, &encrypt, &asked.challenge)?),
            token: BASE64.encode(self.ground.sealing.seal(PLACE, &clear)),
            nonce: asked.nonce,
            past,
        })
    }

    /// # Errors
    /// `Changed`: asked too long ago; a token that is none of this office's.
    pub async fn end_test(&self, token: &str, proof: &SwitchedProof) -> Result<TestResult, Fault> {
        let malformed = || Fault::Proof(ProofRefusal::Malformed);
        let clear = self.ground.sealing.open(PLACE, &decode(token)?).map_err(|_| malformed())?;
        let asked: Asked = serde_json::from_slice(&clear).map_err(|_| malformed())?;
        let now = self.ground.now();
        if now > asked.at.plus_minutes(MINUTES) {
            return Err(Fault::Changed);
        }
        let mut reader = self.ground.store.read().await?;
        let held = held::find_by_serial(&mut reader, &self.ground, &asked.sign).await?;
        let held = held.ok_or(Refusal::CertificateUnknown)?;
        let opened = |content: &[u8], said: Option<&String>| {
            said == Some(&key::statement::encryption_proof(&asked.nonce, content))
        };
        let past = asked.past.iter().zip(&proof.past_proofs);
        let past_opened = past.filter(|(content, said)| opened(&content[..], said.as_ref())).count();
        Ok(TestResult {
            signs: signs(&held, &asked.nonce, proof)?,
            opens: opened(&asked.challenge, proof.read.encryption_proof.as_ref()),
            past_opened: u32::try_from(past_opened).unwrap_or(u32::MAX),
            past: u32::try_from(asked.past.len()).unwrap_or(u32::MAX),
            chain: self.chain_holds(&mut reader, &held, now).await?,
            state: state(&held, now),
        })
    }

    /// Up to the root; one of an authority elsewhere is checked by who relies on it.
    async fn chain_holds(&self, tx: &mut Tx, held: &Held, now: Moment) -> Result<bool, Fault> {
        let authorities = store::authorities::list(tx).await?;
        let find = |name: &str| authorities.iter().find(|one| one.name == name);
        let Some(issuing) = find(&held.issuer) else {
            return Ok(held.issuer == store::authorities::UPSTREAM);
        };
        let Some(root) = issuing.issuer.as_deref().and_then(find) else { return Ok(false) };
        let read = |der: &[u8]| Certificate::from_der(der).map_err(wrong);
        let chain = [held.certificate.clone(), read(&issuing.certificate)?];
        // An expired certificate has a chain all the same: how it stands is said apart.
        let at = now.millis().min(held.not_after.millis()) / 1000;
        Ok(verify_chain(&chain, &read(&root.certificate)?, at).is_ok())
    }
}

fn signs(held: &Held, nonce: &str, proof: &SwitchedProof) -> Result<bool, Fault> {
    let (sign, encrypt) = (decode(&proof.read.sign_certificate)?, decode(&proof.read.encrypt_certificate)?);
    let said = key::statement::read_back(nonce, &proof.read.key_serial, &sign, &encrypt);
    let key = held.certificate.public_key().map_err(wrong)?;
    Ok(sign == held.certificate.der() && key.verify(&said, &decode(&proof.read.signature)?).is_ok())
}
