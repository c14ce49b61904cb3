//! Both of its signatures: MD5 over a text and secrets, in hex. That is what the tracker's protocol has; a push is believed
//! no further than `dispatch/news.rs` goes.

use md5::{Digest, Md5};
use subtle::ConstantTimeEq;

/// Of a question: upper case, over `param`, the key and the customer.
pub fn of_query(param: &str, key: &str, customer: &str) -> String {
    hex::encode_upper(digest(&[param, key, customer]))
}

/// Whether `sign` is of this push: over `param` and the parcel's salt; either case holds.
pub fn is_of_push(sign: &str, param: &str, salt: &str) -> bool {
    let mut given = [0; 16];
    hex::decode_to_slice(sign, &mut given).is_ok() && bool::from(given.ct_eq(&digest(&[param, salt])))
}

fn digest(parts: &[&str]) -> [u8; 16] {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(part.as_bytes());
    }
    md5.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both values were made with `printf … | md5sum`.
    #[test]
    fn signatures_are_those_of_md5sum() {
        let param = r#"{"com":"yuantong","num":"YT2538471123456","resultv2":"4"}"#;
        assert_eq!(
            of_query(param, "LQxvBnpE8871", "B5B4C10DBCE6E8C8E8B4E5F4D0F5A123"),
            "669A3E737999B0931620A63B580EAC9B"
        );
        let push = r#"{"status":"polling","lastResult":{"nu":"SF1234567890123"}}"#;
        let sign = "6aeb1bfb5f2469273be1d6580f9b2047";
        assert!(is_of_push(sign, push, "1f0c5a9d"));
        assert!(is_of_push(&sign.to_uppercase(), push, "1f0c5a9d"));
        for (sign, param, salt) in [
            (sign, push, "1f0c5a9e"),
            (sign, "{}", "1f0c5a9d"),
            ("", push, "1f0c5a9d"),
            (&sign[..30], push, "1f0c5a9d"),
            ("00000000000000000000000000000000", push, "1f0c5a9d"),
            ("签名签名签名签名", push, "1f0c5a9d"),
        ] {
            assert!(!is_of_push(sign, param, salt), "{sign} {salt}");
        }
    }
}
