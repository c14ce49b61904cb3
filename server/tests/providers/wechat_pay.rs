//! What WeChat Pay alone does.

use super::notices::Mailbox;
use super::outside::{Outside, surroundings};
use super::payment::{attempt, pay, wechat_pay};
use journey::Fen;
use serde_json::json;
use server::outside::CallError;
use server::till::provider::wechat_pay::{WechatPay, WechatPaySettings};
use server::till::provider::{CloseOutcome, NewAttempt, NoticeError, PayChannel, TradeFact};

const NOWHERE: &str = "http://127.0.0.1:1/n";

#[tokio::test]
async fn an_unpaid_trade_waits_until_it_is_closed_for_good() {
    let outside = Outside::start();
    let channel = wechat_pay(&outside);
    let attempt = attempt(100, NOWHERE);
    let qr = channel.create(&attempt).await.unwrap();
    assert!(qr.0.starts_with("weixin://"), "{qr:?}");
    assert_eq!(channel.query(&attempt.out_trade_no).await, Ok(TradeFact::Waiting));
    for _ in 0..2 {
        assert_eq!(channel.close(&attempt.out_trade_no).await, Ok(CloseOutcome::Closed));
    }
    assert_eq!(channel.query(&attempt.out_trade_no).await, Ok(TradeFact::Closed));
}

#[tokio::test]
async fn the_same_number_for_another_amount_is_refused() {
    let outside = Outside::start();
    let channel = wechat_pay(&outside);
    let first = attempt(100, NOWHERE);
    channel.create(&first).await.unwrap();
    channel.create(&first).await.unwrap();
    let other = NewAttempt { amount: Fen(200), ..first };
    let refused = channel.create(&other).await;
    assert!(matches!(refused, Err(CallError::Refused { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_stale_notice_is_refused() {
    let outside = Outside::start();
    let channel = wechat_pay(&outside);
    let mut mailbox = Mailbox::open(channel.clone()).await;
    outside.post("faults", json!({ "wechat_pay": { "notice_stale": true } })).await;
    pay(&outside, &channel.create(&attempt(100, &mailbox.url)).await.unwrap().0).await;
    let delivery = mailbox.next().await;
    assert!(matches!(delivery, Err(NoticeError::Stale { age_seconds: 590..=620 })), "{delivery:?}");
}

#[tokio::test]
async fn a_wrong_key_of_ours_is_a_matter_of_settings() {
    let outside = Outside::start();
    let mut settings: WechatPaySettings = outside.settings("wechat_pay");
    settings.merchant_key_file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers/keys/ours_private.pem");
    let channel = WechatPay::new(&settings, surroundings()).unwrap();
    let refused = channel.create(&attempt(100, NOWHERE)).await;
    assert!(matches!(refused, Err(CallError::Config(_))), "{refused:?}");
}
