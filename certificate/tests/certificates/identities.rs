//! Identity codes by edition of GM/T 0015.

use certificate::identity::{EditionError, IdentityForm, Rule};
use certificate::profile::ORGANISATION_SIGNING;
use certificate::{Edition, Identity};

use crate::stage;

/// Made-up identifiers under the arc for examples (RFC 5612): the standard's are not public.
fn rule(identity: Identity, arc: u8, form: IdentityForm) -> Rule {
    Rule { identity, oid: format!("1.3.6.1.4.1.32473.15.{arc}"), form }
}

const CHOICES: [IdentityForm; 2] =
    [IdentityForm::Choice { number: 0, explicit: true }, IdentityForm::Choice { number: 2, explicit: true }];

/// The value of the extension in a certificate that is issued with this code.
fn issued(edition: &Edition, identity: Identity, value: &str) -> Vec<u8> {
    let (_, issuing) = stage::authorities();
    let mut facts = stage::facts(&stage::key(3));
    let code = edition.identity_code(identity, value).unwrap();
    facts.identity_codes = vec![code.clone()];
    let certificate = stage::issue(&issuing, &ORGANISATION_SIGNING, &facts);
    certificate.extension_value(&code.oid).unwrap().to_vec()
}

#[test]
fn the_edition_of_2012_has_its_five_identifiers() {
    let edition = Edition::of_2012(false);
    assert_eq!(edition.year(), 2012);
    let oid = |identity| edition.identity_code(identity, "A1").unwrap().oid;
    for (identity, arc) in [
        (Identity::IdCard, 1),
        (Identity::OfficerCard, 1),
        (Identity::Passport, 1),
        (Identity::SocialInsurance, 2),
        (Identity::BusinessRegistration, 3),
        (Identity::OrganisationCode, 4),
        (Identity::CreditCode, 4),
        (Identity::TaxNumber, 5),
    ] {
        assert_eq!(oid(identity), format!("1.2.156.10260.4.1.{arc}"));
    }
}

/// The standard leaves open whether the choice is tagged explicitly: the operator decides.
#[test]
fn the_choice_is_tagged_as_the_operator_says() {
    assert_eq!(issued(&Edition::of_2012(false), Identity::Passport, "E1"), b"\x82\x02E1");
    assert_eq!(issued(&Edition::of_2012(true), Identity::Passport, "E1"), b"\xa2\x04\x13\x02E1");
    assert_eq!(issued(&Edition::of_2012(true), Identity::OfficerCard, "军"), b"\xa1\x05\x0c\x03\xe5\x86\x9b");
    assert_eq!(issued(&Edition::of_2012(true), Identity::TaxNumber, "91"), b"\x13\x0291");
}

#[test]
fn the_edition_of_2023_writes_what_the_operator_has_set_up_and_nothing_else() {
    let credit_code = rule(Identity::CreditCode, 1, IdentityForm::Utf8);
    let edition = Edition::of_2023(vec![credit_code]).unwrap();
    assert_eq!(issued(&edition, Identity::CreditCode, "91110108MA01ABCD2X"), b"\x0c\x1291110108MA01ABCD2X");
    let refusal = edition.identity_code(Identity::IdCard, "11010519491231002X").unwrap_err();
    assert_eq!(refusal, EditionError::NotSetUp { year: 2023, identity: Identity::IdCard });
}

#[test]
fn broken_set_ups_are_refused() {
    let bare = |identity, arc| rule(identity, arc, IdentityForm::Printable);
    let nonsense = Rule { oid: "GM/T".into(), ..bare(Identity::TaxNumber, 1) };
    assert_eq!(Edition::of_2023(vec![nonsense]).unwrap_err(), EditionError::Oid("GM/T".into()));
    let twice = vec![bare(Identity::TaxNumber, 1), bare(Identity::TaxNumber, 2)];
    assert_eq!(Edition::of_2023(twice).unwrap_err(), EditionError::Twice(Identity::TaxNumber));
    let shared = vec![bare(Identity::TaxNumber, 1), bare(Identity::CreditCode, 1)];
    let oid = "1.3.6.1.4.1.32473.15.1".to_owned();
    assert_eq!(Edition::of_2023(shared).unwrap_err(), EditionError::SharedOid(oid));
    let [id_card, passport] = CHOICES;
    let choices = vec![rule(Identity::IdCard, 1, id_card), rule(Identity::Passport, 1, passport)];
    assert!(Edition::of_2023(choices).is_ok(), "two choices of one extension");
}

#[test]
fn values_that_no_code_has() {
    let edition = Edition::of_2012(true);
    for (identity, value) in [
        (Identity::TaxNumber, ""),
        (Identity::TaxNumber, "税号"),
        (Identity::TaxNumber, "a_b"),
        (Identity::OfficerCard, "军\n"),
        (Identity::CreditCode, &"9".repeat(65)),
    ] {
        assert_eq!(edition.identity_code(identity, value), Err(EditionError::Value(identity)), "{value}");
    }
}

#[test]
fn every_identity_has_a_stable_name() {
    for identity in Identity::ALL {
        assert_eq!(Identity::from_code(identity.code()), Some(identity));
    }
    assert_eq!(Identity::from_code("nobody"), None);
}
