//! A person's certificate from the form to the parcel (R037 to R050, A01), with an identity card and with a passport.

use crate::house::House;
use crate::person_holder::{EVIDENCE, Person};
use crate::picture;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::evidence::SealState;
use app::desk::orders::{Act, OrderView};
use app::desk::production::{JobStage, JobView};
use app::desk::review::CaseView;
use certificate::extension::KeyUsages;
use certificate::read::verify_chain;
use certificate::{Certificate, PublicKey};
use journey::details::DetailsForm;
use journey::event::EventKind;
use journey::identity::IdentityMethod;
use journey::money::Fen;
use journey::order::Standing;
use journey::party::Party;
use journey::payment::Channel;
use journey::service::Service;
use journey::step::Step;
use key::KeyError;
use serde_json::json;
use server::clock::Clock;

#[tokio::test]
async fn r037_to_r050_the_whole_way_with_an_identity_card() {
    let house = House::open().await;
    let mut person = Person::made_up(&house.town);
    begins(&mut person).await;
    uploads_and_confirms(&mut person).await;
    proves_the_phone(&mut person).await;
    person.pay(Channel::WechatPay).await;
    gets_the_invoice(&mut person).await;
    house.staffed().await;
    is_reviewed(&house, &mut person).await;
    // R049: by SMS, to the reserved phone.
    let outside = &house.town.outside;
    let passcode = outside.messages_of(&person.phone, "passcode", 1).await[0].params[0].clone();
    assert!(outside.statement(&person.account).await.is_empty());
    is_made_and_sent(&house, &mut person, &passcode).await;
    tells_no_number(&house, &person).await;
}

/// R037, R038, A01, R145.
async fn begins(person: &mut Person) {
    let offers = person.catalogue().await.offers;
    let offer = offers
        .iter()
        .find(|offer| (offer.service, offer.party) == (Service::Application, Party::Person))
        .unwrap();
    assert!(offer.open && offer.price == Fen(10_000) && offer.promise_working_days == 3);
    person.start().await.given::<String>();
    let view = person.see().await;
    let steps: Vec<Step> = view.steps.iter().map(|step| step.step).collect();
    use Step::*;
    let way =
        [Details, Evidence, Confirm, PhoneCheck, Payment, Review, Passcode, Production, Dispatch, Receipt];
    assert_eq!(steps, way, "A01: the uploads come before the confirmation");
    let empty = person.fill(&DetailsForm::default()).await.fields();
    for field in ["holder_name", "holder_id", "agent_phone", "email", "street", "agreement"] {
        assert!(empty.iter().any(|(name, _)| name == field), "{field} {empty:?}");
    }
    let form = person.form().await;
    let view: OrderView = person.fill(&form).await.given();
    assert_eq!(view.standing, Standing::Open(Evidence), "R038, A01");
    // A02, A44: who applies alone is their own agent, and the payer.
    assert_eq!((&view.details.agent_name, &view.details.invoice_title), (&person.name, &person.name));
    assert_eq!(view.details.legal_person_phone, person.phone, "A08");
}

/// R039, R040, R042, R043.
async fn uploads_and_confirms(person: &mut Person) {
    assert_eq!(person.act(Act::ConfirmOrder).await.refusal(), "not_here", "A01");
    let view = person.see().await;
    let asked: Vec<_> = view.evidence.iter().map(|evidence| evidence.kind).collect();
    assert_eq!(asked, EVIDENCE, "R039, R040");
    for kind in EVIDENCE {
        assert_eq!(person.act(Act::SubmitEvidence).await.refusal(), "evidence_missing");
        person.upload(kind, picture::scan()).await.given::<OrderView>();
    }
    let view: OrderView = person.act(Act::SubmitEvidence).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Confirm), "R042, R043");
    let buttons: Vec<&str> = view.moves.iter().map(|button| button.words.as_str()).collect();
    assert_eq!(buttons, ["确认订单", "返回修改", "撤回申请"], "R043");
    let view: OrderView = person.act(Act::Change).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Details));
    let form =
        DetailsForm { street: "中关村大街一号院三号楼五层".into(), ..person.form().await };
    let view: OrderView = person.fill(&form).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Evidence), "what is uploaded is looked at again");
    person.act(Act::SubmitEvidence).await.given::<OrderView>();
    let view: OrderView = person.act(Act::ConfirmOrder).await.given();
    assert_eq!((view.standing, view.price), (Standing::Open(Step::PhoneCheck), Fen(10_000)));
    // R151: what was agreed to, when, and the text as it was.
    assert_eq!(view.agreements.len(), 1);
    let agreed = &view.agreements[0];
    let path = app::desk::orders::agreement_path(&person.number, &agreed.version);
    let text = person.browser.get(&path).await;
    assert_eq!(text.status, 200);
    assert_eq!(hex::encode(ring::digest::digest(&ring::digest::SHA256, &text.body)), agreed.digest);
    assert_eq!(text.text(), app::agreement::text());
    assert_eq!(person.browser.get(&format!("{path}x")).await.status, 404);
}

/// R045.
async fn proves_the_phone(person: &mut Person) {
    person.send_code().await.given::<app::desk::orders::CodeSent>();
    let code = person.town.outside.messages_of(&person.phone, "code", 1).await[0].params[0].clone();
    let view: OrderView = person.check_code(&code).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Payment), "straight to the payment");
    let number = json!({ "number": person.number });
    let channels: Vec<Channel> = person.browser.call("payments/channels", number).await.given();
    assert_eq!(channels, [Channel::Alipay, Channel::WechatPay], "R046");
}

/// R047.
async fn gets_the_invoice(person: &mut Person) {
    let outside = &person.town.outside;
    let mail = outside.mail_about(&person.email, "电子发票").await;
    assert!(mail.text.contains("100.00 元"), "{}", mail.text);
    let xml = String::from_utf8(outside.attachment(&mail, ".xml").await).unwrap();
    assert!(xml.contains(&person.name) && !xml.contains(&person.id_number), "A44");
}

/// R048, R141, R161.
async fn is_reviewed(house: &House, person: &mut Person) {
    let view = person.see().await;
    let today = house.town.clock.now().beijing_date();
    let due = house.office.ground.calendar.working_days_after(today, 3).due_on;
    assert_eq!(view.promise_due, Some(due.to_string()), "R048");
    assert_eq!(view.details.holder_id, journey::mask::id_number(&person.id_number), "R141");
    let reviewer = house.reviewer().await;
    let case: CaseView = reviewer.claim(&person.number).await.given();
    let masked = serde_json::to_string(&case).unwrap();
    for secret in [&person.name, &person.id_number, &person.phone, &person.email] {
        assert!(!masked.contains(secret.as_str()), "R161: {secret} in {masked}");
    }
    let open: CaseView = reviewer.reveal(&person.number, "核对身份证件").await.given();
    assert_eq!((&open.details.holder_name, &open.details.holder_id), (&person.name, &person.id_number));
    reviewer.pass(&person.number).await;
    person.until_at(Step::Production).await;
    let passed = house.town.outside.messages_of(&person.phone, "passed", 1).await;
    assert!(passed[0].text.contains(&person.number), "R048");
}

/// R050, R138 to R141.
async fn is_made_and_sent(house: &House, person: &mut Person, passcode: &str) {
    let producer = house.producer().await;
    let mut bench = Workbench::set_up().await;
    let job = bench.make(&producer, &person.number).await;
    assert_eq!(job.stage, JobStage::Verified);
    let (sign, encrypt) = bench.certificates().await;
    let (sign, encrypt) = (Certificate::from_der(&sign).unwrap(), Certificate::from_der(&encrypt).unwrap());
    let [root, issuing] = ["root", "issuing"].map(|name| format!("/authority/{name}.crt"));
    let root = Certificate::from_der(&house.town.browser().get(&root).await.body).unwrap();
    let issuing = Certificate::from_der(&house.town.browser().get(&issuing).await.body).unwrap();
    let now = house.town.clock.now().millis() / 1000;
    for certificate in [&sign, &encrypt] {
        verify_chain(&[certificate.clone(), issuing.clone()], &root, now).unwrap();
        let subject = certificate.subject();
        assert_eq!((subject.common_name(), subject.organisation()), (Some(person.name.as_str()), None));
        // R141: something stands for the number, and it is not the number.
        let stands_for_it = subject.serial_number().unwrap();
        assert!(stands_for_it.len() == 21 && stands_for_it.starts_with('P'), "{stands_for_it}");
        let der = certificate.der();
        assert!(!der.windows(person.id_number.len()).any(|window| window == person.id_number.as_bytes()));
        assert!(!der.windows(8).any(|window| window == &person.id_number.as_bytes()[6..14]), "the birthday");
    }
    let mut reader = house.office.ground.store.read().await.unwrap();
    for (certificate, profile) in [(&sign, "person_signing"), (&encrypt, "person_encryption")] {
        let row: (String,) = sqlx::query_as("SELECT profile FROM certificates WHERE serial = $1")
            .bind(certificate.serial_hex())
            .fetch_one(&mut *reader)
            .await
            .unwrap();
        assert_eq!(row.0, profile);
    }
    drop(reader);
    assert!(sign.has_usage(KeyUsages::DigitalSignature) && encrypt.has_usage(KeyUsages::KeyEncipherment));
    let wrong = if passcode == "19283746" { "19283747" } else { "19283746" };
    assert!(matches!(bench.type_pin(wrong).await, Err(KeyError::PinWrong { .. })));
    bench.type_pin(passcode).await.expect("the passcode that was sent opens the key");
    let signature = bench.sign(b"a contract").await;
    PublicKey::from_spki_der(sign.spki()).unwrap().verify(b"a contract", &signature).unwrap();

    let number = json!({ "number": person.number });
    let job: JobView = producer.browser.call("production/job", number).await.given();
    assert!(job.recipient.expect("an address").address.contains("中关村大街一号院三号楼五层"));
    producer.ship(&person.number, "顺丰速运", "SF1234567890").await.given::<()>();
    person.until_at(Step::Receipt).await;
    let view: OrderView = person.act(Act::ConfirmReceipt).await.given();
    assert_eq!(view.standing, Standing::Completed, "R050");
    assert!(view.history.iter().any(|line| line.event == EventKind::KeyVerified.code()));
    house.errands_rest().await;
    house.journal_tells_the_row(&person.number).await;
}

/// R141: neither a message nor a letter has the number, or the phone in full.
async fn tells_no_number(house: &House, person: &Person) {
    let outside = &house.town.outside;
    let messages = outside.messages(&person.phone).await;
    assert!(messages.len() >= 4, "{messages:?}");
    assert!(messages.iter().all(|sms| !sms.text.contains(&person.id_number)));
    for mail in outside.mails(&person.email).await {
        assert!(
            !mail.text.contains(&person.id_number) && !mail.text.contains(&person.phone),
            "{}",
            mail.text
        );
    }
}

#[tokio::test]
async fn a50_j41_a_foreigner_is_proven_by_a_transfer_and_gets_the_password_by_it() {
    let house = House::open().await;
    let mut person = Person::from_abroad(&house.town);
    person.start().await.given::<String>();
    let form = person.form().await;
    for method in [None, Some(IdentityMethod::LegalPersonPhone), Some(IdentityMethod::LegalPersonBankCard)] {
        let fields = person.fill(&DetailsForm { method, ..form.clone() }).await.fields();
        assert!(fields.iter().any(|(field, _)| field == "method"), "{fields:?}");
    }
    let as_card = DetailsForm { holder_document: journey::IdentityDocument::IdCard, ..form.clone() };
    let fields = person.fill(&as_card).await.fields();
    assert!(fields.contains(&("holder_id".into(), "wrong_length".into())), "{fields:?}");
    let view: OrderView = person.fill(&form).await.given();
    assert_eq!(view.details.account_name, person.name, "R016: the account is the holder's own");
    person.walk_to(Step::Review).await;
    house.staffed().await;
    house.reviewer().await.pass(&person.number).await;
    person.until_at(Step::Production).await;
    let outside = &house.town.outside;
    let lines = outside.statement(&person.account).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((lines[0].fen, lines[0].account_name.as_str()), (1, person.name.as_str()));
    let passcode = &lines[0].remark;
    let messages = outside.messages(&person.phone).await;
    assert!(messages.iter().all(|sms| !sms.text.contains(passcode.as_str())), "J41 {messages:?}");
    let letter = outside.mail_about(&person.email, "审核通过").await;
    assert!(letter.text.contains("本人银行账户"), "R149 {}", letter.text);
    // The order is found by the passport's number.
    let asked = json!({ "party": "person", "id_number": person.id_number.to_lowercase() });
    let answer = house.town.browser().call("query/send", asked).await;
    assert_eq!(answer.status, 200, "A50 {}", answer.text());
    assert_eq!(outside.messages_of(&person.phone, "code", 2).await.len(), 2);
}

#[tokio::test]
async fn a08_with_an_identity_card_the_remark_comes_beside_the_sms() {
    let house = House::open().await;
    let mut person = Person { method: IdentityMethod::CompanyTransfer, ..Person::made_up(&house.town) };
    person.walk_to(Step::Review).await;
    house.staffed().await;
    house.reviewer().await.pass(&person.number).await;
    person.until_at(Step::Production).await;
    let outside = &house.town.outside;
    let remark = outside.statement(&person.account).await[0].remark.clone();
    let sms = outside.messages_of(&person.phone, "passcode", 1).await;
    assert_eq!((sms.len(), &sms[0].params[0]), (1, &remark), "R049");
}

#[tokio::test]
async fn a44_a_company_may_stand_on_a_persons_invoice() {
    let house = House::open().await;
    let mut person = Person::made_up(&house.town);
    person.start().await.given::<String>();
    let form = DetailsForm {
        invoice_title: "北京示例科技有限公司".into(),
        invoice_tax_number: "91350100M000100Y43".into(),
        ..person.form().await
    };
    person.fill(&form).await.given::<OrderView>();
    person.walk_to(Step::Review).await;
    let mail = house.town.outside.mail_about(&person.email, "电子发票").await;
    let xml = String::from_utf8(house.town.outside.attachment(&mail, ".xml").await).unwrap();
    assert!(xml.contains("北京示例科技有限公司") && xml.contains("91350100M000100Y43"), "{xml}");
}

#[tokio::test]
async fn r040_a_scan_without_the_sheets_marks_is_taken_and_said_so() {
    let house = House::open().await;
    let mut person = Person::made_up(&house.town);
    person.walk_to(Step::Evidence).await;
    let view: OrderView = person.upload(EVIDENCE[1], picture::scan()).await.given();
    assert_eq!(view.evidence[1].seal, Some(SealState::NoMarks));
    let file = view.evidence[1].file.clone().unwrap().id;
    assert_eq!(person.browser.get(&app::desk::evidence::seal_path(&file)).await.status, 404);
    let view: OrderView = person.accept_seal(&file).await.given();
    assert_eq!(view.evidence[1].seal, Some(SealState::NoMarks), "there is nothing to accept");
    assert_eq!(person.accept_seal("0").await.refused(404), app::desk::DeskError::NotFound);
}
