//! Identity checks against the sandbox's faceid.

use super::outside::{Outside, surroundings};
use serde_json::json;
use server::identity::provider::tencent::{IdentitySettings, Tencent};
use server::identity::provider::{IdentityCheck, Person, Verdict};
use server::outside::CallError;

fn wang(phone: &str) -> Person {
    Person { name: "王建国".into(), id_number: "110101198001010117".into(), phone: phone.into() }
}

fn provider(outside: &Outside) -> Tencent {
    Tencent::new(&outside.settings::<IdentitySettings>("identity"), surroundings()).unwrap()
}

#[tokio::test]
async fn r010_r011_name_number_phone_and_card_belong_together_or_not() {
    let outside = Outside::start();
    let provider = provider(&outside);
    assert_eq!(provider.phone(&wang("13800138000")).await, Ok(Verdict::Match));
    assert_eq!(provider.phone(&wang("13800138001")).await, Ok(Verdict::Mismatch));
    assert_eq!(provider.card(&wang("13800138000"), "6225880137000007").await, Ok(Verdict::Match));
    assert_eq!(provider.card(&wang("13800138000"), "6225880137000015").await, Ok(Verdict::Mismatch));
    let person = |name: &str, id: &str, phone: &str| Person {
        name: name.into(),
        id_number: id.into(),
        phone: phone.into(),
    };
    let id = "110101198001010117";
    let cases = [
        (person("查无此人", id, "13800138000"), Verdict::NoRecord),
        (person("忙线中", id, "13800138000"), Verdict::Busy),
        (person("额度满", id, "13800138000"), Verdict::QuotaReached),
        (person("赵某不符", id, "13800138000"), Verdict::Mismatch),
        (person("王建国", "110101198001010118", "13800138000"), Verdict::BadInput("id_number")),
        (person("王建国", id, "23800138000"), Verdict::BadInput("phone")),
        (person("Wang", id, "13800138000"), Verdict::BadInput("name")),
    ];
    for (person, expected) in cases {
        assert_eq!(provider.phone(&person).await, Ok(expected), "{} {}", person.name, person.phone);
        assert_eq!(
            provider.card(&person, "6225880137000007").await,
            Ok(expected),
            "{} {}",
            person.name,
            person.phone
        );
    }
    let bad_card = provider.card(&wang("13800138000"), "6225880137000008").await;
    assert_eq!(bad_card, Ok(Verdict::BadInput("card")));
}

#[tokio::test]
async fn what_is_no_answer_may_be_asked_again() {
    let outside = Outside::start();
    let provider = provider(&outside);
    for fault in ["server_error", "html_page", "too_many"] {
        outside.post("faults", json!({ "clear": true, "identity": { "answer": { "fault": fault } } })).await;
        let error = provider.phone(&wang("13800138000")).await;
        assert!(matches!(error, Err(CallError::Again(_))), "{fault} {error:?}");
    }
    outside.post("faults", json!({ "clear": true })).await;
    assert_eq!(provider.phone(&wang("13800138000")).await, Ok(Verdict::Match));
}

#[tokio::test]
async fn a_wrong_secret_is_for_people_to_mend() {
    let outside = Outside::start();
    let mut settings: IdentitySettings = outside.settings("identity");
    settings.secret_key_file =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers/keys/api_v3_key.txt");
    let provider = Tencent::new(&settings, surroundings()).unwrap();
    let refused = provider.phone(&wang("13800138000")).await;
    assert!(matches!(refused, Err(CallError::Config(_))), "{refused:?}");
}
