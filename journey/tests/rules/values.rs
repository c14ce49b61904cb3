//! Money, moments, masks, secrets, and what travels.

use std::collections::BTreeSet;

use journey::{
    identity::channel_text,
    order::{InvoiceState, PasscodeState, RefundState},
    secret::{BankCard, IdNumber, Passcode, Password, Pin, SmsCode},
    *,
};
use serde_json::json;

#[test]
fn money_is_whole_fen_and_never_wraps() {
    assert_eq!(Fen(12_345).yuan(), "123.45");
    assert_eq!(Fen(5).yuan(), "0.05");
    assert_eq!(Fen(-5).yuan(), "-0.05");
    assert_eq!(Fen(i64::MIN).yuan(), "-92233720368547758.08");
    assert_eq!(Fen::parse_yuan("123.45"), Some(Fen(12_345)));
    assert_eq!(Fen::parse_yuan("123.4"), Some(Fen(12_340)));
    assert_eq!(Fen::parse_yuan("0"), Some(Fen(0)));
    for wrong in ["", ".", "1.", ".5", "1.234", "-1", "+1", "1e3", " 1", "１", "92233720368547759"] {
        assert_eq!(Fen::parse_yuan(wrong), None, "{wrong}");
    }
    assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
    assert_eq!(Fen(i64::MIN).checked_sub(Fen(1)), None);
    assert_eq!(Fen::checked_sum([Fen(1), Fen(2)]), Some(Fen(3)));
    assert_eq!(Fen::checked_sum([Fen(i64::MAX), Fen(1)]), None);
}

#[test]
fn the_capitals_of_an_invoice() {
    for (fen, capitals) in [
        (12_345, "壹佰贰拾叁元肆角伍分"),
        (10_000, "壹佰元整"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (110, "壹元壹角整"),
        (100_000, "壹仟元整"),
        (100_500, "壹仟零伍元整"),
        (1_000_000, "壹万元整"),
        (1_000_100, "壹万零壹元整"),
        (1_001_000, "壹万零壹拾元整"),
        (10_020_000, "壹拾万零贰佰元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (100_000_010_000_000, "壹兆零壹拾万元整"),
        (-150, "负壹元伍角整"),
    ] {
        assert_eq!(Fen(fen).capitals(), capitals, "{fen}");
    }
    assert!(Fen(i64::MAX).capitals().starts_with("玖京贰仟贰佰叁拾叁兆"));
    assert!(Fen(i64::MIN).capitals().starts_with("负玖京"));
}

#[test]
fn a_moment_reads_in_beijing_r128() {
    let at = Moment::from(time::macros::datetime!(2026-11-22 08:18:59 UTC));
    assert_eq!(at.to_string(), "2026-11-22 16:18");
    assert_eq!(serde_json::to_value(at).unwrap(), json!(1_795_335_539_000_i64));
    assert_eq!(at.plus_hours(8).beijing_date().to_string(), "2026-11-23");
    assert_eq!(at.plus_days(1), at.plus_minutes(1440));
    assert_eq!(Moment::from_millis(i64::MAX).plus_days(1), Moment::from_millis(i64::MAX));
    assert!(Moment::from_millis(i64::MIN).beijing() < Moment::from_millis(i64::MAX).beijing());
}

#[test]
fn masks_show_what_may_be_shown_r141_r150() {
    assert_eq!(mask::phone("13812345678"), "138****5678");
    assert_eq!(mask::id_number("110105199001011234"), "110***********1234");
    assert_eq!(mask::name("张三"), "张*");
    assert_eq!(mask::name("张"), "*");
    assert_eq!(mask::name("阿卜杜拉·买买提"), "阿*******");
    assert_eq!(mask::bank_card("6222020200012345678"), "****5678");
    assert_eq!(mask::email("zhang@example.cn"), "z****@example.cn");
    assert_eq!(mask::email("z@example.cn"), "****@example.cn");
    for short in ["", "1", "1234567", "12345678"] {
        assert!(!mask::phone(short).contains(|shown: char| shown.is_ascii_digit()), "{short}");
        assert!(!mask::id_number(short).contains(|shown: char| shown.is_ascii_digit()), "{short}");
    }
    assert_eq!(mask::email("nothing"), "****");
}

#[test]
fn secrets_print_nothing_r129() {
    let printed = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        Pin::new("246810"),
        Passcode::new("246810"),
        SmsCode::new("246810"),
        IdNumber::new("110105199001011234"),
        BankCard::new("6222020200012345678"),
        Password::new("246810")
    );
    assert_eq!(printed, "Pin(…) Passcode(…) SmsCode(…) IdNumber(…) BankCard(…) Password(…)");
    assert_eq!(Pin::new("246810").expose(), "246810");
    let travels: SmsCode = serde_json::from_str("\"246810\"").unwrap();
    assert_eq!(travels, SmsCode::new("246810"));
    let form = details::DetailsForm { holder_id: "110105199001011234".into(), ..Default::default() };
    assert_eq!(format!("{form:?}"), "DetailsForm(…)");
}

#[test]
fn every_refusal_has_its_own_code_and_travels_r163() {
    let samples = Refusal::samples();
    let codes: BTreeSet<_> = samples.iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), samples.len(), "no code twice");
    for refusal in samples {
        let sent = serde_json::to_value(&refusal).unwrap();
        assert_eq!(sent["code"], refusal.code(), "the wire says the code");
        assert_eq!(serde_json::from_value::<Refusal>(sent).unwrap(), refusal);
        assert!(!refusal.meaning().trim().is_empty());
    }
}

#[test]
fn codes_name_and_find_their_members() {
    fn round<T: PartialEq + std::fmt::Debug + Copy + serde::Serialize>(
        all: &[T],
        code: impl Fn(T) -> &'static str,
        find: impl Fn(&str) -> Option<T>,
    ) {
        for &member in all {
            assert_eq!(find(code(member)), Some(member));
            assert_eq!(serde_json::to_value(member).unwrap(), json!(code(member)));
        }
        assert_eq!(find("nonsense"), None);
    }
    round(Service::ALL, Service::code, Service::from_code);
    round(Party::ALL, Party::code, Party::from_code);
    round(Route::ALL, Route::code, Route::from_code);
    round(Step::ALL, Step::code, Step::from_code);
    round(Role::ALL, Role::code, Role::from_code);
    round(EventKind::ALL, EventKind::code, EventKind::from_code);
    round(EvidenceKind::ALL, EvidenceKind::code, EvidenceKind::from_code);
    round(IdentityMethod::ALL, IdentityMethod::code, IdentityMethod::from_code);
    round(Channel::ALL, Channel::code, Channel::from_code);
    round(Notice::ALL, Notice::code, Notice::from_code);
    round(RefundState::ALL, RefundState::code, RefundState::from_code);
    round(InvoiceState::ALL, InvoiceState::code, InvoiceState::from_code);
    round(PasscodeState::ALL, PasscodeState::code, PasscodeState::from_code);
    for standing in Standing::ENDS.iter().copied().chain(Step::ALL.iter().map(|step| Standing::Open(*step))) {
        assert_eq!(Standing::from_code(standing.code()), Some(standing));
        assert!(!standing.title().is_empty());
    }
}

#[test]
fn the_journal_speaks_plain_json() {
    let added = Event::EvidenceAdded { kind: EvidenceKind::BusinessLicence, file: "f".into() };
    let sent = json!({"kind": "evidence_added", "evidence": "business_licence", "file": "f"});
    assert_eq!(serde_json::to_value(&added).unwrap(), sent);
    let actor = Actor::Reviewer(StaffId("r1".into()));
    assert_eq!(serde_json::to_value(&actor).unwrap(), json!({"kind": "reviewer", "staff": "r1"}));
    assert_eq!(serde_json::to_value(Actor::Applicant).unwrap(), json!({"kind": "applicant"}));
    assert_eq!(serde_json::from_value::<Actor>(json!({"kind": "office"})).unwrap(), Actor::Office);
    let target = ReturnTarget::Field("email".into());
    assert_eq!(serde_json::to_value(target).unwrap(), json!({"field": "email"}));
    let effect = Effect::SendNotice(Notice::Passed);
    assert_eq!(serde_json::to_value(effect).unwrap(), json!({"send_notice": "passed"}));
    assert_eq!(serde_json::to_value(Standing::Open(Step::Review)).unwrap(), json!({"open": "review"}));
}

#[test]
fn the_manuals_words_stand_r009_r089_r122_r149() {
    let titles: Vec<_> =
        IdentityMethod::ALL.iter().map(|method| method.title_for(Party::Organisation)).collect();
    assert_eq!(titles, ["法人手机实名认证", "法人银行卡信息认证", "企业对公账户打款认证"]);
    let texts: Vec<_> =
        IdentityMethod::ALL.iter().map(|method| method.text_for(Party::Organisation)).collect();
    assert_eq!(texts[0], "提供法人实名手机号,证书密码发到法人手机");
    assert_eq!(texts[1], "提供法人银行账户信息,证书密码发到法人手机");
    assert_eq!(texts[2], "提供企业对公账户信息,证书密码在对公账户收款1分钱记录附言中查询");
    for &channel in PasscodeChannel::ALL {
        assert!(channel_text(channel).contains("证书密码"));
    }
    for &party in Party::ALL {
        for &method in IdentityMethod::ALL {
            assert!(!method.title_for(party).is_empty() && !method.text_for(party).is_empty());
        }
    }
}
