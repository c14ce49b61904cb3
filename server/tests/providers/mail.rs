//! Letters into the SMTP sink.

use super::outside::{Outside, surroundings};
use serde_json::json;
use server::post::mail::{Attachment, Letter, Mailer, Smtp};
use server::post::message::SendError;

fn letter(to: &str) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: "【证书大厅】电子发票（订单 20261122000007）".to_owned(),
        text: "您好！\n.一行以点开头\n\n证书大厅\n".to_owned(),
        attachments: vec![
            Attachment {
                file_name: "电子发票_北京某某科技有限公司_26112000000000000001.pdf".to_owned(),
                content_type: "application/pdf".to_owned(),
                bytes: (0..=255).collect(),
            },
            Attachment {
                file_name: "电子发票.xml".to_owned(),
                content_type: "application/xml".to_owned(),
                bytes: "<EInvoice>中文</EInvoice>".as_bytes().to_vec(),
            },
        ],
        message_id: "20261122000007.invoice".to_owned(),
    }
}

fn mailer(outside: &Outside) -> Smtp {
    Smtp::new(&outside.settings("mail"), surroundings()).unwrap()
}

#[tokio::test]
async fn r027_a_letter_arrives_with_its_words_and_documents() {
    let outside = Outside::start();
    mailer(&outside).send(&letter("agent@example.cn")).await.unwrap();
    let mails = outside.control("mail?to=agent@example.cn").await;
    let mail = &mails["mails"][0];
    assert_eq!(mail["subject"], "【证书大厅】电子发票（订单 20261122000007）");
    assert!(
        mail["text"].as_str().unwrap().replace("\r\n", "\n").contains("您好！\n.一行以点开头\n\n证书大厅")
    );
    assert!(mail["message_id"].as_str().unwrap().starts_with("20261122000007.invoice@"));
    let names: Vec<_> =
        mail["attachments"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["电子发票_北京某某科技有限公司_26112000000000000001.pdf", "电子发票.xml"]);
    let pdf = outside.bytes(&format!("mail/{}/0", mail["number"])).await;
    assert_eq!(pdf, (0..=255).collect::<Vec<u8>>());
}

#[tokio::test]
async fn r152_a_refusal_for_now_is_tried_again_and_one_for_good_keeps_the_servers_words() {
    let outside = Outside::start();
    let mailer = mailer(&outside);
    let refuse = |how: &str| json!({ "mail": { "refuse": how } });
    outside.post("faults", refuse("later")).await;
    let later = mailer.send(&letter("agent@example.cn")).await;
    assert!(matches!(&later, Err(SendError::Again(why)) if why.contains("451")), "{later:?}");
    outside.post("faults", refuse("cut_in_data")).await;
    let cut = mailer.send(&letter("agent@example.cn")).await;
    assert!(matches!(cut, Err(SendError::Again(_))), "{cut:?}");
    outside.post("faults", refuse("never")).await;
    let never = mailer.send(&letter("agent@example.cn")).await;
    assert!(matches!(&never, Err(SendError::GiveUp(why)) if why.contains("550")), "{never:?}");
    outside.post("faults", json!({ "clear": true })).await;
    mailer.send(&letter("agent@example.cn")).await.unwrap();
    let mails = outside.control("mail?to=agent@example.cn").await;
    assert_eq!(mails["mails"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_none_is_given_up_at_once() {
    let outside = Outside::start();
    let refused = mailer(&outside).send(&letter("no address")).await;
    assert!(matches!(refused, Err(SendError::GiveUp(_))), "{refused:?}");
}
