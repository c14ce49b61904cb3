//! Both carriers, with the same messages.

use super::outside::{Outside, surroundings};
use journey::secret::{Passcode, SmsCode};
use serde_json::{Value, json};
use server::post::message::{Message, SendError};
use server::post::sms::{self, Provider, SmsSender, SmsSettings};
use std::sync::Arc;

fn senders(outside: &Outside) -> [(&'static str, Arc<dyn SmsSender>); 2] {
    let open = |provider| {
        let settings = SmsSettings { provider, ..outside.settings("sms") };
        sms::sender(&settings, &surroundings()).unwrap()
    };
    [("tencent", open(Provider::Tencent)), ("aliyun", open(Provider::Aliyun))]
}

fn code() -> Message {
    Message::Code { code: SmsCode::new("482913"), purpose: "提交订单".to_owned(), minutes: 5 }
}

async fn inbox(outside: &Outside, phone: &str) -> Vec<Value> {
    outside.control(&format!("sms?phone={phone}")).await["messages"].as_array().unwrap().clone()
}

#[tokio::test]
async fn every_kind_of_message_arrives_as_its_template_says() {
    let outside = Outside::start();
    outside.post("faults", json!({ "sms": { "limits_lifted": true } })).await;
    let order = || "20261122000007".to_owned();
    let messages = [
        (code(), "验证码482913，用于提交订单，5分钟内有效，请勿告诉他人。"),
        (Message::Passed { order: order() }, "您的订单20261122000007已通过审核，证书密码将另行发送。"),
        (
            Message::Returned { order: order() },
            "您的订单20261122000007需要补正，请在订单查询中查看原因并修改。",
        ),
        (
            Message::Rejected { order: order() },
            "您的订单20261122000007未通过审核，费用将原路退回，原因请见订单查询。",
        ),
        (
            Message::Passcode { passcode: Passcode::new("73910264") },
            "您的数字证书初始密码为73910264，首次使用时请修改，请勿告诉他人。",
        ),
        (
            Message::Shipped { courier: "顺丰速运".to_owned(), waybill: "SF1234567890".to_owned() },
            "您的证书已由顺丰速运寄出，运单号SF1234567890，请注意查收。",
        ),
        (
            Message::Unblocked { key: "B2C3".to_owned(), at: "11月22日23时05分".to_owned() },
            "您尾号B2C3的证书Key已于11月22日23时05分解锁并重设密码，如非本人操作请立即办理挂失。",
        ),
        (
            Message::Progress { order: order(), status: "退款办理中".to_owned() },
            "您的订单20261122000007有新进展：退款办理中，请在订单查询中查看。",
        ),
    ];
    for (index, (carrier, sender)) in senders(&outside).iter().enumerate() {
        let phone = format!("1381234567{index}");
        for (message, text) in &messages {
            let receipt = sender.send(&phone, message).await.unwrap();
            let inbox = inbox(&outside, &phone).await;
            let arrived = inbox.iter().find(|sms| sms["serial"] == receipt.id.as_str());
            let arrived = arrived.unwrap_or_else(|| panic!("{carrier} {message:?}: {inbox:?}"));
            assert_eq!(arrived["text"], format!("【证书大厅】{text}"), "{carrier}");
            assert_eq!(arrived["carrier"], format!("sms_{carrier}"));
        }
    }
}

#[tokio::test]
async fn r125_the_carriers_own_limit_is_told_from_a_failure() {
    let outside = Outside::start();
    for (index, (carrier, sender)) in senders(&outside).iter().enumerate() {
        let phone = format!("1391234567{index}");
        sender.send(&phone, &code()).await.unwrap();
        let second = sender.send(&phone, &code()).await;
        assert!(matches!(second, Err(SendError::Limited(_))), "{carrier} {second:?}");
    }
}

#[tokio::test]
async fn a_wrong_number_is_given_up_and_a_bad_answer_tried_again() {
    let outside = Outside::start();
    for (carrier, sender) in &senders(&outside) {
        outside.post("faults", json!({ "clear": true })).await;
        let wrong = sender.send("23812345678", &code()).await;
        assert!(matches!(wrong, Err(SendError::GiveUp(_))), "{carrier} {wrong:?}");
        for fault in ["server_error", "html_page", "too_many"] {
            outside.post("faults", json!({ "clear": true, "sms": { "answer": { "fault": fault } } })).await;
            let error = sender.send("13712345678", &code()).await;
            assert!(matches!(error, Err(SendError::Again(_))), "{carrier} {fault} {error:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_secret_is_for_people_to_mend() {
    let outside = Outside::start();
    let mut settings: SmsSettings = outside.settings("sms");
    let wrong = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers/keys/api_v3_key.txt");
    settings.tencent.as_mut().unwrap().secret_key_file = wrong.clone();
    settings.aliyun.as_mut().unwrap().access_key_secret_file = wrong;
    for provider in [Provider::Tencent, Provider::Aliyun] {
        let sender = sms::sender(&SmsSettings { provider, ..settings.clone() }, &surroundings()).unwrap();
        let refused = sender.send("13612345678", &code()).await;
        assert!(matches!(refused, Err(SendError::Again(ref why)) if why.contains("ignature")), "{refused:?}");
    }
    assert!(inbox(&outside, "13612345678").await.is_empty());
}
