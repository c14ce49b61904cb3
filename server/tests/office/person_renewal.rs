//! With a person's own key in the port: 证书更新 and 信息变更 go the organisation's way (R066, R116), with a person's papers.

use crate::house::House;
use crate::key_holder::KeyHolder;
use crate::modification::papers_pass;
use crate::person_holder::Person;
use crate::renewal::{end_of, on_the_key};
use crate::town::{Streets, until};
use app::desk::loading::LoadingView;
use app::desk::orders::OrderView;
use certificate::{Certificate, cipher};
use journey::details::DetailsForm;
use journey::eligibility::renewed_until;
use journey::evidence::EvidenceKind;
use journey::order::Standing;
use journey::party::Party;
use journey::payment::Channel;
use journey::route::Route;
use journey::service::Service;
use journey::step::Step;
use key::key::Slot;
use server::clock::{Dice, SystemEntropy};
use std::sync::Arc;

/// A person whose certificate was issued so many days ago.
pub async fn certified(days: i64) -> (House, Person, KeyHolder) {
    let house = House::founded("codes_per_address_hour = 1000", days + 1).await;
    house.staffed().await;
    let mut person = Person::made_up(&house.town);
    person.walk_to(Step::Review).await;
    house.reviewer().await.pass(&person.number).await;
    person.until_at(Step::Production).await;
    let holder = KeyHolder::made(&house, &person.number, [&person.phone, &person.phone], days).await;
    (house, person, holder)
}

#[tokio::test]
async fn r056_r061_r065_r066_a_persons_year_is_added_and_what_was_encrypted_before_still_opens() {
    let (house, person, mut holder) = certified(300).await;
    let old_sign = holder.certificate(Slot::Sign).await;
    let old_encrypt = Certificate::from_der(&holder.certificate(Slot::Encrypt).await).unwrap();
    let mut dice = Dice::new(Arc::new(SystemEntropy::default()));
    let letter = b"a letter of the year before";
    let before = cipher::encrypt(&old_encrypt.public_key().unwrap(), letter, &mut dice).unwrap();

    holder.renew_up_to_the_writing(Channel::Alipay).await;
    let view = holder.see().await;
    assert_eq!(view.party, Party::Person);
    let steps: Vec<Step> = view.steps.iter().map(|one| one.step).collect();
    assert!(!steps.iter().any(|step| matches!(step, Step::Evidence | Step::Review | Step::Dispatch)), "R066");
    assert_eq!(view.details.holder_name, "李**", "R141: masked as soon as it is the office's");
    let loading: LoadingView = holder.loading().await.given();
    assert_eq!(loading.new_end, renewed_until(end_of(&old_sign), end_of(&old_sign)), "R056");
    holder.write(&mut |_| Ok(())).await.unwrap();

    assert_eq!(holder.see().await.standing, Standing::Completed);
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    assert_eq!(end_of(new.der()), loading.new_end);
    assert_eq!(new.subject().common_name(), Some(person.name.as_str()));
    let point = old_encrypt.public_key().unwrap().to_point();
    assert_eq!(holder.decrypt_with_any(&point, &before).await, letter, "B02");
    until("the old pair to be superseded", || async {
        let states: Vec<String> =
            on_the_key(&house, &holder.serial).await.into_iter().map(|(_, state)| state).collect();
        (states == ["revoked", "active"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn j34_a_person_is_reminded_with_a_calendar_file_and_no_more_after_the_renewal() {
    let (house, person, mut holder) = certified(300).await;
    let (outside, post) = (&house.town.outside, &house.office.post);
    let old = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap().serial_hex();
    post.remind_holders().await.unwrap();
    let text = outside.messages_of(&person.phone, "expiring", 1).await.remove(0);
    assert!(!text.text.contains(&person.name), "R141 {}", text.text);
    let mail = outside.mail_about(&person.email, "到期").await;
    let calendar = String::from_utf8(outside.attachment(&mail, ".ics").await).unwrap();
    assert!(calendar.contains(&format!("UID:{old}@")) && calendar.contains("BEGIN:VALARM"), "{calendar}");
    holder.renew_up_to_the_writing(Channel::Alipay).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    house.errands_rest().await;
    let told = outside.messages_of(&person.phone, "expiring", 1).await.len();
    assert_eq!(post.remind_holders().await.unwrap(), 0);
    post.text_reminder(&old).await.unwrap();
    post.mail_reminder(&old, "late").await.unwrap();
    assert_eq!(outside.messages_of(&person.phone, "expiring", 1).await.len(), told);
}

#[tokio::test]
async fn r116_a45_a_persons_contacts_change_at_once() {
    let (house, person, mut holder) = certified(1).await;
    let form = holder.begin(Service::Modification, Route::Usual).await;
    assert_eq!((form.holder_name.as_str(), form.agent_phone.as_str()), (&*person.name, &*person.phone));
    let form = DetailsForm { email: "new@example.cn".into(), agent_phone: "13712345678".into(), ..form };
    let view: OrderView = holder.enter(&form).await.given();
    assert_eq!((view.route, view.standing), (Route::ContactsOnly, Standing::Open(Step::PhoneCheck)));
    let view: OrderView = holder.check_phone().await.given();
    assert_eq!(view.standing, Standing::Completed);
    house.errands_rest().await;
    assert_eq!(on_the_key(&house, &holder.serial).await.len(), 1, "no new certificate");
    let next = holder.begin(Service::Modification, Route::Usual).await;
    assert_eq!((next.agent_phone.as_str(), next.email.as_str()), ("13712345678", "new@example.cn"));
}

/// The registers of persons have this name under several spellings, so that papers and a reviewer decide.
#[tokio::test]
async fn r116_a45_a47_a_person_of_another_name_shows_the_identity_card() {
    let (house, person, mut holder) = certified(1).await;
    let old_end = end_of(&holder.certificate(Slot::Sign).await);
    let form = holder.begin(Service::Modification, Route::Usual).await;
    let stranger = Person::made_up(&house.town).id_number;
    let other = DetailsForm { holder_id: stranger, ..form.clone() };
    assert_eq!(holder.enter(&other).await.status, 422, "another number is another holder");
    let form = DetailsForm { holder_name: "欧阳龑".into(), invoice_title: String::new(), ..form };
    let view: OrderView = holder.enter(&form).await.given();
    assert_eq!((view.route, view.standing), (Route::WithEvidence, Standing::Open(Step::PhoneCheck)));
    let view: OrderView = holder.check_phone().await.given();
    assert_eq!(view.standing, Standing::Open(Step::Evidence));
    let asked: Vec<EvidenceKind> = view.evidence.iter().map(|slot| slot.kind).collect();
    assert_eq!(asked, [EvidenceKind::HolderId]);
    papers_pass(&house, &holder).await;
    holder.write(&mut |_| Ok(())).await.unwrap();
    assert_eq!(holder.see().await.standing, Standing::Completed);
    let new = Certificate::from_der(&holder.certificate(Slot::Sign).await).unwrap();
    assert_eq!(end_of(new.der()), old_end, "A47");
    assert_eq!(new.subject().common_name(), Some("欧阳龑"));
    let sent = house.town.outside.messages(&person.phone).await;
    assert!(sent.iter().all(|sms| !sms.text.contains(&person.id_number)), "R161");
}
