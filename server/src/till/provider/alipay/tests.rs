use super::*;
use crate::outside::testing::{NOW, key, surroundings};
use crate::till::provider::NoticeFact;
use journey::Fen;

const NOTICE: &str = include_str!("../../../../tests/providers/vectors/alipay_notice.form");
const ANSWER: &str = include_str!("../../../../tests/providers/vectors/alipay_query_answer.json");
const REQUEST_SIGNATURE: &str = include_str!("../../../../tests/providers/vectors/alipay_request.signature");
const QUERY: &str = "alipay.trade.query";

fn settings() -> AlipaySettings {
    AlipaySettings {
        gateway_url: "http://127.0.0.1:1/gateway.do".to_owned(),
        app_id: "2021000000000001".to_owned(),
        seller_id: "2088000000000001".to_owned(),
        app_key_file: key("ours_private.pem"),
        alipay_key_file: key("theirs_public.pem"),
    }
}

fn client() -> Alipay {
    Alipay::new(&settings(), surroundings()).unwrap()
}

fn parse(form: &str) -> Result<Notice, NoticeError> {
    client().parse_notice(&[], form.as_bytes(), NOW)
}

/// A notice as Alipay would sign it.
fn signed(fields: &[(&str, &str)], sign_type_inside: bool) -> String {
    let theirs = SigningKey::read(&key("theirs_private.pem")).unwrap();
    let mut form: BTreeMap<&str, &str> = fields.iter().copied().collect();
    form.insert("app_id", "2021000000000001");
    form.insert("seller_id", "2088000000000001");
    if sign_type_inside {
        form.insert("sign_type", "RSA2");
    }
    let sign = theirs.sign(signature::text(&form).as_bytes());
    form.insert("sign_type", "RSA2");
    form.insert("sign", &sign);
    form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish()
}

#[test]
fn the_request_signature_equals_an_independent_one() {
    let parameters = BTreeMap::from([
        ("app_id", "2021000000000001"),
        ("biz_content", r#"{"out_trade_no":"P1","subject":"数字证书 & 介质 + 100%"}"#),
        ("charset", "utf-8"),
        ("format", "JSON"),
        ("method", "alipay.trade.query"),
        ("sign_type", "RSA2"),
        ("timestamp", "2026-11-22 16:18:00"),
        ("version", "1.0"),
    ]);
    assert_eq!(client().app_key.sign(signature::text(&parameters).as_bytes()), REQUEST_SIGNATURE);
}

#[test]
fn r130_a_notice_made_elsewhere_is_read_with_its_awkward_subject_and_empty_field() {
    let notice = parse(NOTICE).unwrap();
    assert_eq!(
        notice.fact,
        NoticeFact::Payment {
            out_trade_no: "P20261122000007B".to_owned(),
            transaction: "2026112222001400001".to_owned(),
            amount: Fen(20_000),
            at: Moment::from_millis(1_795_335_478_000),
        }
    );
    assert_eq!(notice.event_id, "2026112222001400001|TRADE_SUCCESS|||");
}

#[test]
fn forged_changed_and_doubled_notices_are_refused() {
    let unverified = |form: &str| assert!(matches!(parse(form), Err(NoticeError::Unverified(_))), "{form}");
    unverified(&NOTICE.replace("total_amount=200.00", "total_amount=2.00"));
    unverified(&NOTICE.replace("passback_params=&", ""));
    unverified(&NOTICE.replace("sign_type=RSA2", "sign_type=RSA"));
    unverified("");
    assert!(matches!(parse(&format!("{NOTICE}&total_amount=2.00")), Err(NoticeError::Malformed(_))));
}

#[test]
fn a_genuine_notice_for_another_application_or_seller_is_not_ours() {
    for what in ["app_id", "seller_id"] {
        let mut settings = settings();
        if what == "app_id" {
            settings.app_id.push('9')
        } else {
            settings.seller_id.push('9')
        }
        let client = Alipay::new(&settings, surroundings()).unwrap();
        assert_eq!(client.parse_notice(&[], NOTICE.as_bytes(), NOW), Err(NoticeError::NotOurs { what }));
    }
}

#[test]
fn a_partial_refund_is_no_second_payment_and_a_full_one_no_lapse() {
    for (status, fee) in [("TRADE_SUCCESS", "0.29"), ("TRADE_CLOSED", "200.00")] {
        let form = signed(
            &[
                ("out_trade_no", "P1"),
                ("trade_no", "T1"),
                ("trade_status", status),
                ("total_amount", "200.00"),
                ("gmt_payment", "2026-11-22 16:00:00"),
                ("gmt_refund", "2026-11-22 16:17:58.320"),
                ("refund_fee", fee),
                ("out_biz_no", "R1"),
            ],
            false,
        );
        let notice = parse(&form).unwrap();
        let NoticeFact::Refund { out_refund_no, fact: RefundFact::Succeeded { amount, at, .. }, .. } =
            notice.fact
        else {
            panic!("{:?}", notice.fact);
        };
        assert_eq!(out_refund_no, "R1");
        assert_eq!(Some(amount), Fen::parse_yuan(fee));
        assert_eq!(at, Some(Moment::from_millis(1_795_335_478_320)));
    }
}

#[test]
fn a_repetition_has_the_same_event_id_and_sign_type_may_be_under_the_signature() {
    let fields = |id| {
        [("notify_id", id), ("out_trade_no", "P1"), ("trade_no", "T1"), ("trade_status", "TRADE_CLOSED")]
    };
    let first = parse(&signed(&fields("1"), false)).unwrap();
    let second = parse(&signed(&fields("2"), true)).unwrap();
    assert_eq!(first, second);
    assert_eq!(first.fact, NoticeFact::Other("TRADE_CLOSED".to_owned()));
}

fn read(body: &str) -> Result<Said, CallError> {
    answer::read(QUERY, body.as_bytes(), &client().alipay_key)
}

#[test]
fn the_answers_raw_text_is_verified() {
    let trade: Trade = read(ANSWER).and_then(Said::done).unwrap();
    assert_eq!(
        trade.fact("P20261122000007B"),
        Ok(TradeFact::Paid {
            transaction: "2026112222001400001".to_owned(),
            amount: Fen(20_000),
            at: Moment::from_millis(1_795_335_478_000),
            payer_hint: "138****5678".to_owned(),
        })
    );
    // The same JSON value in other characters, another amount, no signature.
    assert!(matches!(read(&ANSWER.replace("a\\/b", "a/b")), Err(CallError::Untrusted(_))));
    assert!(matches!(read(&ANSWER.replace("200.00", "2.00")), Err(CallError::Untrusted(_))));
    assert!(matches!(read(&ANSWER.replace("\"sign\"", "\"sig\"")), Err(CallError::Untrusted(_))));
}

/// An answer that Alipay signed.
fn answered(inner: &str) -> Result<Said, CallError> {
    let theirs = SigningKey::read(&key("theirs_private.pem")).unwrap();
    let sign = theirs.sign(inner.as_bytes());
    read(&format!(r#"{{"alipay_trade_query_response":{inner},"sign":"{sign}"}}"#))
}

#[test]
fn failures_are_told_apart_by_what_may_have_happened() {
    let fails = |code: &str, sub: &str| {
        answered(&format!(r#"{{"code":"{code}","msg":"m","sub_code":"{sub}","sub_msg":"s"}}"#))
            .and_then(Said::done::<Trade>)
            .map(|_| ())
    };
    assert!(matches!(fails("20000", "isp.unknow-error"), Err(CallError::Unknown(_))));
    assert!(matches!(fails("40004", "ACQ.SYSTEM_ERROR"), Err(CallError::Unknown(_))));
    assert!(matches!(fails("40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH"), Err(CallError::Again(_))));
    assert!(matches!(fails("40004", "ACQ.TRADE_HAS_CLOSE"), Err(CallError::Refused { .. })));
    assert!(matches!(fails("40002", "isv.invalid-signature"), Err(CallError::Config(_))));
    let unsigned =
        r#"{"error_response":{"code":"40002","msg":"m","sub_code":"isv.invalid-app-id","sub_msg":"s"}}"#;
    assert!(matches!(read(unsigned), Err(CallError::Config(_))));
    let unsigned =
        r#"{"alipay_trade_query_response":{"code":"40004","msg":"m","sub_code":"ACQ.TRADE_NOT_EXIST"}}"#;
    assert!(matches!(read(unsigned), Err(CallError::Untrusted(_))));
}

#[test]
fn trade_closed_means_refunded_once_it_was_paid() {
    let fact = |status: &str, paid: &str| {
        let trade = format!(
            r#"{{"code":"10000","trade_no":"T1","out_trade_no":"P1","trade_status":"{status}","total_amount":"1.10"{paid}}}"#
        );
        answered(&trade).and_then(Said::done::<Trade>).and_then(|trade| trade.fact("P1"))
    };
    let paid = r#","send_pay_date":"2026-11-22 16:17:58""#;
    assert_eq!(fact("WAIT_BUYER_PAY", ""), Ok(TradeFact::Waiting));
    assert_eq!(fact("TRADE_CLOSED", ""), Ok(TradeFact::Closed));
    assert_eq!(fact("TRADE_CLOSED", paid), Ok(TradeFact::Refunded));
    assert!(matches!(fact("TRADE_FINISHED", paid), Ok(TradeFact::Paid { amount: Fen(110), .. })));
    assert!(matches!(fact("TRADE_SUCCESS", ""), Err(CallError::Unknown(_))));
}

#[test]
fn the_acknowledgement_is_seven_bytes() {
    assert_eq!(client().acknowledge(true).body.as_bytes(), b"success");
    assert_ne!(client().acknowledge(false).body, "success");
}
