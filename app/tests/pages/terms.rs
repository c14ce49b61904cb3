//! R144: Chinese first, and the manual's terms exactly as the manual has them, each on the page where the manual has its
//! reader look for it.

use crate::{page, words};
use axum::http::StatusCode;

/// Page and what the manual calls the things on it, letter for letter.
const TERMS: [(&str, &[&str]); 15] = [
    (
        "/",
        &[
            "在线新办",
            "办理单位证书",
            "办理个人证书",
            "证书更新",
            "证书解锁",
            "证书补办",
            "信息变更",
            "订单查询",
        ],
    ),
    ("/apply/organisation", &["办理单位证书", "申请流程", "确认订单", "等待审核"]),
    (
        "/orders/details",
        &[
            "证书使用单位名称",
            "经办人",
            "预留邮箱",
            "发票抬头",
            "法人手机实名认证",
            "法人银行卡信息认证",
            "企业对公账户打款认证",
            "通讯地址建议填写可接收快件的收件信息，以便我们邮寄证书Key等实体材料",
            "我已阅读并同意",
            "下一步",
        ],
    ),
    ("/orders/confirm", &["返回修改", "确认订单", "证书使用单位名称", "发票抬头"]),
    ("/orders/evidence", &["营业执照", "法人身份证", "法人授权书", "扫描件", "返回修改", "确认申请"]),
    ("/orders/phone_check", &["短信验证码", "经办人"]),
    ("/orders/payment", &["支付", "二维码"]),
    (
        "/orders/review",
        &["等待审核", "证书密码", "预留邮箱", "其法律效力、基本用途及使用规定同纸质发票", "24小时"],
    ),
    ("/query", &["订单查询", "单位数字证书", "个人数字证书", "发送验证码", "确认"]),
    ("/orders", &["历史订单记录", "继续"]),
    ("/renew", &["证书更新", "有效期小于90天或已过期且不超过1年（365天）", "不要拔掉"]),
    ("/unblock", &["证书解锁", "忘记密码"]),
    ("/replace", &["证书补办", "单位数字证书", "个人数字证书", "订单查询"]),
    ("/replace/organisation", &["证书补办", "办理说明", "付款凭证", "查询"]),
    ("/modify", &["信息变更", "短信校验"]),
];

/// Names that have no Chinese form: of things, of formats, of algorithms.
const NAMES: [&str; 12] =
    ["Key", "USB", "UKEY", "PDF", "JPG", "XML", "PNG", "JavaScript", "OCSP", "CRL", "Chrome", "Edge"];

#[tokio::test]
async fn r144_each_page_has_the_manuals_terms() {
    let mut missing = Vec::new();
    for (path, terms) in TERMS {
        let (status, document) = page(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        let words = words(&document);
        missing.extend(terms.iter().filter(|term| !words.contains(**term)).map(|term| (path, *term)));
    }
    assert_eq!(missing, [], "not in the manual's words");
}

#[tokio::test]
async fn r144_no_page_speaks_english_to_its_reader() {
    let mut foreign = Vec::new();
    for (path, _) in TERMS {
        let (_, document) = page(path).await;
        assert!(document.contains(r#"<html lang="zh-CN">"#), "{path}");
        let body = document.split_once("<body").and_then(|(_, rest)| rest.split_once('>')).expect("a body").1;
        let words = words(body);
        let latin = words.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 2);
        // Numbers of orders and holders are what they are.
        let own =
            |word: &str| NAMES.contains(&word) || path.contains(word) || word == "ABCD" || word == "evidence";
        foreign.extend(latin.filter(|word| !own(word)).map(|word| (path, word.to_owned())));
    }
    assert_eq!(foreign, [], "a word that is no name");
}
