//! Who somebody is when it is not an identity card that says so (A50, J41), and a person's own form.

use journey::details::{Details, DetailsForm};
use journey::entry::identity_document::look_up_form;
use journey::evidence::{hint_for, title_for};
use journey::identity::methods;
use journey::{EvidenceKind, IdentityDocument, IdentityMethod, Party};

fn form() -> DetailsForm {
    DetailsForm {
        holder_name: "李小雨".into(),
        holder_id: "11010519491231002X".into(),
        agent_phone: "13800001234".into(),
        email: "li@example.cn".into(),
        recipient_name: "李小雨".into(),
        recipient_phone: "13800001234".into(),
        province: "北京市".into(),
        city: "市辖区".into(),
        county: "海淀区".into(),
        street: "中关村大街一号院二号楼".into(),
        agreement: "1".into(),
        ..DetailsForm::default()
    }
}

fn wrong(form: &DetailsForm) -> Vec<(&'static str, &'static str)> {
    let errors = Details::parse(form, Party::Person).err().unwrap_or_default();
    errors.into_iter().map(|(field, error)| (field, error.code)).collect()
}

#[test]
fn a50_every_document_has_a_number_of_its_own() {
    use IdentityDocument::*;
    let good = [
        (IdCard, "11010519491231002x", "11010519491231002X"),
        (Passport, " e1234 5678", "E12345678"),
        (Passport, "123456789", "123456789"),
        (Passport, "ＰＡ９９２", "PA992"),
        (HongKongMacaoPermit, "h12345678", "H12345678"),
        (HongKongMacaoPermit, "M1234567802", "M1234567802"),
        (TaiwanPermit, "0123 4567", "01234567"),
    ];
    for (kind, typed, normal) in good {
        assert_eq!(kind.parse(typed).unwrap(), normal, "{}", kind.code());
    }
    let bad = [
        (IdCard, "E12345678", "wrong_length"),
        (IdCard, "110105194912310021", "check_digit"),
        (Passport, "", "empty"),
        (Passport, "E123", "too_short"),
        (Passport, "E123456789", "too_long"),
        (Passport, "E1234-567#", "forbidden_character"),
        (Passport, "SMITH", "forbidden_character"),
        (Passport, "Ё1234567", "forbidden_character"),
        (HongKongMacaoPermit, "C12345678", "permit_letter"),
        (HongKongMacaoPermit, "H1234567", "wrong_length"),
        (HongKongMacaoPermit, "H123456780", "wrong_length"),
        (HongKongMacaoPermit, "H1234567X", "forbidden_character"),
        (TaiwanPermit, "1234567", "wrong_length"),
        (TaiwanPermit, "1234567A", "forbidden_character"),
    ];
    for (kind, typed, code) in bad {
        assert_eq!(kind.parse(typed).unwrap_err().code, code, "{} {typed}", kind.code());
    }
}

#[test]
fn a50_an_order_is_found_by_any_of_them_and_by_a_renewed_permit_too() {
    assert_eq!(look_up_form("11010519491231002x").unwrap(), "11010519491231002X");
    assert_eq!(look_up_form("e12345678").unwrap(), "E12345678");
    assert_eq!(look_up_form("H1234567801").unwrap(), look_up_form("h12345678").unwrap());
    // What is none of them is told as what it nearly always is.
    assert_eq!(look_up_form("110105194912310021").unwrap_err().code, "check_digit");
    assert_eq!(look_up_form("").unwrap_err().code, "empty");
    assert_eq!(look_up_form("1101051949123100").unwrap_err().code, "wrong_length");
}

#[test]
fn j41_who_has_no_identity_card_is_proven_by_a_transfer_alone() {
    assert_eq!(methods(IdentityDocument::IdCard).len(), 3, "A08");
    let foreign = DetailsForm {
        holder_name: "MARIA-JOSE O'NEILL".into(),
        holder_document: IdentityDocument::Passport,
        holder_id: "pa1234567".into(),
        ..form()
    };
    assert_eq!(wrong(&foreign), [("method", "method_not_chosen")]);
    for method in [IdentityMethod::LegalPersonPhone, IdentityMethod::LegalPersonBankCard] {
        let chosen = DetailsForm { method: Some(method), ..foreign.clone() };
        assert!(wrong(&chosen).contains(&("method", "method_needs_id_card")), "{}", method.code());
    }
    let asked = DetailsForm { method: Some(IdentityMethod::CompanyTransfer), ..foreign };
    let fields: Vec<_> = wrong(&asked).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["account_bank", "account_number", "account_bank_code"]);
    let whole = DetailsForm {
        account_bank: "招商银行北京中关村支行".into(),
        account_number: "6225880112345678".into(),
        account_bank_code: "308100005078".into(),
        ..asked
    };
    let kept = Details::parse(&whole, Party::Person).unwrap().into_form();
    assert_eq!((kept.holder_id.as_str(), kept.account_name.as_str()), ("PA1234567", "MARIA-JOSE O'NEILL"));
    let another = DetailsForm { account_name: "王五".into(), ..whole };
    assert_eq!(wrong(&another), [("account_name", "locked_to_holder_name")]);
}

#[test]
fn a02_a08_a44_a_persons_form_fills_itself_where_it_may() {
    let plain = Details::parse(&form(), Party::Person).unwrap().into_form();
    assert_eq!((plain.agent_name.as_str(), plain.invoice_title.as_str()), ("李小雨", "李小雨"));
    let phone = DetailsForm { method: Some(IdentityMethod::LegalPersonPhone), ..form() };
    assert_eq!(Details::parse(&phone, Party::Person).unwrap().form().legal_person_phone, "13800001234");
    let company = DetailsForm {
        invoice_title: " 北京示例  科技有限公司 ".into(),
        invoice_tax_number: "91350100m000100y43".into(),
        ..form()
    };
    let company = Details::parse(&company, Party::Person).unwrap().into_form();
    assert_eq!(company.invoice_title, "北京示例 科技有限公司");
    assert_eq!(company.invoice_tax_number, "91350100M000100Y43");
    let typo = DetailsForm { invoice_tax_number: "91350100M000100Y44".into(), ..form() };
    assert_eq!(wrong(&typo), [("invoice_tax_number", "check_digit")]);
    let long = DetailsForm { invoice_title: "长".repeat(101), ..form() };
    assert_eq!(wrong(&long), [("invoice_title", "too_long")]);
}

/// The digest of a form is what a confirmation binds to: orders under way must not change theirs.
#[test]
fn r158_a_form_with_an_identity_card_is_written_as_ever() {
    let written = serde_json::to_string(&form()).unwrap();
    assert!(!written.contains("holder_document") && !written.contains("invoice_tax_number"), "{written}");
    let passport = DetailsForm { holder_document: IdentityDocument::Passport, ..form() };
    let written = serde_json::to_string(&passport).unwrap();
    assert!(serde_json::from_str::<DetailsForm>(&written).unwrap() == passport);
}

#[test]
fn a50_the_upload_is_named_after_the_document() {
    for &document in IdentityDocument::ALL {
        let (title, hint) =
            (title_for(EvidenceKind::HolderId, document), hint_for(EvidenceKind::HolderId, document));
        assert_eq!(title.contains("身份证"), document == IdentityDocument::IdCard, "{title}");
        assert_eq!(hint.contains("身份证"), document == IdentityDocument::IdCard, "{hint}");
        assert_eq!(title_for(EvidenceKind::SealSample, document), "个人签章图片");
    }
}
