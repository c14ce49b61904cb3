//! Pages that need no order.

use crate::{page, words};
use axum::http::StatusCode;

#[tokio::test]
async fn the_home_page_names_every_service_and_the_hotline_r001_r006() {
    let (status, document) = page("/").await;
    assert_eq!(status, StatusCode::OK);
    let words = words(&document);
    for name in [
        "在线新办",
        "办理单位证书",
        "办理个人证书",
        "证书更新",
        "证书解锁",
        "证书补办",
        "信息变更",
        "订单查询",
        "010-12345678",
        "尚未开放",
        "演示环境",
    ] {
        assert!(words.contains(name), "{name} is not on the home page");
    }
}

#[tokio::test]
async fn before_the_start_stand_the_way_the_price_and_the_promise_r003() {
    let (_, document) = page("/apply/organisation").await;
    let words = words(&document);
    for step in ["填写信息", "确认订单", "上传鉴证资料", "短信验证", "支付费用", "接收证书"]
    {
        assert!(words.contains(step), "{step}");
    }
    assert!(words.contains("280.00") && words.contains("个工作日"));
    let (_, closed) = page("/apply/person").await;
    assert!(words_closed(&closed) && !closed.contains("开始办理"));
}

#[tokio::test]
async fn before_a_replacement_stand_account_amount_and_promise_r083_a34() {
    let (status, document) = page("/replace/organisation").await;
    assert_eq!(status, StatusCode::OK);
    let organisation = words(&document);
    for word in ["办理说明", "示范机构", "1100100", "80.00", "汇款附言", "付款凭证", "签名确认", "汇款到账"]
    {
        assert!(organisation.contains(word), "{word}");
    }
    let (_, document) = page("/replace/person").await;
    let person = words(&document);
    assert!(person.contains("支付宝") && !person.contains("收款账号") && !person.contains("微信"));
    let (status, document) = page("/lost").await;
    assert!(status == StatusCode::OK && words(&document).contains("全天受理"));
}

fn words_closed(document: &str) -> bool {
    words(document).contains("此业务尚未开放")
}

#[tokio::test]
async fn the_query_is_a_plain_form_without_the_program_r119() {
    let (status, document) = page("/query").await;
    assert_eq!(status, StatusCode::OK);
    assert!(document.contains(r#"method="post""#) && document.contains(r#"action="/query/check""#));
    assert!(document.contains(r#"formaction="/query/send""#));
    for field in ["party", "id_number", "code"] {
        assert!(document.contains(&format!(r#"name="{field}""#)), "{field}");
    }
    let form =
        document.split_once("<form").and_then(|(_, rest)| rest.split_once("</form>")).expect("a form").0;
    assert!(!form.contains("disabled"), "nothing rests before the program is there");
}

#[tokio::test]
async fn the_query_says_what_the_redirect_told_r125_r126() {
    let sent = words(&page("/query?party=person&said=sent&n=5").await.1);
    assert!(sent.contains("如该证件号码有办理记录") && sent.contains('5'));
    let wrong = words(&page("/query?party=person&said=code_wrong&n=3").await.1);
    assert!(wrong.contains("还可尝试 3 次"));
    let invented = words(&page("/query?party=nobody&said=%3Cscript%3E&n=x").await.1);
    assert!(!invented.contains("验证码已发送"));
}

#[tokio::test]
async fn an_unknown_page_is_answered_with_404() {
    for path in ["/nowhere", "/apply/nobody", "/papers/nothing"] {
        let (status, document) = page(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(words(&document).contains("没有找到这个页面"), "{path}");
    }
}

#[tokio::test]
async fn every_page_has_one_heading_a_language_and_its_nonce() {
    for path in [
        "/",
        "/apply/organisation",
        "/orders",
        "/orders/review",
        "/query",
        "/agreement",
        "/papers/authorisation",
        "/trust",
        "/trust/check",
        "/trust/cps",
    ] {
        let (status, document) = page(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(document.matches("<h1").count(), 1, "{path}");
        assert!(document.contains(r#"<html lang="zh-CN">"#) && document.contains("data-ssr"), "{path}");
        assert!(!document.contains("TRUNK NONCE"), "{path}");
        assert!(!document.contains(" style=\""), "the policy forbids inline style: {path}");
    }
}

#[tokio::test]
async fn a_holder_reads_which_key_to_insert_and_when_it_may_be_renewed_r053_r054_r059() {
    for (path, says) in [
        ("/renew", "有效期小于90天或已过期且不超过1年（365天）"),
        ("/modify", "联系方式经短信校验后立即生效"),
    ] {
        let (status, document) = page(path).await;
        assert_eq!(status, StatusCode::OK);
        let words = words(&document);
        assert!(words.contains(says) && words.contains("正在查找证书Key"), "{path}: {words}");
    }
}
