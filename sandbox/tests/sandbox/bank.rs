//! The bank's direct link, asked with an envelope of the test's own making.

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
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::outside::{Outside, until};

struct Client<'a> {
    outside: &'a Outside,
    id: String,
    cipher: Sm4,
    office: SigningKey,
    bank: VerifyingKey,
}

impl<'a> Client<'a> {
    fn new(outside: &'a Outside) -> Self {
        let bytes = |path: &str| hex::decode(outside.file(path)).unwrap();
        let id = format!("{:0<16}", outside.setting("bank.uid"));
        let key: [u8; 16] = bytes("bank.sm4_key_file").try_into().unwrap();
        Self {
            cipher: Sm4::new(&key.into()),
            office: SigningKey::from_slice(&id, &bytes("bank.private_key_file")).unwrap(),
            bank: VerifyingKey::from_sec1_bytes(&id, &bytes("bank.bank_key_file")).unwrap(),
            id,
            outside,
        }
    }

    /// Here `serde_json::Value` keeps its objects sorted, or the bank would say so.
    async fn ask(&self, function: &str, body: Value, tamper: bool) -> Result<Value, String> {
        let beijing = OffsetDateTime::now_utc().to_offset(UtcOffset::from_hms(8, 0, 0).unwrap());
        let form = format_description!("[year][month][day][hour][minute][second]");
        let (uid, time) = (self.outside.setting("bank.uid"), beijing.format(&form).unwrap());
        let head = json!({ "funcode": function, "reqid": format!("{time}000001"), "userid": uid });
        let signature = json!({ "sigdat": "__signature_sigdat__", "sigtim": time });
        let mut request = json!({ "request": { "body": body, "head": head }, "signature": signature });
        let made: Signature = self.office.sign(in_order(&request).as_bytes());
        request["signature"]["sigdat"] = json!(BASE64_STANDARD.encode(made.to_bytes()));
        if tamper {
            request["request"]["body"]["more"] = json!("1");
        }
        let data = BASE64_STANDARD.encode(self.sealed(in_order(&request).as_bytes()));
        let form = [("UID", uid.as_str()), ("ALG", "SM"), ("FUNCODE", function), ("DATA", &data)];
        let posted =
            self.outside.client.post(self.outside.setting("bank.base_url")).form(&form).send().await.unwrap();
        let text = posted.text().await.unwrap();
        if let Some(refused) = text.strip_prefix("CDCServer:") {
            return Err(refused.to_owned());
        }
        let mut answer: Value =
            serde_json::from_slice(&self.opened(&BASE64_STANDARD.decode(text).unwrap())).unwrap();
        let made = BASE64_STANDARD.decode(answer["signature"]["sigdat"].as_str().unwrap()).unwrap();
        answer["signature"]["sigdat"] = json!("__signature_sigdat__");
        match self.bank.verify(in_order(&answer).as_bytes(), &Signature::from_slice(&made).unwrap()) {
            Ok(()) => Ok(answer["response"].clone()),
            Err(_) => Err("not signed by the bank".to_owned()),
        }
    }

    fn sealed(&self, text: &[u8]) -> Vec<u8> {
        let filler = 16 - text.len() % 16;
        let mut text = text.to_vec();
        text.resize(text.len() + filler, filler as u8);
        let mut before = self.id.as_bytes().to_vec();
        let blocks = text.chunks(16).map(|block| {
            let mixed: Vec<u8> = block.iter().zip(&before).map(|(one, other)| one ^ other).collect();
            let mut block = <[u8; 16]>::try_from(mixed).unwrap().into();
            self.cipher.encrypt_block(&mut block);
            before = block.to_vec();
            before.clone()
        });
        blocks.collect::<Vec<_>>().concat()
    }

    fn opened(&self, sealed: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        let mut before = self.id.as_bytes();
        for one in sealed.chunks(16) {
            let mut block = <[u8; 16]>::try_from(one).unwrap().into();
            self.cipher.decrypt_block(&mut block);
            text.extend(block.iter().zip(before).map(|(byte, before)| byte ^ before));
            before = one;
        }
        text.truncate(text.len() - usize::from(*text.last().unwrap()));
        text
    }

    async fn pay(&self, yur_ref: &str, name: &str) -> Value {
        let order = json!({
            "dbtAcc": self.outside.setting("bank.account"), "crtAcc": "110907654321", "crtNam": name,
            "crtBnk": "交通银行北京分行", "brdNbr": "301100000023", "ccyNbr": "10", "trsAmt": "0.01", "bnkFlg": "N",
            "stlChn": "R", "nusAge": "48210937", "yurRef": yur_ref,
        });
        let body =
            json!({ "bb1paybmx1": [{ "busMod": "00001", "busCod": "N02030" }], "bb1payopx1": [order] });
        let answer = self.ask("BB1PAYOP", body, false).await.unwrap();
        assert_eq!(answer["head"]["resultcode"], "SUC0000");
        answer["body"]["bb1payopz1"][0].clone()
    }

    /// The transfer once it is decided.
    async fn decided(&self, yur_ref: &str, flag: &str) -> Value {
        until(async || {
            let body = json!({ "bb1payqrx1": [{ "busCod": "N02030", "yurRef": yur_ref }] });
            let answer = self.ask("BB1PAYQR", body, false).await.unwrap();
            let transfer = answer["body"]["bb1payqrz1"][0].clone();
            (transfer["rtnFlg"] == flag).then_some(transfer)
        })
        .await
    }
}

/// The test's own sorting, so that it does not hang on how `serde_json` was built.
fn in_order(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort();
            let fields: Vec<String> =
                names.iter().map(|name| format!("{}:{}", json!(name), in_order(&fields[*name]))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(in_order).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[tokio::test]
async fn one_fen_arrives_with_its_remark() {
    let outside = Outside::start();
    let client = Client::new(&outside);
    let taken = client.pay("T1", "北京甲公司").await;
    assert_eq!((&taken["reqSts"], &taken["errCod"]), (&json!("BNK"), &json!("SUC0000")));
    assert_eq!(client.decided("T1", "S").await["reqSts"], "FIN");

    let lines = outside.control("bank?account=110907654321").await["lines"].clone();
    assert_eq!(lines.as_array().unwrap().len(), 1);
    assert_eq!((&lines[0]["fen"], &lines[0]["remark"]), (&json!(1), &json!("48210937")));
    let page =
        outside.client.get(format!("{}/bank?account=110907654321", outside.http)).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("48210937"));
}

#[tokio::test]
async fn a_reference_pays_once() {
    let outside = Outside::start();
    let client = Client::new(&outside);
    client.pay("T1", "北京甲公司").await;
    let again = client.pay("T1", "北京甲公司").await;
    assert!(again["errTxt"].as_str().unwrap().contains("重复"));
    client.decided("T1", "S").await;
    assert_eq!(outside.control("bank").await["lines"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_names_and_closed_accounts_fail_and_nothing_arrives() {
    let outside = Outside::start();
    let client = Client::new(&outside);
    client.pay("T1", "北京甲公司不符").await;
    client.pay("T2", "北京乙公司（销户）").await;
    assert_eq!(client.decided("T1", "F").await["rtnNar"], "A05: 户名不符");
    assert_eq!(client.decided("T2", "F").await["rtnNar"], "A03: 账户已销户");
    assert_eq!(outside.control("bank").await["lines"], json!([]));
}

#[tokio::test]
async fn a_paid_transfer_can_come_back() {
    let outside = Outside::start();
    outside.faults(json!({ "only": "T1", "bank": { "returned": true } })).await;
    let client = Client::new(&outside);
    client.pay("T1", "北京甲公司").await;
    client.decided("T1", "B").await;
    let lines = outside.control("bank").await["lines"].clone();
    assert_eq!((&lines[0]["fen"], &lines[1]["fen"]), (&json!(1), &json!(-1)));
}

#[tokio::test]
async fn a_tampered_envelope_is_not_opened() {
    let outside = Outside::start();
    let client = Client::new(&outside);
    let refused = client.ask("BB1PAYQR", json!({}), true).await.unwrap_err();
    assert!(refused.contains("验签失败"), "{refused}");
    outside.faults(json!({ "bank": { "answer": { "fault": "bad_signature" } } })).await;
    let body = json!({ "bb1payqrx1": [{ "busCod": "N02030", "yurRef": "T1" }] });
    assert_eq!(client.ask("BB1PAYQR", body, false).await.unwrap_err(), "not signed by the bank");
}
