//! 个人证书补办 (R102 to R110, A11, A42, A43): prefilled from the original, signed without the key, paid by Alipay alone.

use crate::applicant::Applicant;
use crate::browser::Browser;
use crate::holder::Organisation;
use crate::house::House;
use crate::loser::{Owner, lost_code};
use crate::picture;
use crate::relying::Relying;
use crate::replacer::{Replacer, start};
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::lost::LostLine;
use app::desk::orders::{CodeSent, OrderView};
use app::desk::replacement::Terms;
use certificate::Certificate;
use certificate::revocation::Reason;
use journey::Fen;
use journey::actor::Actor;
use journey::details::DetailsForm;
use journey::entry::id_number;
use journey::event::Event;
use journey::evidence::EvidenceKind;
use journey::identity::IdentityMethod;
use journey::order::Standing;
use journey::party::Party;
use journey::payment::Channel;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use serde_json::json;
use server::advance::{self, MoveError};
use server::{details, store};

fn form(holder: &Organisation, id: &str, agreement: &str) -> DetailsForm {
    DetailsForm {
        holder_name: "林清风".into(),
        holder_id: id.into(),
        legal_person_name: String::new(),
        legal_person_id: String::new(),
        legal_person_phone: String::new(),
        method: None,
        agent_name: "林清风".into(),
        recipient_name: "林清风".into(),
        invoice_title: "林清风".into(),
        ..holder.form(IdentityMethod::LegalPersonPhone, agreement)
    }
}

/// A person's first certificate: the order goes through the one door up to its review, the rest is the staff's work.
async fn certified() -> (Owner, String) {
    let house = House::open().await;
    house.staffed().await;
    let holder = Organisation::made_up();
    let body = format!("11010519900307{}", &holder.account[holder.account.len() - 3..]);
    let id = format!("{body}{}", id_number::check_character(&body));
    let applicant = house.applicant();
    let agreement = applicant.catalogue().await.agreement_version;
    let form = form(&holder, &id, &agreement);
    journey::details::Details::parse(&form, Party::Person).expect("a whole form");
    let ground = house.office.ground.clone();
    let kept = form.clone();
    let number = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            let mut row = advance::open(
                tx,
                &ground,
                Service::Application,
                Party::Person,
                Route::Usual,
                &Actor::Applicant,
            )
            .await?;
            details::keep(tx, &ground, &row, &kept).await?;
            let digest = details::digest(&kept);
            let price = Fen(10_000);
            let file = |kind| Event::EvidenceAdded { kind, file: "f".into() };
            let events = [
                (Actor::Applicant, Event::DetailsEntered { digest: digest.clone(), method: None, price }),
                (Actor::Applicant, file(EvidenceKind::HolderId)),
                (Actor::Applicant, file(EvidenceKind::SealSample)),
                (Actor::Applicant, Event::EvidenceSubmitted),
                (Actor::Applicant, Event::DetailsConfirmed { digest }),
                (Actor::Applicant, Event::PhoneChecked),
                (
                    Actor::Provider,
                    Event::PaymentReceived { attempt: "1".into(), channel: Channel::Alipay, amount: price },
                ),
            ];
            for (actor, event) in events {
                row = store::orders::load(tx, &row.id).await?;
                row = advance::advance(tx, &ground, row, None, event, &actor).await?;
            }
            Ok::<_, MoveError>(row.number)
        })
    });
    let number = number.await.unwrap_or_else(|error| panic!("{error}"));
    let applicant = Applicant { number, holder, ..applicant };
    house.town.clock.forward_s(31);
    let reviewer = crate::clerk::Clerk::sign_in(&house.town, "shenhe").await;
    reviewer.pass(&applicant.number).await;
    until("production", || async {
        (house.row(&applicant.number).await.order.step() == Some(Step::Production)).then_some(())
    })
    .await;
    let mut bench = Workbench::set_up().await;
    let producer = crate::clerk::Clerk::sign_in(&house.town, "zhizheng").await;
    bench.make(&producer, &applicant.number).await;
    let (sign, encrypt) = bench.certificates().await;
    let serial = |der: &[u8]| Certificate::from_der(der).unwrap().serial_hex();
    let (sign, encrypt) = (serial(&sign), serial(&encrypt));
    until("the certificates to count", || async {
        let mut reader = house.office.ground.store.read().await.unwrap();
        server::standing::facts(&mut reader, &sign).await.unwrap().map(|_| ())
    })
    .await;
    (Owner { house, applicant, bench, sign, encrypt }, id)
}

/// R102, R103: the number, the code, the masked record.
async fn shown_the_record(owner: &Owner, browser: &Browser, id: &str) {
    let asked = json!({ "party": "person", "id_number": id });
    browser.call("lost/send", asked).await.given::<CodeSent>();
    let code = lost_code(&owner.house, &owner.applicant.holder.agent_phone, 1).await;
    let asked = json!({ "party": "person", "id_number": id, "code": code });
    browser.call("lost/check", asked).await.given::<()>();
    let lines: Vec<LostLine> = browser.call("lost/list", json!({})).await.given();
    assert_eq!((lines[0].holder_name.as_str(), lines[0].party), ("林**", Party::Person), "masked");
}

#[tokio::test]
async fn r102_to_r110_a_persons_key_is_replaced_and_paid_by_alipay_alone() {
    let (owner, id) = certified().await;
    let relying = Relying::on(&owner.house, "issuing");
    let phone = owner.applicant.holder.agent_phone.clone();
    let browser = owner.house.town.browser();
    let terms: Terms = browser.call("replacement/terms", json!({ "party": "person" })).await.given();
    assert_eq!((terms.open, terms.account), (true, None));
    shown_the_record(&owner, &browser, &id).await;
    let number: String = start(&browser, &owner.sign, true, "").await.given();
    let applicant = Applicant {
        town: owner.house.town.clone(),
        browser,
        holder: owner.applicant.holder.clone(),
        method: IdentityMethod::LegalPersonPhone,
        number,
        version: 0,
    };
    let mut replacer = Replacer { applicant, reference: String::new() };
    // R104: as it was, and changed where it has changed.
    let view = replacer.applicant.see().await;
    assert_eq!(
        (view.details.holder_id.as_str(), view.details.agent_phone.as_str()),
        (id.as_str(), phone.as_str())
    );
    let agreement = replacer.applicant.catalogue().await.agreement_version;
    let moved = DetailsForm { street: "学院路三十号五号楼".into(), agreement, ..view.details };
    replacer.applicant.fill(&moved).await.given::<OrderView>();
    assert_eq!(replacer.applicant.see().await.standing, Standing::Open(Step::Evidence));
    replacer.applicant.upload(EvidenceKind::HolderId, picture::scan()).await.given::<OrderView>();
    replacer.applicant.submit().await.given::<OrderView>();
    replacer.sign_as("林清风").await;

    // R106, A42: the office refuses what the page does not offer.
    assert_eq!(replacer.applicant.see().await.standing, Standing::Open(Step::Payment));
    let number = json!({ "number": replacer.applicant.number });
    let channels: Vec<Channel> = replacer.applicant.browser.call("payments/channels", number).await.given();
    assert_eq!(channels, [Channel::Alipay]);
    assert_eq!(replacer.applicant.open_payment(Channel::WechatPay).await.refusal(), "channel_not_offered");
    replacer.applicant.pay(Channel::Alipay).await;
    // R107, A43: the medium's fee, with its invoice at once.
    let paid = replacer.applicant.see().await.paid.expect("paid");
    assert_eq!((paid.channel, paid.amount), (Channel::Alipay, Fen(8_000)));
    owner.house.town.outside.mail_about(&owner.applicant.holder.email, "电子发票").await;
    // A11: five working days from the payment.
    let row = owner.house.row(&replacer.applicant.number).await;
    let paid_at = row.order.paid.as_ref().unwrap().at;
    let promise = owner.house.office.ground.calendar.promise_due(Service::Replacement, Route::Usual, paid_at);
    assert_eq!(row.order.promise_due, promise.map(|promise| promise.due_on));

    owner.clerk("shenhe").await.pass(&replacer.applicant.number).await;
    until("OCSP to say so", || async {
        (relying.reason(&owner.encrypt).await == Some(Reason::Superseded)).then_some(())
    })
    .await;
    // R109: by message and by mail.
    owner.house.town.outside.messages_of(&phone, "passed", 1).await;
    replacer.applicant.until_at(Step::Production).await;
    let mut bench = Workbench::set_up().await;
    bench.make(&owner.clerk("zhizheng").await, &replacer.applicant.number).await;
    let old = Certificate::from_der(&owner_sign(&owner).await).unwrap();
    let new = Certificate::from_der(&bench.certificates().await.0).unwrap();
    assert_eq!(new.not_after(), old.not_after(), "A38");
    owner.house.errands_rest().await;
    owner.house.journal_tells_the_row(&replacer.applicant.number).await;
}

async fn owner_sign(owner: &Owner) -> Vec<u8> {
    let mut reader = owner.house.office.ground.store.read().await.unwrap();
    store::certificates::find_signed(&mut reader, &owner.sign).await.unwrap().expect("issued")
}
