//! What is signed, both ways. Pure: time and nonce are handed in.

use super::super::{NoticeError, header};
use crate::outside::rsa::{SigningKey, VerifyingKey};
use journey::Moment;

const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";
/// Older than this is a replay (the official libraries' bound).
const FRESH_SECONDS: i64 = 5 * 60;

/// Who signs a request, and when.
pub struct Authorization<'a> {
    pub mch_id: &'a str,
    pub serial: &'a str,
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub timestamp: i64,
}

impl Authorization<'_> {
    /// The text under the signature: five lines, each ended, also the last. `path` with its query, `body` to the byte.
    pub fn text(&self, method: &str, path: &str, body: &str) -> String {
        format!("{method}\n{path}\n{}\n{}\n{body}\n", self.timestamp, self.nonce)
    }

    /// The value of the Authorization header.
    pub fn header(&self, key: &SigningKey, method: &str, path: &str, body: &str) -> String {
        let signature = key.sign(self.text(method, path, body).as_bytes());
        let Authorization { mch_id, serial, nonce, timestamp } = self;
        format!(
            r#"{SCHEME} mchid="{mch_id}",nonce_str="{nonce}",signature="{signature}",timestamp="{timestamp}",serial_no="{serial}""#
        )
    }
}

/// WeChat's public key and the id it is known by.
pub struct Platform {
    pub key_id: String,
    pub key: VerifyingKey,
}

impl Platform {
    /// Whether answer or notice was signed by WeChat within the last five minutes.
    pub fn check(&self, headers: &[(String, String)], body: &[u8], now: Moment) -> Result<(), NoticeError> {
        let unverified = |why: &str| NoticeError::Unverified(why.to_owned());
        let value = |name: &str| header(headers, name).ok_or_else(|| unverified(&format!("no {name}")));
        let timestamp = value("wechatpay-timestamp")?;
        let nonce = value("wechatpay-nonce")?;
        let signature = value("wechatpay-signature")?;
        if value("wechatpay-serial")? != self.key_id {
            return Err(unverified("signed with a key that is not in the settings"));
        }
        let mut text = format!("{timestamp}\n{nonce}\n").into_bytes();
        text.extend_from_slice(body);
        text.push(b'\n');
        if !self.key.verifies(&text, signature) {
            return Err(unverified("does not verify"));
        }
        let sent: i64 = timestamp.parse().map_err(|_| unverified("timestamp is no number"))?;
        let age_seconds = now.millis() / 1000 - sent;
        if age_seconds.abs() > FRESH_SECONDS {
            return Err(NoticeError::Stale { age_seconds });
        }
        Ok(())
    }
}
