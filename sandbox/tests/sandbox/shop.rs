//! A WeChat Pay merchant of the test's own making: signs requests, checks answers and opens notices.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::aead;
use serde_json::{Value, json};

use crate::{
    office::Notice,
    outside::{Outside, rsa_sign, rsa_verifies},
};

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

pub struct Answer {
    pub status: u16,
    pub body: String,
    pub genuine: bool,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub struct Shop<'a>(pub &'a Outside);

impl Shop<'_> {
    pub async fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        let nonce =
            hex::encode(ring::rand::generate::<[u8; 16]>(&ring::rand::SystemRandom::new()).unwrap().expose());
        self.ask_as(method, target, body, body, now(), &nonce).await
    }

    pub async fn ask_as(
        &self,
        method: &str,
        target: &str,
        signed: &str,
        body: &str,
        at: i64,
        nonce: &str,
    ) -> Answer {
        let text = format!("{method}\n{target}\n{at}\n{nonce}\n{signed}\n");
        let authorization = format!(
            r#"WECHATPAY2-SHA256-RSA2048 mchid="{}",nonce_str="{nonce}",signature="{}",timestamp="{at}",serial_no="{}""#,
            self.0.setting("wechat_pay.mch_id"),
            rsa_sign(&self.0.file("wechat_pay.merchant_key_file"), &text),
            self.0.setting("wechat_pay.merchant_serial"),
        );
        let method = method.parse().unwrap();
        let request = self.0.client.request(method, format!("{}{target}", self.0.http));
        let answer = request
            .header("authorization", authorization)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(body.to_owned())
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let body = answer.text().await.unwrap();
        let genuine = headers.contains_key("wechatpay-signature") && self.signed_by_platform(&headers, &body);
        Answer { status, body, genuine }
    }

    pub fn signed_by_platform(&self, headers: &axum::http::HeaderMap, body: &str) -> bool {
        let header = |name: &str| headers[name].to_str().unwrap();
        let text = format!("{}\n{}\n{body}\n", header("wechatpay-timestamp"), header("wechatpay-nonce"));
        header("wechatpay-serial") == self.0.setting("wechat_pay.platform_key_id")
            && rsa_verifies(
                &self.0.file("wechat_pay.platform_key_file"),
                &text,
                header("wechatpay-signature"),
            )
    }

    pub fn order(&self, number: &str, fen: i64, notify_url: &str) -> String {
        json!({
            "appid": self.0.setting("wechat_pay.app_id"), "mchid": self.0.setting("wechat_pay.mch_id"),
            "description": "数字证书服务费", "out_trade_no": number, "notify_url": notify_url,
            "amount": { "total": fen, "currency": "CNY" },
        })
        .to_string()
    }

    pub async fn create(&self, number: &str, fen: i64, notify_url: &str) -> String {
        let made =
            self.ask("POST", "/v3/pay/transactions/native", &self.order(number, fen, notify_url)).await;
        assert_eq!(made.status, 200, "{}", made.body);
        assert!(made.genuine);
        made.json()["code_url"].as_str().unwrap().to_owned()
    }

    pub async fn query(&self, number: &str) -> Answer {
        let mch_id = self.0.setting("wechat_pay.mch_id");
        self.ask("GET", &format!("/v3/pay/transactions/out-trade-no/{number}?mchid={mch_id}"), "").await
    }

    pub async fn close(&self, number: &str) -> Answer {
        let body = json!({ "mchid": self.0.setting("wechat_pay.mch_id") }).to_string();
        self.ask("POST", &format!("/v3/pay/transactions/out-trade-no/{number}/close"), &body).await
    }

    pub async fn refund(
        &self,
        number: &str,
        refund_number: &str,
        fen: i64,
        total: i64,
        notify_url: &str,
    ) -> Answer {
        let body = json!({
            "out_trade_no": number, "out_refund_no": refund_number, "reason": "审核未通过", "notify_url": notify_url,
            "amount": { "refund": fen, "total": total, "currency": "CNY" },
        });
        self.ask("POST", "/v3/refund/domestic/refunds", &body.to_string()).await
    }

    /// The event and its decrypted resource.
    pub fn open(&self, notice: &Notice) -> (String, Value) {
        let event: Value = serde_json::from_str(&notice.body).unwrap();
        let resource = &event["resource"];
        let part = |name: &str| resource[name].as_str().unwrap();
        let key = self.0.file("wechat_pay.api_v3_key_file");
        let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key.as_bytes()).unwrap());
        let nonce = aead::Nonce::try_assume_unique_for_key(part("nonce").as_bytes()).unwrap();
        let mut text = BASE64_STANDARD.decode(part("ciphertext")).unwrap();
        let opened = key.open_in_place(nonce, aead::Aad::from(part("associated_data")), &mut text).unwrap();
        (event["event_type"].as_str().unwrap().to_owned(), serde_json::from_slice(opened).unwrap())
    }
}
