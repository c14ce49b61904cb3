//! The list and the order at each of its steps.

use crate::{page, words};
use axum::http::StatusCode;
use journey::step::Step;

const WAY: [Step; 10] = [
    Step::Details,
    Step::Confirm,
    Step::Evidence,
    Step::PhoneCheck,
    Step::Payment,
    Step::Review,
    Step::Passcode,
    Step::Production,
    Step::Dispatch,
    Step::Receipt,
];

#[tokio::test]
async fn an_order_is_readable_at_every_step_without_the_program_r117() {
    for step in WAY {
        let (status, document) = page(&format!("/orders/{}", step.code())).await;
        assert_eq!(status, StatusCode::OK, "{step:?}");
        let heading =
            document.split_once(r#"id="step-heading""#).and_then(|(_, rest)| rest.split_once("</h2>"));
        assert!(heading.expect("a heading of the step").0.contains(step.title()), "{step:?}");
    }
}

#[tokio::test]
async fn the_waiting_page_tells_the_promise_the_password_and_the_invoice() {
    let words = words(&page("/orders/review").await.1);
    assert!(words.contains("2026 年 11 月 25 日"), "R031");
    assert!(words.contains("附言"), "R149: the channel of the chosen method");
    assert!(
        words.contains("法律效力") && words.contains("24小时") && words.contains("010-12345678"),
        "R028, R029"
    );
    assert!(words.contains("下载发票 PDF"), "R123");
}

#[tokio::test]
async fn what_is_read_on_screen_is_masked_r141_r150() {
    for path in ["/orders/confirm", "/orders/review"] {
        let words = words(&page(path).await.1);
        assert!(words.contains("110***********002X"), "{path}");
        assert!(!words.contains("11010519491231002X") && !words.contains("13800001234"), "{path}");
    }
}

#[tokio::test]
async fn the_form_offers_exactly_three_methods_and_locks_the_title_r009_r015() {
    let document = page("/orders/details").await.1;
    assert_eq!(document.matches(r#"name="method""#).count(), 3);
    for title in ["法人手机实名认证", "法人银行卡信息认证", "企业对公账户打款认证"]
    {
        assert!(document.contains(title), "{title}");
    }
    assert!(!document.contains(r#"<input id="invoice_title""#));
    assert!(words(&document).contains("通讯地址建议填写可接收快件的收件信息"), "R018");
}

#[tokio::test]
async fn a_strangers_order_is_not_there_r126() {
    let (_, document) = page("/orders/SQ00000000000").await;
    assert!(words(&document).contains("订单查询"));
    assert!(!document.contains("step-heading"));
}

#[tokio::test]
async fn the_list_offers_to_go_on_r121() {
    let document = page("/orders").await.1;
    let words = words(&document);
    assert!(words.contains("历史订单记录") && words.contains("继续") && words.contains("上传鉴证资料"));
    assert!(document.contains(r#"href="/orders/evidence""#));
}
