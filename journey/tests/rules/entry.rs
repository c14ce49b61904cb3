//! What may be typed. Codes and numbers here are made up; their check digits are computed.

use journey::{
    Party,
    details::{Details, DetailsForm},
    entry::{
        EntryError, account, address, bank_card, credit_code, email, id_number, mobile, organisation_name,
        person_name, pin, sms_code,
    },
};

fn code<T: std::fmt::Debug>(result: Result<T, EntryError>) -> &'static str {
    result.map_or_else(|error| error.code, |value| panic!("{value:?} was taken"))
}

#[test]
fn credit_codes_gb_32100() {
    // The example of the standard's own annex: 91350100M000100Y43.
    assert_eq!(credit_code::parse("91350100M000100Y43").unwrap(), "91350100M000100Y43");
    assert_eq!(credit_code::parse(" 91350100m000100y43 ").unwrap(), "91350100M000100Y43");
    assert_eq!(credit_code::parse("９１３５０１００Ｍ０００１００Ｙ４３").unwrap(), "91350100M000100Y43");
    assert_eq!(code(credit_code::parse("")), "empty");
    assert_eq!(code(credit_code::parse("91350100M000100Y4")), "wrong_length");
    assert_eq!(code(credit_code::parse("91350100M000100Y44")), "check_digit");
    let letter_o = credit_code::parse("9135O100M000100Y43").unwrap_err();
    assert_eq!(
        (letter_o.code, letter_o.facts[0].clone()),
        ("forbidden_character", ("position", "5".to_owned()))
    );
    assert_eq!(code(credit_code::parse("9135A100M000100Y43")), "forbidden_character");
}

#[test]
fn any_single_wrong_character_of_a_credit_code_is_found() {
    let right = "91350100M000100Y43";
    for at in 0..18 {
        for other in
            "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().filter(|other| right.chars().nth(at) != Some(*other))
        {
            let wrong: String =
                right.chars().enumerate().map(|(i, c)| if i == at { other } else { c }).collect();
            assert!(credit_code::parse(&wrong).is_err(), "{wrong}");
        }
    }
}

#[test]
fn id_numbers_gb_11643() {
    // The example of the standard: 11010519491231002X.
    assert_eq!(id_number::parse("11010519491231002X").unwrap().expose(), "11010519491231002X");
    assert_eq!(id_number::parse_text("11010519491231002x").unwrap(), "11010519491231002X");
    assert_eq!(id_number::parse_text("440524188001010014").unwrap_err().code, "no_such_birthday");
    assert_eq!(code(id_number::parse_text("110105194912310021")), "check_digit");
    assert_eq!(code(id_number::parse_text("99010519491231002X")), "unknown_region");
    assert_eq!(code(id_number::parse_text("11010519490230002X")), "no_such_birthday");
    assert_eq!(code(id_number::parse_text("11010520230229002X")), "no_such_birthday");
    assert_eq!(code(id_number::parse_text("1101051949123100X2")), "forbidden_character");
    assert_eq!(code(id_number::parse_text("11010519491231002Y")), "forbidden_character");
    assert_eq!(code(id_number::parse_text("110105491231002")), "wrong_length");
    assert_eq!(code(id_number::parse_text("一一〇一〇五一九四九一二三一〇〇二X")), "forbidden_character");
    let leap = format!("11010520240229002{}", id_number::check_character("11010520240229002"));
    assert_eq!(id_number::parse_text(&leap).unwrap(), leap);
}

#[test]
fn bank_cards_luhn() {
    assert_eq!(
        bank_card::parse_text("6222 0202 0001 2345 678").map_err(|error| error.code),
        Err("check_digit")
    );
    let body = "622202020001234567";
    let right =
        (0..10).map(|last| format!("{body}{last}")).filter(|card| bank_card::parse(card).is_ok()).count();
    assert_eq!(right, 1, "one check digit fits");
    assert_eq!(bank_card::parse("4111-1111-1111-1111").unwrap().expose(), "4111111111111111");
    assert_eq!(code(bank_card::parse("4111111111111112")), "check_digit");
    assert_eq!(code(bank_card::parse("411111")), "too_short");
    assert_eq!(code(bank_card::parse("41111111111111111111")), "too_long");
    assert_eq!(code(bank_card::parse("4111a11111111111")), "forbidden_character");
    assert_eq!(code(bank_card::parse("0000000000000000")), "check_digit");
}

#[test]
fn mobiles_mailboxes_and_codes() {
    for typed in
        ["13812345678", "138 1234 5678", "+86 138-1234-5678", "008613812345678", "１３８１２３４５６７８"]
    {
        assert_eq!(mobile::parse(typed).unwrap(), "13812345678", "{typed}");
    }
    assert_eq!(code(mobile::parse("12812345678")), "not_a_mobile");
    assert_eq!(code(mobile::parse("1381234567")), "wrong_length");
    assert_eq!(code(mobile::parse("1381234567a")), "forbidden_character");
    assert_eq!(email::parse(" Zhang.San+ca@Example.COM.cn ").unwrap(), "Zhang.San+ca@example.com.cn");
    for wrong in [
        "zhang@",
        "@example.cn",
        "a@b.c1234..cn",
        "zhang@example",
        "a b@example.cn",
        "a..b@example.cn",
        "zhang@-example.cn",
        "zhang@example.c",
        "zhang@127.0.0.1",
        "zhang@例子.cn",
    ] {
        assert!(email::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(sms_code::parse(" 123 456 ").unwrap().expose(), "123456");
    assert_eq!(code(sms_code::parse("12345")), "wrong_length");
    assert_eq!(code(sms_code::parse("12345a")), "forbidden_character");
}

#[test]
fn names_and_addresses() {
    assert_eq!(person_name::parse(" 张 三 ").unwrap(), "张 三");
    assert_eq!(person_name::parse("阿卜杜拉•买买提").unwrap(), "阿卜杜拉·买买提");
    assert_eq!(person_name::parse("O'Brien Mary-Jane").unwrap(), "O'Brien Mary-Jane");
    for wrong in ["", "张", "张3", "·张三", "张三-", "张<b>"] {
        assert!(person_name::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(organisation_name::parse("某某(北京)科技有限公司").unwrap(), "某某（北京）科技有限公司");
    assert!(organisation_name::parse("某某<script>有限公司").is_err());
    assert_eq!(address::parse_region("北京市").unwrap(), "北京市");
    assert!(address::parse_region("Beijing").is_err());
    assert_eq!(address::parse_street("  知春路  1 号 ").unwrap(), "知春路 1 号");
    assert_eq!(code(address::parse_street("路")), "too_short");
    assert_eq!(code(address::parse_street("知春路<1>号")), "forbidden_character");
    assert_eq!(account::parse_number("1109 0000 1234 567").unwrap(), "110900001234567");
    assert_eq!(code(account::parse_bank_code("12345")), "wrong_length");
}

#[test]
fn weak_pins_are_refused_a30() {
    for weak in ["123456", "654321", "000000", "aaaaaa", "121212", "123123", "abcdefgh", "ab1ab1ab1"] {
        assert_eq!(code(pin::parse(weak)), "weak_pin", "{weak}");
    }
    assert_eq!(code(pin::parse("12345")), "too_short");
    assert_eq!(code(pin::parse("12345678901234567")), "too_long");
    assert_eq!(code(pin::parse("1357 92")), "forbidden_character");
    assert_eq!(pin::parse("135792").unwrap().expose(), "135792");
}

fn filled() -> DetailsForm {
    DetailsForm {
        holder_name: "某某科技有限公司".into(),
        holder_id: "91350100M000100Y43".into(),
        legal_person_name: "张三".into(),
        legal_person_id: "11010519491231002X".into(),
        method: Some(journey::IdentityMethod::LegalPersonPhone),
        legal_person_phone: "13812345678".into(),
        agent_name: "李四".into(),
        agent_phone: "13912345678".into(),
        email: "lisi@example.cn".into(),
        recipient_name: "李四".into(),
        recipient_phone: "13912345678".into(),
        province: "北京市".into(),
        city: "北京市".into(),
        county: "海淀区".into(),
        street: "知春路 1 号".into(),
        agreement: "2026-01".into(),
        ..Default::default()
    }
}

#[test]
fn a_whole_form_r008_r015_r016_r017() {
    let details = Details::parse(&filled(), Party::Organisation).unwrap();
    assert_eq!(details.form().invoice_title, "某某科技有限公司", "R015");
    assert_eq!(details.form().account_name, "某某科技有限公司", "R016");
    let forged =
        DetailsForm { invoice_title: "别家公司".into(), account_name: "别家公司".into(), ..filled() };
    let errors = Details::parse(&forged, Party::Organisation).unwrap_err();
    let found: Vec<_> = errors.iter().map(|(field, error)| (*field, error.code)).collect();
    let locked = "locked_to_holder_name";
    assert_eq!(found, [("invoice_title", locked), ("account_name", locked)], "R017");
    let errors = Details::parse(&DetailsForm::default(), Party::Organisation).unwrap_err();
    assert!(
        errors.iter().any(|(field, error)| (*field, error.code) == ("method", "method_not_chosen")),
        "R009"
    );
    assert!(errors.len() > 10, "all that is wrong, at once");
}

/// Nothing a person can type makes a rule panic.
#[test]
fn no_text_makes_a_rule_panic() {
    let mut dice = fastrand::Rng::with_seed(7);
    for round in 0..20_000 {
        let length = dice.usize(..40);
        let text: String = match round % 3 {
            0 => (0..length).map(|_| dice.char(..)).collect(),
            1 => (0..length).map(|_| dice.alphanumeric()).collect(),
            _ => (0..length).map(|_| dice.digit(10)).collect(),
        };
        let _ = (
            credit_code::parse(&text),
            id_number::parse(&text),
            bank_card::parse(&text),
            mobile::parse(&text),
        );
        let _ = (email::parse(&text), person_name::parse(&text), organisation_name::parse(&text));
        let _ = (address::parse_region(&text), address::parse_street(&text), account::parse_number(&text));
        let _ = (account::parse_bank_code(&text), sms_code::parse(&text), pin::parse(&text));
        let _ = (journey::mask::phone(&text), journey::mask::email(&text), journey::Fen::parse_yuan(&text));
    }
}
