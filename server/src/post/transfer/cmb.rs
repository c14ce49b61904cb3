//! China Merchants Bank 云直联: BB1PAYOP pays, BB1PAYQR asks, by our own reference (yurRef).
//!
//! Protocol from public sources (the bank's demo, public clients); the bank's own test desk has not seen it yet.

use super::guomi::Keys;
use super::{Accepted, BankTransfer, Transfer, TransferFact};
use crate::outside::{CallError, SetupError, Surroundings, key_file};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use time::macros::format_description;
use zeroize::Zeroizing;

/// 单笔对公支付.
const BUSINESS: &str = "N02030";
/// What stands in the place of the signature while it is made.
const PLACE: &str = "__signature_sigdat__";
/// "Understood and taken", never "paid".
const TAKEN: &str = "SUC0000";

/// `[bank]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CmbSettings {
    /// With `/cdcserver/api/v2`.
    pub base_url: String,
    /// The user at the bank, `N…`.
    pub uid: String,
    /// The account that pays.
    pub account: String,
    /// Hex, 16 bytes.
    pub sm4_key_file: PathBuf,
    /// Hex, 32 bytes: SM2 d.
    pub private_key_file: PathBuf,
    /// Hex, 65 bytes: the bank's SM2 key 04‖X‖Y.
    pub bank_key_file: PathBuf,
}

pub struct Cmb {
    url: String,
    uid: String,
    account: String,
    keys: Keys,
    around: Surroundings,
}

impl Cmb {
    /// # Errors
    /// A key file is missing or holds something else.
    pub fn new(settings: &CmbSettings, around: Surroundings) -> Result<Cmb, SetupError> {
        let sm4 = key_file::read_hex(&settings.sm4_key_file, 16)?;
        let private = key_file::read_hex(&settings.private_key_file, 32)?;
        let bank = key_file::read_hex(&settings.bank_key_file, 65)?;
        Ok(Cmb {
            url: settings.base_url.clone(),
            uid: settings.uid.clone(),
            account: settings.account.clone(),
            keys: Keys::new(&settings.uid, &sm4, &private, &bank)
                .map_err(|why| SetupError::new("bank", why))?,
            around,
        })
    }

    /// Sends one function and gives the body of a signed answer that says "taken".
    async fn call(&self, function: &str, body: Value) -> Result<Value, CallError> {
        let now = self.around.now().beijing();
        let time = now
            .format(format_description!("[year][month][day][hour][minute][second]"))
            .expect("every part is a number");
        let request_id = format!("{time}{:03}{}", now.millisecond(), &self.around.nonce()[..8]);
        let mut request = json!({
            "request": { "head": { "funcode": function, "userid": self.uid, "reqid": request_id }, "body": body },
            "signature": { "sigdat": PLACE, "sigtim": time },
        });
        request["signature"]["sigdat"] = self.keys.sign(&canonical(&request)).into();
        let sealed = self.keys.seal(&Zeroizing::new(canonical(&request)));
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("UID", self.uid.as_str()),
                ("ALG", "SM"),
                ("DATA", &sealed),
                ("FUNCODE", function),
            ])
            .finish();
        let http = self.around.http();
        let request =
            http.post(&self.url).header("content-type", "application/x-www-form-urlencoded").body(form);
        let answer = http.send(request).await?;
        if answer.status != 200 {
            return Err(CallError::Unknown(format!("status {}", answer.status)));
        }
        self.read(&answer.body)
    }

    fn read(&self, body: &[u8]) -> Result<Value, CallError> {
        let text = String::from_utf8_lossy(body);
        // The gateway in front of the bank complains in plain text, unsigned: that proves nothing either way.
        if text.contains("ErrMsg") || text.contains("CDCServer") {
            return Err(CallError::Unknown(text.trim().to_owned()));
        }
        let untrusted = |why: &str| CallError::Untrusted(why.to_owned());
        let opened = self.keys.open(&text).ok_or_else(|| untrusted("the answer does not open"))?;
        let mut answer: Value =
            serde_json::from_str(&opened).map_err(|_| untrusted("the answer is no JSON"))?;
        let signature = answer["signature"]["sigdat"].as_str().unwrap_or_default().to_owned();
        if signature.is_empty() {
            return Err(untrusted("no signature"));
        }
        answer["signature"]["sigdat"] = PLACE.into();
        if !self.keys.verifies(&canonical(&answer), &signature) {
            return Err(untrusted("the signature does not verify"));
        }
        let head = &answer["response"]["head"];
        match text_of(head, "resultcode") {
            TAKEN => Ok(answer["response"]["body"].take()),
            // The bank's own trouble is no decision.
            code if code.contains("SYS") => {
                Err(CallError::Unknown(format!("{code} {}", text_of(head, "resultmsg"))))
            }
            code => Err(CallError::refused(code, text_of(head, "resultmsg"))),
        }
    }
}

#[async_trait]
impl BankTransfer for Cmb {
    async fn pay(&self, transfer: &Transfer) -> Result<Accepted, CallError> {
        let inside = transfer.bank_name.contains("招商银行");
        let order = json!({
            "dbtAcc": self.account,
            "crtAcc": transfer.to_account,
            "crtNam": transfer.to_name,
            "crtBnk": transfer.bank_name,
            "brdNbr": transfer.bank_code,
            "ccyNbr": "10",
            "trsAmt": transfer.amount.yuan(),
            "bnkFlg": if inside { "Y" } else { "N" },
            // Between banks: in real time, so that the remark arrives today.
            "stlChn": "R",
            // The bank compares the account's name: a passcode must not reach a stranger.
            "rcvChk": "1",
            "nusAge": transfer.remark.expose(),
            "yurRef": transfer.reference,
        });
        let body =
            json!({ "bb1paybmx1": [{ "busMod": "00001", "busCod": BUSINESS }], "bb1payopx1": [order] });
        let outcome = match self.call("BB1PAYOP", body).await {
            Ok(body) => taken(&body["bb1payopz1"][0]),
            Err(error) => Err(error),
        };
        let refusal = match outcome {
            Err(refusal @ CallError::Refused { .. }) => refusal,
            other => return other,
        };
        // An earlier try may have been taken without our hearing of it; then the reference is refused as a duplicate.
        match self.query(&transfer.reference).await? {
            TransferFact::NotExist | TransferFact::Failed { .. } => Err(refusal),
            TransferFact::Pending | TransferFact::Done | TransferFact::Returned { .. } => {
                Ok(Accepted { request: String::new() })
            }
        }
    }

    async fn query(&self, reference: &str) -> Result<TransferFact, CallError> {
        let body = json!({ "bb1payqrx1": [{ "busCod": BUSINESS, "yurRef": reference }] });
        let answer = self.call("BB1PAYQR", body).await?;
        let Some(rows) = answer["bb1payqrz1"].as_array() else { return Ok(TransferFact::NotExist) };
        match rows.iter().find(|row| text_of(row, "yurRef") == reference) {
            None => Ok(TransferFact::NotExist),
            Some(row) => fact(row),
        }
    }
}

/// The bank's first word on a transfer: taken, or finished at once and failed.
fn taken(row: &Value) -> Result<Accepted, CallError> {
    match (text_of(row, "reqSts"), text_of(row, "rtnFlg")) {
        ("FIN", flag) if !matches!(flag, "S" | "U" | "") => Err(CallError::refused(flag, reason(row))),
        ("", _) => Err(CallError::Unknown("an answer without reqSts".to_owned())),
        _ => Ok(Accepted { request: text_of(row, "reqNbr").to_owned() }),
    }
}

fn fact(row: &Value) -> Result<TransferFact, CallError> {
    match (text_of(row, "reqSts"), text_of(row, "rtnFlg")) {
        ("FIN", "S") => Ok(TransferFact::Done),
        ("FIN", "B") => Ok(TransferFact::Returned { reason: reason(row) }),
        // F failed, R refused and D expired and C cancelled at our own approval desk.
        ("FIN", "F" | "R" | "D" | "C") => Ok(TransferFact::Failed { reason: reason(row) }),
        // U: the bank itself has not decided.
        ("AUT" | "NTE" | "BNK" | "WRF" | "OPR" | "WCF" | "APW" | "WPY", _) | ("FIN", "U") => {
            Ok(TransferFact::Pending)
        }
        (status, flag) => Err(CallError::Unknown(format!("reqSts {status}, rtnFlg {flag}"))),
    }
}

/// The bank's own words, wherever this function puts them.
fn reason(row: &Value) -> String {
    ["rtnNar", "errTxt", "msgTxt", "errCod"]
        .iter()
        .map(|name| text_of(row, name))
        .find(|words| !words.is_empty())
        .unwrap_or("银行未说明原因")
        .to_owned()
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Compact JSON with the keys of every object sorted: both ends sign this form. Sorted here and not by serde_json,
/// whose maps keep another order once any crate asks for it.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, &Value> = map.iter().collect();
            let members: Vec<String> =
                sorted.iter().map(|(key, value)| format!("{}:{}", json!(key), canonical(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[cfg(test)]
#[path = "cmb_tests.rs"]
mod tests;
