//! An organisation's certificate from the form to the parcel (R001 to R036), once for each identity method.

use crate::applicant::{Applicant, EVIDENCE};
use crate::clerk::Clerk;
use crate::house::House;
use crate::invoice::gets_the_invoice;
use crate::picture;
use crate::town::Streets;
use crate::workbench::Workbench;
use app::desk::orders::{CodeSent, OrderView, StepState};
use app::desk::production::{JobStage, JobView};
use app::desk::review::QueueLine;
use certificate::extension::KeyUsages;
use certificate::read::verify_chain;
use certificate::{Certificate, PublicKey};
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
async fn r010_r013_r035_the_whole_way_with_the_legal_persons_phone() {
    let (house, applicant, passcode) = whole(IdentityMethod::LegalPersonPhone, Channel::Alipay).await;
    by_sms_to_the_legal_person(&house, &applicant, &passcode).await;
}

#[tokio::test]
async fn r011_r013_r035_the_whole_way_with_the_legal_persons_bank_card() {
    let (house, applicant, passcode) = whole(IdentityMethod::LegalPersonBankCard, Channel::WechatPay).await;
    by_sms_to_the_legal_person(&house, &applicant, &passcode).await;
}

/// R013: exactly one message to the legal person, none to the agent, no transfer.
async fn by_sms_to_the_legal_person(house: &House, applicant: &Applicant, passcode: &str) {
    let outside = &house.town.outside;
    let legal_person = outside.messages(&applicant.holder.legal_person_phone).await;
    assert_eq!(legal_person.len(), 1, "{legal_person:?}");
    assert_eq!(legal_person[0].params, [passcode]);
    let agent = outside.messages(&applicant.holder.agent_phone).await;
    assert!(agent.iter().all(|sms| !sms.text.contains(passcode)), "{agent:?}");
    assert!(outside.statement(&applicant.holder.account).await.is_empty());
}

#[tokio::test]
async fn r012_r014_r035_the_whole_way_with_a_transfer_to_the_companys_account() {
    let (house, applicant, passcode) = whole(IdentityMethod::CompanyTransfer, Channel::Alipay).await;
    let outside = &house.town.outside;
    let lines = outside.statement(&applicant.holder.account).await;
    assert_eq!(lines.len(), 1, "one fen, once: {lines:?}");
    assert_eq!((lines[0].fen, lines[0].account_name.as_str()), (1, applicant.holder.name.as_str()));
    assert_eq!(lines[0].remark, passcode);
    assert!(outside.messages(&applicant.holder.legal_person_phone).await.is_empty());
    let agent = outside.messages(&applicant.holder.agent_phone).await;
    assert!(agent.iter().all(|sms| !sms.text.contains(&passcode)), "{agent:?}");
}

/// Walks it and gives the passcode as the person found it.
async fn whole(method: IdentityMethod, channel: Channel) -> (House, Applicant, String) {
    let house = House::open().await;
    let mut applicant = house.applicant().choosing(method);
    begins(&mut applicant).await;
    fills_in_and_confirms(&mut applicant).await;
    uploads(&mut applicant).await;
    proves_the_phone(&mut applicant).await;
    pays(&house, &mut applicant, channel).await;
    gets_the_invoice(&house, &mut applicant).await;
    house.staffed().await;
    let passcode = is_reviewed(&house, &mut applicant).await;
    let producer = house.producer().await;
    is_produced(&house, &producer, &mut applicant, &passcode).await;
    is_shipped(&house, &producer, &mut applicant).await;
    receives(&house, &mut applicant).await;
    (house, applicant, passcode)
}

async fn begins(applicant: &mut Applicant) {
    let offers = applicant.catalogue().await.offers;
    assert_eq!(offers.len(), 12, "R001, B01: five services and the loss, for two parties");
    let mine = |service, party| {
        offers.iter().find(|offer| (offer.service, offer.party) == (service, party)).unwrap()
    };
    let offer = mine(Service::Application, Party::Organisation);
    assert!(offer.open && offer.price == Fen(28_000) && offer.promise_working_days == 3);

    let started = applicant.start().await;
    let cookie = started.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("certhall=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(applicant.number.len() == 18 && applicant.number.bytes().all(|b| b.is_ascii_digit()));

    let view = applicant.see().await;
    let steps: Vec<Step> = view.steps.iter().map(|step| step.step).collect();
    use Step::*;
    let way =
        [Details, Confirm, Evidence, PhoneCheck, Payment, Review, Passcode, Production, Dispatch, Receipt];
    assert_eq!(steps, way, "R035");
    assert_eq!(view.steps[0].state, StepState::Now);
    assert_eq!((view.standing, view.price), (Standing::Open(Details), Fen(28_000)));
    assert!(view.draft_until.is_some(), "R160");
}

async fn fills_in_and_confirms(applicant: &mut Applicant) {
    // R004: what is typed so far is kept, valid or not.
    let mut form = applicant.form().await;
    let half = journey::details::DetailsForm { holder_name: form.holder_name.clone(), ..Default::default() };
    let kept = json!({ "number": applicant.number, "details": half });
    applicant.browser.call("orders/draft", kept).await.given::<app::desk::orders::DraftKept>();
    assert_eq!(applicant.see().await.details.holder_name, form.holder_name);

    // R008: not complete, not on.
    let fields = applicant.fill(&half).await.fields();
    assert!(fields.contains(&("agent_phone".into(), "empty".into())), "{fields:?}");
    assert!(fields.contains(&("method".into(), "method_not_chosen".into())), "R009 {fields:?}");
    assert_eq!(applicant.see().await.standing, Standing::Open(Step::Details));

    let view: OrderView = applicant.fill(&form).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Confirm));
    // R015, R016: both follow from the name.
    (form.invoice_title, form.account_name) = (form.holder_name.clone(), form.holder_name.clone());
    assert!(view.details == form, "what was typed, in full while it may still be changed");
    let buttons: Vec<&str> = view.moves.iter().map(|button| button.words.as_str()).collect();
    assert_eq!(buttons, ["确认订单", "返回修改", "撤回申请"], "R019, R022");

    // R022: back, and again.
    let view: OrderView = applicant.go_back().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Details));
    form.street = "中关村大街一号院三号楼五层".into();
    applicant.fill(&form).await.given::<OrderView>();
    let view: OrderView = applicant.confirm().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Evidence));
    assert_eq!(view.details.street, form.street);
}

async fn uploads(applicant: &mut Applicant) {
    let view = applicant.see().await;
    let asked: Vec<_> = view.evidence.iter().map(|evidence| evidence.kind).collect();
    assert_eq!(asked, EVIDENCE, "R020");
    for (index, kind) in EVIDENCE.into_iter().enumerate() {
        assert_eq!(applicant.submit().await.refusal(), "evidence_missing", "R020");
        let view: OrderView = applicant.upload(kind, picture::scan()).await.given();
        let file = view.evidence[index].file.clone().expect("it is there");
        let shown = applicant.browser.get(&app::desk::evidence::picture_path(&file.id)).await;
        assert_eq!((shown.status, shown.body.len() as u64), (200, file.bytes));
        assert_eq!(shown.headers["content-type"], "image/jpeg");
    }
    let view: OrderView = applicant.submit().await.given();
    assert_eq!(view.standing, Standing::Open(Step::PhoneCheck));
}

async fn proves_the_phone(applicant: &mut Applicant) {
    let sent: CodeSent = applicant.send_code().await.given();
    let phone = &applicant.holder.agent_phone;
    assert_eq!(sent.masked_phone, journey::mask::phone(phone), "R150");
    assert_eq!((sent.valid_minutes, sent.again_after_s), (5, 60), "R125");
    let code = applicant.code_from_phone(1).await;
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "R125");
    let message = &applicant.town.outside.messages(phone).await[0];
    assert_eq!(message.text, format!("【证书大厅】验证码{code}，用于确认申请，5分钟内有效，请勿告诉他人。"));
    // R025: the answer to the right code is the payment.
    let view: OrderView = applicant.check_code(&code).await.given();
    assert_eq!(view.standing, Standing::Open(Step::Payment));
}

async fn pays(house: &House, applicant: &mut Applicant, channel: Channel) {
    let number = json!({ "number": applicant.number });
    let channels: Vec<Channel> = applicant.browser.call("payments/channels", number).await.given();
    assert_eq!(channels, [Channel::Alipay, Channel::WechatPay], "R026");
    let qr = applicant.qr(channel).await;
    assert_eq!((qr.channel, qr.amount), (channel, Fen(28_000)), "R145, R146");
    assert_eq!(applicant.qr(channel).await, qr, "asked twice, the same QR");
    house.town.outside.pay(&qr.code).await;
    let view = applicant.until_at(Step::Review).await;
    let paid = view.paid.expect("it is paid");
    assert_eq!((paid.channel, paid.amount), (channel, Fen(28_000)));
    // R031: three working days from today in Beijing.
    let today = house.town.clock.now().beijing_date();
    let due = house.office.ground.calendar.working_days_after(today, 3).due_on;
    assert_eq!(view.promise_due, Some(due.to_string()));
    assert_eq!(view.details.agent_phone, journey::mask::phone(&applicant.holder.agent_phone), "R141");
}

/// R030 to R032; gives the passcode as the person found it.
async fn is_reviewed(house: &House, applicant: &mut Applicant) -> String {
    let reviewer = house.reviewer().await;
    let queue: Vec<QueueLine> = reviewer.browser.call("review/queue", json!({})).await.given();
    assert_eq!(queue.len(), 1);
    assert_eq!((queue[0].number.as_str(), queue[0].claimed_by.as_ref()), (applicant.number.as_str(), None));
    reviewer.pass(&applicant.number).await;
    let view = applicant.until_at(Step::Production).await;
    assert!(view.passcode_sent_at.is_some(), "R122");

    let outside = &house.town.outside;
    let passed = outside.messages_of(&applicant.holder.agent_phone, "passed", 1).await;
    assert!(passed[0].text.contains(&applicant.number), "R031");
    let letter = outside.mail_about(&applicant.holder.email, "审核通过").await;
    let passcode = match applicant.method {
        IdentityMethod::CompanyTransfer => {
            assert!(letter.text.contains("附言"), "R149 {}", letter.text);
            outside.statement(&applicant.holder.account).await[0].remark.clone()
        }
        _ => {
            assert!(letter.text.contains("法人手机"), "R149 {}", letter.text);
            outside.messages_of(&applicant.holder.legal_person_phone, "passcode", 1).await[0].params[0]
                .clone()
        }
    };
    assert!(passcode.len() == 8 && passcode.bytes().all(|b| b.is_ascii_digit()), "A03");
    assert!(!letter.text.contains(&passcode), "R154");
    passcode
}

/// R138 to R140: the pair made on the key, the certificates on it, proven; and the passcode opens it.
async fn is_produced(house: &House, producer: &Clerk, applicant: &mut Applicant, passcode: &str) {
    let mut bench = Workbench::set_up().await;
    let job = bench.make(producer, &applicant.number).await;
    assert_eq!((job.stage, job.key_serial.as_ref()), (JobStage::Verified, Some(&bench.serial)));

    let (sign, encrypt) = bench.certificates().await;
    let (sign, encrypt) = (Certificate::from_der(&sign).unwrap(), Certificate::from_der(&encrypt).unwrap());
    let [root, issuing] = ["root", "issuing"].map(|name| format!("/authority/{name}.crt"));
    let root = Certificate::from_der(&house.town.browser().get(&root).await.body).unwrap();
    let issuing = Certificate::from_der(&house.town.browser().get(&issuing).await.body).unwrap();
    let now = house.town.clock.now().millis() / 1000;
    for certificate in [&sign, &encrypt] {
        verify_chain(&[certificate.clone(), issuing.clone()], &root, now).unwrap();
        let subject = certificate.subject();
        assert_eq!(subject.common_name(), Some(applicant.holder.name.as_str()));
        assert_eq!(subject.serial_number(), Some(applicant.holder.credit_code.as_str()));
        let days = (certificate.not_after() - certificate.not_before()) / 86_400;
        assert!((365..=366).contains(&days), "R051: {days} days");
    }
    assert!(sign.has_usage(KeyUsages::DigitalSignature) && !sign.has_usage(KeyUsages::KeyEncipherment));
    assert!(encrypt.has_usage(KeyUsages::KeyEncipherment) && !encrypt.has_usage(KeyUsages::DigitalSignature));
    assert_ne!(sign.spki(), encrypt.spki());
    assert_eq!(job.sign_serial, Some(sign.serial_hex()));
    assert_eq!(job.encrypt_serial, Some(encrypt.serial_hex()));

    let wrong = if passcode == "19283746" { "19283747" } else { "19283746" };
    assert!(matches!(bench.type_pin(wrong).await, Err(KeyError::PinWrong { .. })));
    bench.type_pin(passcode).await.expect("the passcode that was sent opens the key");
    let signature = bench.sign(b"a contract").await;
    let holder = PublicKey::from_spki_der(sign.spki()).unwrap();
    holder.verify(b"a contract", &signature).unwrap();
}

/// R034.
async fn is_shipped(house: &House, producer: &Clerk, applicant: &mut Applicant) {
    let queue: Vec<QueueLine> = producer.browser.call("dispatch/queue", json!({})).await.given();
    assert_eq!(queue.iter().map(|line| &line.number).collect::<Vec<_>>(), [&applicant.number]);
    let number = json!({ "number": applicant.number });
    let job: JobView = producer.browser.call("production/job", number).await.given();
    let recipient = job.recipient.expect("an address to send it to");
    assert!(recipient.address.contains("中关村大街一号院三号楼五层"), "as corrected");
    producer.ship(&applicant.number, "顺丰速运", "SF1234567890").await.given::<()>();
    let view = applicant.until_at(Step::Receipt).await;
    let parcel = view.parcel.expect("it is on its way");
    assert_eq!((parcel.courier.as_str(), parcel.waybill.as_str()), ("顺丰速运", "SF1234567890"));
    let outside = &house.town.outside;
    let shipped = outside.messages_of(&applicant.holder.agent_phone, "shipped", 1).await;
    assert!(shipped[0].text.contains("顺丰速运") && shipped[0].text.contains("SF1234567890"));
    assert!(outside.mail_about(&applicant.holder.email, "已寄出").await.text.contains("SF1234567890"));
}

async fn receives(house: &House, applicant: &mut Applicant) {
    let view: OrderView = applicant.receive().await.given();
    assert_eq!(view.standing, Standing::Completed);
    assert!(view.steps.iter().all(|step| step.state == StepState::Done) && view.moves.is_empty());
    let told: Vec<&str> = view.history.iter().map(|line| line.event.as_str()).collect();
    for event in
        [EventKind::PaymentReceived, EventKind::ReviewPassed, EventKind::KeyVerified, EventKind::Received]
    {
        assert_eq!(told.iter().filter(|told| **told == event.code()).count(), 1, "{told:?}");
    }
    house.errands_rest().await;
    house.journal_tells_the_row(&applicant.number).await;
    let order = house.row(&applicant.number).await.order;
    assert!(order.surplus.is_empty() && order.reviewed_by != order.produced_by, "R137");
    // A03: nobody needs the passcode any more, so nobody has it.
    let mut reader = house.office.ground.store.read().await.unwrap();
    let row = house.row(&applicant.number).await;
    let kept = server::store::passcodes::find(&mut reader, &row.id).await.unwrap().expect("a row");
    assert!(kept.sealed.is_none() && kept.sent_at.is_some());
}
