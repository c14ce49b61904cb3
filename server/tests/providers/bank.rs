//! The transfer of one fen with the passcode as its remark.

use super::outside::{Outside, fresh, surroundings, until};
use journey::Fen;
use journey::secret::Passcode;
use serde_json::{Value, json};
use server::outside::CallError;
use server::post::transfer::cmb::Cmb;
use server::post::transfer::{BankTransfer, Transfer, TransferFact};

fn bank(outside: &Outside) -> Cmb {
    Cmb::new(&outside.settings("bank"), surroundings()).unwrap()
}

fn transfer(to_name: &str) -> Transfer {
    Transfer {
        reference: fresh("T"),
        to_account: "6214830100000001".to_owned(),
        to_name: to_name.to_owned(),
        bank_name: "中国工商银行北京海淀支行".to_owned(),
        bank_code: "102100000030".to_owned(),
        amount: Fen(1),
        remark: Passcode::new("73910264"),
    }
}

/// Asks until the bank has decided.
async fn decided(bank: &Cmb, reference: &str) -> TransferFact {
    until("the bank", || async {
        match bank.query(reference).await {
            Ok(TransferFact::Pending) | Err(CallError::Unknown(_) | CallError::Again(_)) => None,
            other => Some(other.unwrap()),
        }
    })
    .await
}

async fn lines(outside: &Outside, account: &str) -> Vec<Value> {
    outside.control(&format!("bank?account={account}")).await["lines"].as_array().unwrap().clone()
}

#[tokio::test]
async fn r014_the_remark_arrives_as_it_was_and_once() {
    let outside = Outside::start();
    let bank = bank(&outside);
    let transfer = transfer("北京某某科技有限公司");
    assert_eq!(bank.query(&transfer.reference).await, Ok(TransferFact::NotExist));
    assert!(!bank.pay(&transfer).await.unwrap().request.is_empty());
    // Sent again, as after a lost answer.
    bank.pay(&transfer).await.unwrap();
    assert_eq!(decided(&bank, &transfer.reference).await, TransferFact::Done);
    let lines = lines(&outside, &transfer.to_account).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((lines[0]["fen"].as_i64(), lines[0]["remark"].as_str()), (Some(1), Some("73910264")));
}

#[tokio::test]
async fn a05_a_transfer_that_fails_says_why() {
    let outside = Outside::start();
    let bank = bank(&outside);
    let transfer = transfer("某某销户公司");
    match bank.pay(&transfer).await {
        Ok(_) => {
            let fact = decided(&bank, &transfer.reference).await;
            assert!(matches!(&fact, TransferFact::Failed { reason } if !reason.is_empty()), "{fact:?}");
        }
        Err(refused) => assert!(matches!(refused, CallError::Refused { .. }), "{refused:?}"),
    }
    assert!(lines(&outside, &transfer.to_account).await.is_empty());
}

#[tokio::test]
async fn a_credit_may_come_back_later() {
    let outside = Outside::start();
    outside.post("faults", json!({ "bank": { "returned": true } })).await;
    let bank = bank(&outside);
    let transfer = transfer("北京某某科技有限公司");
    bank.pay(&transfer).await.unwrap();
    assert_eq!(decided(&bank, &transfer.reference).await, TransferFact::Done);
    let reason = until("the return", || async {
        match bank.query(&transfer.reference).await {
            Ok(TransferFact::Returned { reason }) => Some(reason),
            _ => None,
        }
    })
    .await;
    assert!(!reason.is_empty());
}

#[tokio::test]
async fn an_answer_that_is_not_the_banks_is_none_and_the_transfer_can_be_asked_for() {
    let outside = Outside::start();
    let bank = bank(&outside);
    let spoiled = json!({ "bank": { "answer": { "fault": "bad_signature", "on": ["pay"] } } });
    outside.post("faults", spoiled).await;
    let transfer = transfer("北京某某科技有限公司");
    let paid = bank.pay(&transfer).await;
    assert!(matches!(paid, Err(CallError::Untrusted(_))), "{paid:?}");
    assert_eq!(decided(&bank, &transfer.reference).await, TransferFact::Done);
    for fault in ["server_error", "html_page"] {
        outside.post("faults", json!({ "clear": true, "bank": { "answer": { "fault": fault } } })).await;
        let error = bank.query(&transfer.reference).await.unwrap_err();
        assert!(error.again(), "{fault} {error:?}");
    }
}
