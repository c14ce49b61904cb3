//! TC3-HMAC-SHA256: how every call to Tencent Cloud is signed. Source: cloud.tencent.com/document/product/382/52072.

use journey::Moment;
use ring::{digest, hmac};
use time::OffsetDateTime;
use zeroize::Zeroizing;

pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Whose call, and to which host (with the port where it is not the scheme's own: it is under the signature).
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    pub secret_id: &'a str,
    pub secret_key: &'a str,
    pub host: &'a str,
}

impl Signer<'_> {
    /// The Authorization header for a POST of `body` to `/` at `at`. Pure.
    pub fn authorization(self, service: &str, body: &str, at: Moment) -> String {
        let Signer { secret_id, secret_key, host } = self;
        let signed_headers = "content-type;host";
        let canonical = format!(
            "POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\n{signed_headers}\n{}",
            sha256_hex(body.as_bytes())
        );
        let timestamp = at.millis() / 1000;
        let day = utc_day(timestamp);
        let scope = format!("{day}/{service}/tc3_request");
        let text = format!("TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{}", sha256_hex(canonical.as_bytes()));
        let secret = Zeroizing::new(format!("TC3{secret_key}"));
        let day_key = mac(secret.as_bytes(), &day);
        let service_key = mac(day_key.as_ref(), service);
        let signing_key = mac(service_key.as_ref(), "tc3_request");
        let signature = hex::encode(mac(signing_key.as_ref(), &text));
        format!(
            "TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders={signed_headers}, Signature={signature}"
        )
    }
}

/// `2026-11-22` in UTC, not in Beijing.
fn utc_day(timestamp: i64) -> String {
    OffsetDateTime::from_unix_timestamp(timestamp).unwrap_or(OffsetDateTime::UNIX_EPOCH).date().to_string()
}

fn mac(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hashlib and hmac.
    #[test]
    fn signature_equals_an_independent_one() {
        let body = r#"{"PhoneNumberSet":["+8613812345678"],"SmsSdkAppId":"1400006666","SignName":"证书大厅","TemplateId":"449739","TemplateParamSet":["123456"]}"#;
        let at = Moment::from_millis(1_795_335_480_000);
        let signer = Signer { secret_id: "AKIDtest", secret_key: "testsecretkey", host: "127.0.0.1:8421" };
        assert_eq!(
            signer.authorization("sms", body, at),
            "TC3-HMAC-SHA256 Credential=AKIDtest/2026-11-22/sms/tc3_request, SignedHeaders=content-type;host, Signature=147fe7dc72a953fa57633b96b1aa03903ea6e74d4666400bb214ea7bd4ca40e4"
        );
    }
}
