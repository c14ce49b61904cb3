//! 测试证书Key (J35).

use crate::key_holder::KeyHolder;
use crate::renewal::until_the_new_pair_counts;
use app::desk::held::{HeldState, TestPaper, TestResult};
use app::desk::production::IssuedPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journey::payment::Channel;
use key::key::Slot;
use key::message::Generation;
use serde_json::json;

impl KeyHolder {
    /// 测试证书Key
    pub async fn test(&mut self) -> TestResult {
        let sign = BASE64.encode(self.certificate(Slot::Sign).await);
        let paper: TestPaper =
            self.browser.call("held/test", json!({ "sign_certificate": sign })).await.given();
        let asked = IssuedPair {
            past: Vec::new(),
            sign_certificate: String::new(),
            encrypt_certificate: String::new(),
            enveloped_key: String::new(),
            nonce: paper.nonce,
            sealed_challenge: Some(paper.sealed_challenge),
        };
        let proof = self.read_back(Generation::InUse, &asked, &paper.past).await.unwrap();
        self.browser.call("held/test/check", json!({ "token": paper.token, "proof": proof })).await.given()
    }
}

#[tokio::test]
async fn j35_a_key_is_tested_before_and_after_a_renewal() {
    let (house, mut holder) = KeyHolder::since(300).await;
    let first = holder.test().await;
    assert!(first.signs && first.opens && first.chain, "{first:?}");
    assert_eq!((first.past, first.past_opened, first.state), (0, 0, HeldState::Good));
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    until_the_new_pair_counts(&house, &holder.serial).await;
    let second = holder.test().await;
    assert!(second.signs && second.opens && second.chain, "{second:?}");
    assert_eq!((second.past, second.past_opened), (1, 1), "B02");
}
