//! The envelope: key-sorted JSON signed with SM2/SM3 where `sigdat` still reads `__signature_sigdat__`, then the whole
//! encrypted with SM4-CBC. The UID, filled up with `0` to 16 bytes, is both the IV and the signer's id.

use std::collections::{BTreeMap, HashMap};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use sm2::dsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer, Verifier},
};
use sm4::{
    Sm4,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};

use crate::{clock, credentials::Bank, dice, door::Call, journal::Finding};

const PLACE_OF_SIGNATURE: &str = "__signature_sigdat__";
const ALLOWED_SKEW_SECONDS: i64 = 600;

/// The request inside, if it is the office's; otherwise the bank's words in clear.
pub fn open(ours: &Bank, call: &Call, finding: &mut Finding) -> Result<Value, String> {
    let form: HashMap<String, String> = form_urlencoded::parse(&call.body).into_owned().collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("UID") != ours.uid {
        return Err("DCERR01 用户不存在".to_owned());
    }
    if field("ALG") != "SM" {
        return Err("DCERR02 算法不支持，应为SM".to_owned());
    }
    let id = sixteen(ours.uid);
    // A client that did not escape `+` in the form sent spaces.
    let sealed = BASE64_STANDARD.decode(field("DATA").replace(' ', "+"));
    let opened = sealed.ok().and_then(|sealed| decrypt(&ours.sm4, id.as_bytes(), &sealed));
    let mut request: Value = opened
        .and_then(|text| serde_json::from_slice(&text).ok())
        .ok_or("DCERR03 报文解密失败，请检查SM4密钥、IV与填充")?;
    if request["request"]["head"]["funcode"] != field("FUNCODE")
        || request["request"]["head"]["userid"] != ours.uid
    {
        return Err("DCERR04 报文头与表单的FUNCODE、UID不一致".to_owned());
    }
    let signature = request["signature"]["sigdat"].as_str().unwrap_or_default().to_owned();
    let signed_at = request["signature"]["sigtim"].as_str().unwrap_or_default().to_owned();
    request["signature"]["sigdat"] = json!(PLACE_OF_SIGNATURE);
    finding.checked = sorted(&request);
    if !verifies(ours, &id, &finding.checked, &signature) {
        return Err("DCERR05 验签失败".to_owned());
    }
    if !is_recent(&signed_at) {
        return Err("DCERR06 签名时间超出允许范围".to_owned());
    }
    Ok(request)
}

/// Signed with the bank's key, encrypted, base64.
pub fn seal(ours: &Bank, mut response: Value, wrong_key: bool) -> String {
    let id = sixteen(ours.uid);
    response["signature"] = json!({ "sigdat": PLACE_OF_SIGNATURE, "sigtim": clock::beijing_compact() });
    let key = if wrong_key {
        let mut drawn = dice::bytes::<32>();
        drawn[0] = 1;
        SigningKey::from_slice(&id, &drawn)
    } else {
        SigningKey::new(&id, &ours.bank)
    };
    let key = key.expect("a UID is a short id, and the key lies in range");
    let signature: Signature = key.sign(sorted(&response).as_bytes());
    response["signature"]["sigdat"] = json!(BASE64_STANDARD.encode(signature.to_bytes()));
    BASE64_STANDARD.encode(encrypt(&ours.sm4, id.as_bytes(), sorted(&response).as_bytes()))
}

fn verifies(ours: &Bank, id: &str, text: &str, signature: &str) -> bool {
    let made = BASE64_STANDARD.decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    match (VerifyingKey::new(id, ours.office), made) {
        (Ok(key), Some(made)) => key.verify(text.as_bytes(), &made).is_ok(),
        _ => false,
    }
}

fn sixteen(uid: &str) -> String {
    format!("{uid:0<16}")[..16].to_owned()
}

/// `sigtim` is Beijing time, `20261122162652`.
fn is_recent(signed_at: &str) -> bool {
    let form = time::macros::format_description!("[year][month][day][hour][minute][second]");
    let now = clock::beijing_now();
    time::PrimitiveDateTime::parse(signed_at, &form)
        .is_ok_and(|at| (now - at.assume_offset(now.offset())).whole_seconds().abs() <= ALLOWED_SKEW_SECONDS)
}

/// Compact JSON with the keys of every object in order, whatever order the parser kept.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, &Value> = fields.iter().collect();
            let written: Vec<String> =
                fields.iter().map(|(name, value)| format!("{}:{}", json!(name), sorted(value))).collect();
            format!("{{{}}}", written.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

fn encrypt(key: &[u8; 16], iv: &[u8], text: &[u8]) -> Vec<u8> {
    let cipher = Sm4::new(key.into());
    let filler = 16 - text.len() % 16;
    let padded = text.iter().copied().chain(std::iter::repeat_n(filler as u8, filler)).collect::<Vec<u8>>();
    let mut before: Vec<u8> = iv.to_vec();
    let mut sealed = Vec::with_capacity(padded.len());
    for block in padded.chunks_exact(16) {
        let mut mixed = [0; 16];
        for (place, byte) in mixed.iter_mut().enumerate() {
            *byte = block[place] ^ before[place];
        }
        let mut mixed = mixed.into();
        cipher.encrypt_block(&mut mixed);
        before = mixed.to_vec();
        sealed.extend_from_slice(&before);
    }
    sealed
}

/// `None` when the length or the PKCS#7 padding is wrong.
fn decrypt(key: &[u8; 16], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    if sealed.is_empty() || !sealed.len().is_multiple_of(16) {
        return None;
    }
    let cipher = Sm4::new(key.into());
    let mut before = iv;
    let mut text = Vec::with_capacity(sealed.len());
    for block in sealed.chunks_exact(16) {
        let mut opened = <[u8; 16]>::try_from(block).ok()?.into();
        cipher.decrypt_block(&mut opened);
        text.extend(opened.iter().zip(before).map(|(byte, before)| byte ^ before));
        before = block;
    }
    let filler = usize::from(*text.last()?);
    let kept = text.len().checked_sub(filler)?;
    let right = (1..=16).contains(&filler) && text[kept..].iter().all(|byte| usize::from(*byte) == filler);
    text.truncate(kept);
    right.then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    /// GB/T 32907-2016, annex A, example 1: one block under a zero IV is the plain cipher.
    #[test]
    fn sm4_meets_the_standards_vector() {
        let key = <[u8; 16]>::try_from(hex::decode("0123456789abcdeffedcba9876543210").unwrap()).unwrap();
        let sealed = encrypt(&key, &[0; 16], &key);
        assert_eq!(hex::encode(&sealed[..16]), "681edf34d206965e86b3e94f536e4246");
        assert_eq!(decrypt(&key, &[0; 16], &sealed).unwrap(), key);
    }

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value: Value =
            serde_json::from_str(r#"{"b":[{"z":"1","a":"二"}],"a":{"d":1,"c":null}}"#).unwrap();
        assert_eq!(sorted(&value), r#"{"a":{"c":null,"d":1},"b":[{"a":"二","z":"1"}]}"#);
    }
}
