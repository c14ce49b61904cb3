//! A notice: JSON with a sealed resource inside (AES-256-GCM under the APIv3 key).

use super::super::{Notice, NoticeError, NoticeFact};
use super::answer::{self, Trade};
use base64::{Engine, engine::general_purpose::STANDARD};
use journey::Fen;
use ring::aead;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// The APIv3 key. Prints nothing.
pub struct NoticeKey(aead::LessSafeKey);

impl NoticeKey {
    /// `None` unless there are 32 bytes.
    pub fn new(bytes: &[u8]) -> Option<NoticeKey> {
        Some(NoticeKey(aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, bytes).ok()?)))
    }

    fn open(&self, resource: &Resource) -> Result<Zeroizing<Vec<u8>>, NoticeError> {
        let broken = || NoticeError::Unverified("the resource does not open".to_owned());
        if resource.algorithm != "AEAD_AES_256_GCM" {
            return Err(NoticeError::Malformed(format!("algorithm {}", resource.algorithm)));
        }
        let nonce =
            aead::Nonce::try_assume_unique_for_key(resource.nonce.as_bytes()).map_err(|_| broken())?;
        let mut sealed = Zeroizing::new(STANDARD.decode(&resource.ciphertext).map_err(|_| broken())?);
        let aad = aead::Aad::from(resource.associated_data.as_bytes());
        let length = self.0.open_in_place(nonce, aad, &mut sealed).map_err(|_| broken())?.len();
        sealed.truncate(length);
        Ok(sealed)
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    event_type: String,
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    algorithm: String,
    ciphertext: String,
    #[serde(default)]
    associated_data: String,
    nonce: String,
}

/// A refund as notices tell it: other names than in the calls.
#[derive(Deserialize)]
struct RefundNotice {
    mchid: String,
    out_trade_no: String,
    out_refund_no: String,
    refund_id: String,
    refund_status: String,
    success_time: Option<String>,
    amount: answer::RefundAmount,
}

/// Reads a notice whose signature has been checked.
pub fn read(body: &[u8], key: &NoticeKey, mch_id: &str, app_id: &str) -> Result<Notice, NoticeError> {
    let envelope: Envelope = parse(body)?;
    let event_id = envelope.id;
    let fact = match envelope.event_type.as_str() {
        "TRANSACTION.SUCCESS" => payment(parse(&key.open(&envelope.resource)?)?, mch_id, app_id)?,
        "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" => {
            refund(parse(&key.open(&envelope.resource)?)?, mch_id)?
        }
        other => NoticeFact::Other(other.to_owned()),
    };
    Ok(Notice { event_id, fact })
}

fn payment(trade: Trade, mch_id: &str, app_id: &str) -> Result<NoticeFact, NoticeError> {
    if trade.mchid != mch_id {
        return Err(NoticeError::NotOurs { what: "mchid" });
    }
    if trade.appid != app_id {
        return Err(NoticeError::NotOurs { what: "appid" });
    }
    if trade.trade_state != "SUCCESS" {
        return Ok(NoticeFact::Other(trade.trade_state));
    }
    let (amount, at) = trade.paid().map_err(NoticeError::Malformed)?;
    Ok(NoticeFact::Payment {
        out_trade_no: trade.out_trade_no,
        transaction: trade.transaction_id,
        amount,
        at,
    })
}

fn refund(refund: RefundNotice, mch_id: &str) -> Result<NoticeFact, NoticeError> {
    if refund.mchid != mch_id {
        return Err(NoticeError::NotOurs { what: "mchid" });
    }
    let at = refund.success_time.as_deref().and_then(|at| answer::moment(at).ok());
    let fact = answer::refund_fact(&refund.refund_status, refund.refund_id, Fen(refund.amount.refund), at)
        .map_err(NoticeError::Malformed)?;
    Ok(NoticeFact::Refund { out_trade_no: refund.out_trade_no, out_refund_no: refund.out_refund_no, fact })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, NoticeError> {
    serde_json::from_slice(bytes).map_err(|error| NoticeError::Malformed(error.to_string()))
}
