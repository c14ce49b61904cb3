//! 单位证书补办 end to end (R083 to R101, R135, A34 to A41, A43).

use crate::loser::{Owner, records};
use crate::relying::Relying;
use crate::replacer::{Replacer, credit, drawn, enter, line, settle};
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::error::CodeRefusal;
use app::desk::orders::OrderView;
use app::desk::production::{IssuedPair, JobView, Personalisation, ReadBackProof};
use certificate::delivery::signed_data;
use certificate::revocation::Reason;
use certificate::{Certificate, cipher};
use journey::order::Standing;
use journey::step::Step;
use serde_json::json;
use server::paper::Sealing;

pub async fn reason_is(relying: &Relying, serial: &str, expected: Option<Reason>) {
    until("OCSP to say so", || async { (relying.reason(serial).await == expected).then_some(()) }).await;
}

/// A11, R098: counted from the signature.
async fn promised_within_five_days(owner: &Owner, replacer: &Replacer) {
    let row = owner.house.row(&replacer.applicant.number).await;
    let calendar = &owner.house.office.ground.calendar;
    let promise = calendar.promise_due(row.order.service, row.order.route, row.changed_at);
    assert_eq!(row.order.promise_due, promise.map(|promise| promise.due_on));
}

/// The bank's line is found by its reference, and the invoice comes with the match (A43).
async fn transferred(owner: &Owner, replacer: &Replacer) {
    let finance = owner.clerk("caiwu").await;
    let holder = &owner.applicant.holder;
    let desk = enter(&finance, &credit(holder, "B1", &format!("补办 {}", replacer.reference))).await;
    let found = line(&desk, "B1");
    let candidate = found.order.as_ref().expect("found by its reference");
    assert_eq!((&candidate.number, &candidate.differs), (&replacer.applicant.number, &vec![]));
    settle(&finance, &found.id, &candidate.number, "").await.given::<serde_json::Value>();
    owner.house.town.outside.mail_about(&holder.email, "电子发票").await;
}

/// The new key, with the lost one's encryption pair in its past: without that it is not done.
async fn made(owner: &Owner, number: &str) -> Workbench {
    let producer = owner.clerk("zhizheng").await;
    let mut bench = Workbench::set_up().await;
    producer.take(number).await.given::<JobView>();
    let given: Personalisation = bench.ask(&producer, number).await.given();
    let request = bench.personalise(&given).await;
    let pair: IssuedPair = bench.hand_in(&producer, number, Some(&request)).await.given();
    assert_eq!(pair.past.len(), 1);
    bench.install(&pair).await;
    let pair = bench.bring_past(&producer, number, pair).await;
    let proof = bench.read_back(&pair).await;
    let without = ReadBackProof { past_proofs: vec![None], ..proof.clone() };
    assert!((400..500).contains(&bench.prove(&producer, number, &without).await.status));
    bench.prove(&producer, number, &proof).await.given::<JobView>();
    bench
}

#[tokio::test]
async fn r083_to_r100_a_lost_key_is_replaced_and_old_files_open_on_the_new_one() {
    let mut owner = Owner::made().await;
    let relying = Relying::on(&owner.house, "issuing");
    let (sign, encrypt) = owner.bench.certificates().await;
    let old = Certificate::from_der(&sign).unwrap();
    let old_encrypt = Certificate::from_der(&encrypt).unwrap().public_key().unwrap();
    let mut dice = owner.house.office.ground.dice.clone();
    let file = cipher::encrypt(&old_encrypt, b"a bid, sealed to the lost key", &mut dice).unwrap();

    // A37: on hold with the choice of the record.
    let mut replacer = Replacer::begin(&owner, true).await;
    reason_is(&relying, &owner.sign, Some(Reason::CertificateHold)).await;
    let view = replacer.applicant.see().await;
    assert_eq!(view.standing, Standing::Open(Step::Details));
    assert_eq!(
        (view.details.holder_name.as_str(), view.details.agreement.as_str()),
        (owner.applicant.holder.name.as_str(), "")
    );
    let facts = replacer.facts().await;
    assert_eq!((facts.reference.as_deref(), facts.transferred), (Some(replacer.reference.as_str()), false));
    assert_eq!(facts.not_after.millis() / 1000, old.not_after());
    replacer.walk_to_review().await;
    promised_within_five_days(&owner, &replacer).await;

    // R135: revoked with the approval; production waits for the money (A36).
    owner.clerk("shenhe").await.pass(&replacer.applicant.number).await;
    for serial in [&owner.sign, &owner.encrypt] {
        reason_is(&relying, serial, Some(Reason::Superseded)).await;
    }
    assert_eq!(replacer.applicant.see().await.standing, Standing::Open(Step::Settlement));
    transferred(&owner, &replacer).await;
    replacer.applicant.until_at(Step::Production).await;

    // A38, A40: the old end, and the old encryption pair in the new key's past.
    let number = replacer.applicant.number.clone();
    let mut bench = made(&owner, &number).await;
    let (sign, encrypt) = bench.certificates().await;
    let (sign, encrypt) = (Certificate::from_der(&sign).unwrap(), Certificate::from_der(&encrypt).unwrap());
    assert_eq!((sign.not_after(), encrypt.not_after()), (old.not_after(), old.not_after()), "A38");
    assert_eq!(sign.subject(), old.subject());
    until("OCSP to know the new one", || async {
        use certificate::status::Standing::Good;
        (relying.standing(&sign.serial_hex()).await == Good).then_some(())
    })
    .await;
    assert_eq!(relying.reason(&owner.sign).await, Some(Reason::Superseded));
    let opened = bench.open(&old_encrypt.to_point(), &file).await;
    assert_eq!(opened.as_deref(), Some(b"a bid, sealed to the lost key".as_slice()), "B02, A40");

    owner.clerk("fahuo").await.ship(&number, "顺丰速运", "SF1234567890").await.given::<()>();
    replacer.applicant.until_at(Step::Receipt).await;
    replacer.applicant.receive().await.given::<OrderView>();
    owner.house.errands_rest().await;
    owner.house.journal_tells_the_row(&number).await;
    // The key that was lost opens nothing of its holder's any more; the new one is the record.
    let browser = crate::loser::reopened(&owner).await;
    let serials: Vec<String> = records(&browser).await.into_iter().map(|line| line.serial).collect();
    assert_eq!(serials, [sign.serial_hex()]);
}

#[tokio::test]
async fn a41_the_signed_application_is_sealed_and_any_change_breaks_it() {
    let owner = Owner::made().await;
    let mut replacer = Replacer::begin(&owner, false).await;
    replacer.walk_to_signature().await;
    let version = replacer.applicant.version;
    // No ink, another's name, no code, a wrong code: the order has not moved.
    let code = replacer.code().await;
    for (mark, expected) in [
        (json!({ "kind": "drawn", "strokes": [] }), "signature_empty"),
        (json!({ "kind": "drawn", "strokes": [[[900, 1], [2, 2]]] }), "signature_too_long"),
        (json!({ "kind": "typed", "name": "王五" }), "signature_other_name"),
    ] {
        let refused = replacer.sign_with(mark, &code).await.fields();
        assert_eq!(refused, [("signature".to_owned(), expected.to_owned())]);
    }
    let wrong = if code == "222222" { "333333" } else { "222222" };
    let refused = replacer.sign_with(drawn(), wrong).await.refused(422);
    assert_eq!(refused, DeskError::Code(CodeRefusal::Wrong { left: 4 }));
    assert_eq!(replacer.applicant.see().await.version, version);
    // By keyboard (accessibility), once.
    replacer.sign_with(json!({ "kind": "typed", "name": "李小雨" }), &code).await.given::<OrderView>();
    assert_eq!(replacer.sign_with(drawn(), &code).await.refusal(), "not_here");

    let path = format!("/files/signature/{}.pdf", replacer.applicant.number);
    let browser = &replacer.applicant.browser;
    let pdf = until("the sealed document", || async {
        let answer = browser.get(&path).await;
        (answer.status == 200).then_some(answer.body)
    })
    .await;
    let (content, seal) = Sealing::open(&pdf).expect("a sealed file");
    let (signer, at) = signed_data::verify(&seal, &content).unwrap();
    assert_eq!(signer.subject().common_name(), Some("李小雨"));
    assert_eq!(signer.subject().organisation(), Some(owner.applicant.holder.name.as_str()));
    let issuer = owner.house.office.issuing.authorities().load("issuing").unwrap();
    signer.verify(&issuer.certificate).unwrap();
    let now = owner.house.office.ground.now().millis() / 1000;
    assert!((now - 120..=now).contains(&at) && signer.not_before() <= at && at < signer.not_after());
    let relying = Relying::on(&owner.house, "issuing");
    assert_eq!(relying.reason(&signer.serial_hex()).await, None, "relying parties may ask");
    let mut changed = content.clone();
    changed[200] ^= 1;
    assert!(signed_data::verify(&seal, &changed).is_err());
    // Poppler reads the whole, and finds the field.
    if let Some(told) = told_by_poppler(&pdf) {
        assert!(told.contains("补办申请") && told.contains("李小雨"), "{told}");
    }
    // A stranger has nothing of it; a reviewer has, and that is written down.
    assert_eq!(owner.house.town.browser().get(&path).await.status, 401);
    let mut other = owner.house.applicant();
    other.start().await.given::<String>();
    assert_eq!(other.browser.get(&path).await.status, 404);
    assert_eq!(owner.clerk("shenhe").await.browser.get(&path).await.body, pdf);
    owner.house.errands_rest().await;
}

/// The text of a file as another program reads it, where that program is there.
fn told_by_poppler(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("signed.pdf");
    std::fs::write(&file, pdf).unwrap();
    let told = std::process::Command::new("pdftotext").arg(&file).arg("-").output().ok()?;
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    Some(String::from_utf8_lossy(&told.stdout).into_owned())
}
