//! What Alipay alone does.

use super::outside::{Outside, surroundings};
use super::payment::{alipay, attempt, pay};
use journey::Fen;
use server::outside::CallError;
use server::till::provider::alipay::{Alipay, AlipaySettings};
use server::till::provider::{CloseOutcome, PayChannel, TradeFact};

const NOWHERE: &str = "http://127.0.0.1:1/n";

#[tokio::test]
async fn a_qr_that_nobody_scanned_cannot_be_closed_and_can_still_be_paid() {
    let outside = Outside::start();
    let channel = alipay(&outside);
    let attempt = attempt(100, NOWHERE);
    let qr = channel.create(&attempt).await.unwrap();
    assert_eq!(channel.query(&attempt.out_trade_no).await, Ok(TradeFact::NotExist));
    assert_eq!(channel.close(&attempt.out_trade_no).await, Ok(CloseOutcome::NotYetScanned));
    pay(&outside, &qr.0).await;
    assert!(matches!(
        channel.query(&attempt.out_trade_no).await,
        Ok(TradeFact::Paid { amount: Fen(100), .. })
    ));
}

#[tokio::test]
async fn a_wrong_key_of_ours_is_a_matter_of_settings() {
    let outside = Outside::start();
    let mut settings: AlipaySettings = outside.settings("alipay");
    settings.app_key_file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers/keys/ours_private.pem");
    let channel = Alipay::new(&settings, surroundings()).unwrap();
    let refused = channel.create(&attempt(100, NOWHERE)).await;
    assert!(matches!(refused, Err(CallError::Config(_))), "{refused:?}");
}
