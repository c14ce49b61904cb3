//! 密钥恢复: a holder's own pair onto a new key (GM/T 0034, 12.4), and by the custodians' leave for an authority (12.5).

use crate::custodian::{Custodians, holder, refusal};
use crate::kmc::signing_key;
use app::desk::recovery::{
    CaseStanding, RecordKind, RecoveryCase, RecoveryForm, RecoveryLine, RecoveryRefusal,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Authority, Certificate, KeyKind, KeyPair, Name, NameParts, SoftwareKey, envelope};
use journey::service::Service;
use serde_json::json;
use server::fault::Fault;
use server::kmc::Destination;
use server::store::StoreError;
use std::path::Path;
use std::sync::Arc;

#[tokio::test]
async fn a40_what_was_encrypted_before_opens_with_the_new_key_and_no_other_file_knows_the_key_r139() {
    let holder = holder().await;
    let kmc = &holder.house.office.kmc;
    let new = signing_key();
    let replaced = holder.order(Service::Replacement, &new, true).await;
    let serial = holder.certificate.serial_hex();
    let to = |key: &KeyPair| vec![Destination { serial: serial.clone(), place: key.public_key() }];
    // A place of its own on the key, as with a container (GM/T 0016): the pair opens there and nowhere else.
    let (signing, place) = (new.public_key(), signing_key());
    let recovered = kmc.recover_for_holder(&replaced, &signing, to(&place), "SK2", "office").await.unwrap();
    assert_eq!(recovered.len(), 1);
    assert_eq!(recovered[0].certificate, holder.certificate.der());
    assert!(envelope::open(&recovered[0].envelope, &new).is_err());
    let pair = envelope::open(&recovered[0].envelope, &place).unwrap();
    holder.reads_the_file_with(&pair);
    let written = [("holder".to_owned(), "office".to_owned(), "replacement".to_owned())];
    assert_eq!(holder.recoveries().await, written);

    // Another key than the journal names, a first application, a certificate that the order does not follow: nothing leaves.
    let other = signing_key().public_key();
    let second = holder.order(Service::Application, &new, true).await;
    let strangers = holder.order(Service::Renewal, &new, false).await;
    for (order, signing) in [(&replaced, &other), (&second, &signing), (&strangers, &signing)] {
        let refused = kmc.recover_for_holder(order, signing, to(&place), "SK2", "office").await;
        assert!(matches!(refused, Err(Fault::Certificate(_))), "{refused:?}");
    }
    assert_eq!(holder.recoveries().await, written);

    // R139: the private key is in no file of the office, in no form that a search would find.
    let d = pair.to_bytes();
    let hex = hex::encode(d.as_ref());
    let forms = [
        d.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        BASE64.encode(d.as_ref()).into_bytes(),
    ];
    let files = everything_under(&holder.house.town.folder().join("office"));
    let found =
        |wanted: &[u8]| files.iter().any(|file| file.windows(wanted.len()).any(|part| part == wanted));
    assert!(found(&holder.certificate.spki()[27..]), "the public key is found by the same search");
    assert!(forms.iter().all(|form| !found(form)));
}

fn everything_under(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => everything_under(&path),
            false => vec![std::fs::read(&path).unwrap()],
        })
        .collect()
}

#[tokio::test]
async fn c12_two_custodians_beside_the_filer_let_a_pair_go_to_the_authority_alone() {
    let desk = Custodians::come_in().await;
    let number = desk.file().await;
    assert_eq!(refusal(&desk.fetch(0, &number).await), RecoveryRefusal::NotApproved);
    assert_eq!(refusal(&desk.approve(0, &number).await), RecoveryRefusal::OwnCase);
    assert_eq!(refusal(&desk.approve_with(1, &number, "000000").await), RecoveryRefusal::CodeWrong);
    assert_eq!(desk.approve(1, &number).await.given::<RecoveryCase>().line.approvals, 1);
    assert_eq!(refusal(&desk.approve(1, &number).await), RecoveryRefusal::ApprovedAlready);
    assert_eq!(refusal(&desk.fetch(0, &number).await), RecoveryRefusal::NotApproved);
    let approved: RecoveryCase = desk.approve(2, &number).await.given();
    assert_eq!((approved.line.standing, approved.pairs.len()), (CaseStanding::Approved, 1));
    assert_eq!(approved.pairs[0].serial, desk.holder.certificate.serial_hex());
    assert_eq!(refusal(&desk.fetch(1, &number).await), RecoveryRefusal::NotTheFiler);
    assert!(desk.holder.recoveries().await.is_empty(), "nothing has left");

    let package = desk.fetch(0, &number).await;
    assert_eq!(package.status, 200, "{}", package.text());
    let text = package.text();
    let block =
        text.split("-----BEGIN SM2 ENVELOPED KEY-----").nth(1).unwrap().split("-----").next().unwrap();
    let envelope = BASE64.decode(block.split_whitespace().collect::<String>()).unwrap();
    let pair = envelope::open(&envelope, &desk.authority).unwrap();
    desk.holder.reads_the_file_with(&pair);
    let certificate = text.split_inclusive("-----END CERTIFICATE-----").next().unwrap();
    assert_eq!(Certificate::from_pem(certificate).unwrap().der(), desk.holder.certificate.der());
    // Made once: the second time the same bytes, and one line more.
    assert_eq!(desk.fetch(0, &number).await.body, package.body);
    let seen = desk.see(&number).await;
    let record: Vec<(RecordKind, &str)> =
        seen.record.iter().map(|line| (line.what, line.by.as_str())).collect();
    let lines = [
        (RecordKind::Filed, "miguan"),
        (RecordKind::Approved, "miguan2"),
        (RecordKind::Approved, "miguan3"),
        (RecordKind::Released, "miguan"),
        (RecordKind::Fetched, "miguan"),
    ];
    assert_eq!((seen.line.standing, record), (CaseStanding::Released, lines.to_vec()));
    let left = desk.holder.recoveries().await;
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].0.as_str(), &left[0].2), ("judicial", &number));
}

#[tokio::test]
async fn c12_what_is_refused_or_too_late_lets_nothing_go() {
    let mut desk = Custodians::come_in().await;
    let wrong = RecoveryForm { target: "4".repeat(32), receiver: "?".into(), ..desk.form() };
    let fields = desk.clerks[0].browser.call("recovery/file", json!({ "form": wrong })).await.fields();
    let pairs = [("target", "no_such_pair"), ("receiver", "no_sm2_key")];
    assert_eq!(fields, pairs.map(|(field, code)| (field.to_owned(), code.to_owned())));

    let refused = desk.file().await;
    desk.approve(1, &refused).await.given::<RecoveryCase>();
    let no = json!({ "number": refused, "reason": "文书与对象不符" });
    let seen: RecoveryCase = desk.clerks[2].browser.call("recovery/refuse", no).await.given();
    assert_eq!(seen.line.standing, CaseStanding::Refused);
    assert_eq!(refusal(&desk.approve(2, &refused).await), RecoveryRefusal::Closed);
    assert_eq!(refusal(&desk.fetch(0, &refused).await), RecoveryRefusal::Closed);

    let (late, unfetched) = (desk.file().await, desk.file().await);
    desk.approve(1, &late).await.given::<RecoveryCase>();
    for who in [1, 2] {
        desk.approve(who, &unfetched).await.given::<RecoveryCase>();
    }
    desk.holder.house.town.clock.forward_minutes(7 * 24 * 60);
    desk.clerks = Custodians::sign_in(&desk.holder.house).await;
    assert_eq!(refusal(&desk.approve(2, &late).await), RecoveryRefusal::Closed);
    for number in [&late, &unfetched] {
        assert_eq!(desk.see(number).await.line.standing, CaseStanding::Expired);
        assert_eq!(refusal(&desk.fetch(0, number).await), RecoveryRefusal::Closed);
    }
    assert!(desk.holder.recoveries().await.is_empty());
}

#[tokio::test]
async fn c12_a_receivers_name_that_nobody_checked_is_said_to_be_so() {
    let desk = Custodians::come_in().await;
    // Anybody makes a certificate with the court's name in it.
    let ground = &desk.holder.house.office.ground;
    let parts =
        NameParts { common_name: Some("北京市示范区人民法院".to_owned()), ..NameParts::default() };
    let (name, mut dice) = (Name::from_parts(&parts).unwrap(), ground.dice.clone());
    let key = Arc::new(SoftwareKey::generate(KeyKind::Sm2, &mut dice).unwrap());
    let court = Authority::new_root(&name, key, ground.now().millis() / 1000, &mut dice).unwrap();
    let court = court.certificate.to_pem();
    let ours = desk.holder.certificate.to_pem();
    for (receiver, verified) in [(court, false), (ours, true)] {
        let form = RecoveryForm { receiver, ..desk.form() };
        let number: String =
            desk.clerks[0].browser.call("recovery/file", json!({ "form": form })).await.given();
        let seen = desk.see(&number).await;
        assert!(seen.receiver_name.is_some());
        assert_eq!(seen.receiver_verified, verified, "{:?}", seen.receiver_name);
    }
}

const FORGED: [&str; 3] = [
    // A line of its own making, for a custodian who never said so.
    "INSERT INTO recovery_lines SELECT case_id, 3, at, (SELECT id FROM staff WHERE name = 'miguan3'), what, note
     FROM recovery_lines WHERE seq = 2 AND case_id = (SELECT id FROM recovery_cases WHERE number = $1)",
    // The code of the line before beside it.
    "INSERT INTO recovery_codes SELECT case_id, 3, code FROM recovery_codes
     WHERE seq = 2 AND case_id = (SELECT id FROM recovery_cases WHERE number = $1)",
    // Or no record that could contradict it.
    "UPDATE recovery_codes SET code = x'00' WHERE case_id = (SELECT id FROM recovery_cases WHERE number = $1)",
];

#[tokio::test]
async fn c12_an_approval_that_nobody_gave_opens_nothing() {
    let desk = Custodians::come_in().await;
    let number = desk.file().await;
    desk.approve(1, &number).await.given::<RecoveryCase>();
    for statement in FORGED {
        desk.tamper(statement, &number).await;
        assert_eq!(desk.see(&number).await.line.standing, CaseStanding::Broken, "{statement}");
        assert_eq!(refusal(&desk.fetch(0, &number).await), RecoveryRefusal::RecordBroken);
        assert_eq!(refusal(&desk.approve(2, &number).await), RecoveryRefusal::RecordBroken);
    }
    // The record itself cannot be changed, and a case's body is not another's.
    let (mine, other) = (desk.file().await, desk.file().await);
    let swap = "UPDATE recovery_cases SET body = (SELECT body FROM recovery_cases WHERE number <> $1 ORDER BY filed_at DESC LIMIT 1) WHERE number = $1";
    desk.tamper(swap, &mine).await;
    let answer = desk.clerks[0].browser.call("recovery/case", json!({ "number": mine })).await;
    assert_eq!(refusal(&answer), RecoveryRefusal::RecordBroken);
    let lines: Vec<RecoveryLine> = desk.clerks[0].browser.call("recovery/list", json!({})).await.given();
    assert_eq!(lines.iter().filter(|line| line.standing == CaseStanding::Broken).count(), 2, "still listed");
    let id = number.clone();
    let deleted = desk.holder.house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            let delete = "DELETE FROM recovery_lines WHERE case_id = (SELECT id FROM recovery_cases WHERE number = $1)";
            sqlx::query(delete).bind(id).execute(tx).await?;
            Ok::<_, StoreError>(())
        })
    });
    assert!(deleted.await.is_err_and(|error| error.to_string().contains("append-only")));
    assert_eq!(desk.see(&other).await.line.standing, CaseStanding::Waiting);
    assert!(desk.holder.recoveries().await.is_empty());
}
