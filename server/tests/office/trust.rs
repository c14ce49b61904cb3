//! 信任中心 and the checker from outside: what is published is what OpenSSL reads, and a verdict goes by the signature and
//! tells no more than OCSP (C21).

use crate::answer::Answer;
use crate::browser::Browser;
use crate::house::House;
use crate::review::usual;
use crate::status::{by, prompt};
use crate::town::{Streets, until};
use crate::workbench::Workbench;
use app::desk::DeskError;
use app::desk::error::ReadRefusal;
use app::desk::production::{IssuedPair, JobView, Personalisation};
use app::desk::trust::{CertificateKind, CertificateState, Checked, CheckedCertificate, Origin, TrustView};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::delivery::chain;
use certificate::extension::Places;
use certificate::revocation::Reason;
use certificate::{Authority, Certificate, KeyKind, Name, NameParts, SoftwareKey};
use journey::step::Step;
use reqwest::Method;
use serde_json::{Value, json};
use server::standing::Which;
use std::process::Command;
use std::sync::Arc;

async fn check(browser: &Browser, text: &str) -> Answer {
    browser.call("trust/check", json!({ "text": text })).await
}

async fn verdict(browser: &Browser, der: &[u8]) -> CheckedCertificate {
    let mut checked: Checked = check(browser, &BASE64.encode(der)).await.given();
    assert_eq!((checked.certificates.len(), checked.left_off), (1, 0));
    checked.certificates.remove(0)
}

async fn state(browser: &Browser, der: &[u8]) -> Option<CertificateState> {
    verdict(browser, der).await.state
}

#[tokio::test]
async fn c21_one_of_ours_from_its_issuing_to_its_revocation() {
    let (house, mut applicant) = usual().await;
    house.reviewer().await.pass(&applicant.number).await;
    applicant.until_at(Step::Production).await;
    let producer = house.producer().await;
    let mut bench = Workbench::set_up().await;
    producer.take(&applicant.number).await.given::<JobView>();
    let given: Personalisation = bench.ask(&producer, &applicant.number).await.given();
    let request = bench.personalise(&given).await;
    let pair: IssuedPair = bench.hand_in(&producer, &applicant.number, Some(&request)).await.given();
    let der = |text: &str| BASE64.decode(text).unwrap();
    let (sign, encrypt) = (der(&pair.sign_certificate), der(&pair.encrypt_certificate));
    let stranger = house.town.browser();
    assert_eq!(state(&stranger, &sign).await, Some(CertificateState::NotActive));
    bench.install(&pair).await;
    let proof = bench.read_back(&pair).await;
    bench.prove(&producer, &applicant.number, &proof).await.given::<JobView>();
    until("the activation", || async {
        (state(&stranger, &sign).await == Some(CertificateState::Good)).then_some(())
    })
    .await;

    let (signing, sealing) = (verdict(&stranger, &sign).await, verdict(&stranger, &encrypt).await);
    assert_eq!((signing.kind, sealing.kind), (CertificateKind::Signing, CertificateKind::Encryption));
    assert!(matches!(&signing.origin, Origin::Ours { authority } if authority.ends_with("Issuing CA")));
    assert_eq!((signing.holder.as_str(), signing.key.as_str()), (applicant.holder.name.as_str(), "SM2"));
    // Nothing of the order, the agent or the mailbox.
    let said = check(&stranger, &pair.sign_certificate).await.text();
    for private in [&applicant.number, &applicant.holder.agent_phone, &applicant.holder.email, &bench.serial]
    {
        assert!(!said.contains(private.as_str()), "{private}");
    }

    let serial = Certificate::from_der(&sign).unwrap().serial_hex();
    let status = &house.office.status;
    status.suspend(Which::PairOf(serial.clone()), by()).await.unwrap();
    assert!(matches!(state(&stranger, &sign).await, Some(CertificateState::OnHold { since: Some(_) })));
    status.resume(Which::PairOf(serial.clone()), by()).await.unwrap();
    assert_eq!(state(&stranger, &encrypt).await, Some(CertificateState::Good));
    status.revoke(Which::PairOf(serial.clone()), Reason::KeyCompromise, by()).await.unwrap();
    let Some(CertificateState::Revoked { at: Some(_), reason }) = state(&stranger, &sign).await else {
        panic!("revoked, and since when")
    };
    assert_eq!(reason, "key_compromise");

    // The signature is ours, the record is of other bytes: nobody may rely on it.
    let other = house.office.ground.store.write(move |tx| {
        Box::pin(async move {
            let other = sqlx::query("UPDATE certificates SET certificate = x'00' WHERE serial = $1");
            other.bind(serial).execute(tx).await.map_err(server::store::StoreError::from)
        })
    });
    other.await.unwrap();
    assert_eq!(state(&stranger, &sign).await, Some(CertificateState::Unknown));
}

/// A root of this name whose key is nobody's, and an authority that it signed.
fn namesake(name: &Name, house: &House) -> (Certificate, Certificate) {
    let now = house.office.ground.now().millis() / 1000;
    let mut dice = house.office.ground.dice.clone();
    let [first, second] = [(); 2].map(|()| {
        Arc::new(SoftwareKey::generate(KeyKind::Sm2, &mut house.office.ground.dice.clone()).unwrap())
    });
    let root = Authority::new_root(name, first, now, &mut dice).unwrap();
    let parts = NameParts { common_name: Some("别的签发机构".to_owned()), ..NameParts::default() };
    let below = Name::from_parts(&parts).unwrap();
    let below = root.new_issuing(&below, second, &Places::default(), now, &mut dice).unwrap();
    (root.certificate, below.certificate)
}

#[tokio::test]
async fn c21_whose_it_is_goes_by_the_signature_and_never_by_the_name() {
    let house = House::open().await;
    let stranger = house.town.browser();
    let issuing = house.office.issuing.authorities().load("issuing").unwrap();
    let own = verdict(&stranger, issuing.certificate.der()).await;
    assert_eq!((own.origin, own.state), (Origin::OurAuthority, Some(CertificateState::Good)));
    assert_eq!((own.kind, own.holder.ends_with("Demo Issuing CA")), (CertificateKind::Authority, true));
    // Somebody made an authority of our name: neither it nor what it signed is ours.
    let (root, leaf) = namesake(issuing.certificate.subject(), &house);
    for forged in [&root, &leaf] {
        let verdict = verdict(&stranger, forged.der()).await;
        assert_eq!((verdict.origin, verdict.state), (Origin::Pretended, None));
    }
    // A chain in one file: each for itself.
    let file = chain::to_der(&[issuing.certificate.clone(), leaf.clone()]);
    let checked: Checked = check(&stranger, &BASE64.encode(file)).await.given();
    let origins: Vec<_> = checked.certificates.into_iter().map(|one| one.origin).collect();
    assert!(
        origins.len() == 2 && origins.contains(&Origin::Pretended) && origins.contains(&Origin::OurAuthority)
    );
    // Ours with one bit turned in the signature.
    let mut broken = issuing.certificate.der().to_vec();
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(verdict(&stranger, &broken).await.origin, Origin::Pretended);
    // Somebody else's, by OpenSSL.
    let foreign = openssl(
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "/dev/null",
            "-subj",
            "/C=CN/CN=李四",
            "-utf8",
        ],
        b"",
    );
    let checked: Checked = check(&stranger, &String::from_utf8(foreign).unwrap()).await.given();
    let one = &checked.certificates[0];
    assert_eq!((&one.origin, &one.state, one.key.as_str()), (&Origin::SelfSigned, &None, "RSA-2048"));
}

#[tokio::test]
async fn what_is_no_certificate_is_told_so_and_nothing_of_it_stays() {
    let house = House::open().await;
    let stranger = house.town.browser();
    let limit_bytes = 65536;
    for (text, no) in [
        ("", ReadRefusal::Empty),
        ("不是证书", ReadRefusal::NotText),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", ReadRefusal::PrivateKey),
        ("-----BEGIN CERTIFICATE-----\nAAAA", ReadRefusal::NoEnd),
        ("AAAA", ReadRefusal::NotCertificate),
        (&"A".repeat(limit_bytes + 1), ReadRefusal::TooLarge { limit_bytes: limit_bytes as u64 }),
    ] {
        assert_eq!(check(&stranger, text).await.refused(422), DeskError::Unreadable(no), "{text:.40}");
    }
    // One address asks so often, and then waits; another does not.
    let mut last = check(&stranger, "AAAA").await;
    for _ in 0..60 {
        last = check(&stranger, "AAAA").await;
    }
    assert!(matches!(last.refused(429), DeskError::SlowDown { retry_after_s: 1..=300 }));
    house.town.clock.forward_minutes(5);
    assert_eq!(check(&stranger, "AAAA").await.status, 422);
}

/// As a browser without the program sends the form.
async fn post_form(browser: &Browser, text: &str, file: &[u8]) -> Answer {
    let mut body =
        format!("--edge\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n{text}\r\n").into_bytes();
    body.extend(b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.cer\"\r\n\r\n");
    body.extend(file);
    body.extend(b"\r\n--edge--\r\n");
    let request = browser.ours(Method::POST, "/trust/check").header("accept", "text/html");
    browser.send(request.header("content-type", "multipart/form-data; boundary=edge").body(body)).await
}

#[tokio::test]
async fn the_plain_form_answers_with_the_page() {
    let house = House::open().await;
    let stranger = house.town.browser();
    let root = house.office.issuing.authorities().load("root").unwrap().certificate.clone();
    for (text, file) in [(root.to_pem(), &b""[..]), (String::new(), root.der())] {
        let page = post_form(&stranger, &text, file).await;
        assert_eq!(page.status, 200);
        let said = page.text();
        assert!(
            said.contains("本机构自己的证书") && said.contains("证书查验") && said.contains("<form"),
            "{said}"
        );
    }
    let refused = post_form(&stranger, "", b"").await.text();
    assert!(refused.contains("read_empty"));
    // A form of another site is not answered, and a body without end is not read.
    let bare = stranger.bare(Method::POST, "/trust/check").header("origin", "https://evil.example");
    assert_eq!(
        stranger
            .send(bare.header("content-type", "multipart/form-data; boundary=edge").body("x"))
            .await
            .status,
        403
    );
    let huge = post_form(&stranger, "", &vec![b'A'; 300 * 1024]).await.text();
    assert!(huge.contains("read_too_large"), "{huge:.400}");
}

fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut program = Command::new("openssl")
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("these tests need the openssl program");
    program.stdin.take().unwrap().write_all(input).unwrap();
    let output = program.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[tokio::test]
async fn c21_downloads_are_what_openssl_reads_and_machines_can_watch_them() {
    let house = prompt().await;
    let stranger = house.town.browser();
    let view: TrustView = stranger.call("trust/view", json!({})).await.given();
    let root = &view.chains[0];
    assert_eq!((root.name.as_str(), root.key.as_str(), !root.below.is_empty()), ("root", "SM2", true));
    let print = ["-noout", "-fingerprint", "-sha256"];
    for (ending, kind, form) in
        [("crt", "application/pkix-cert", "DER"), ("pem", "application/x-pem-file", "PEM")]
    {
        let file = stranger.get(&format!("/authority/root.{ending}")).await;
        assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (200, kind));
        let said = openssl(&[&["x509", "-inform", form][..], &print].concat(), &file.body);
        let said = String::from_utf8(said).unwrap().replace(':', "").trim().to_ascii_lowercase();
        assert!(said.ends_with(&root.sha256), "{said}");
    }
    let p7b = stranger.get("/authority/issuing.p7b").await;
    assert_eq!(p7b.headers["content-type"], "application/x-pkcs7-certificates");
    let printed = openssl(&["pkcs7", "-inform", "DER", "-print_certs"], &p7b.body);
    assert_eq!(String::from_utf8(printed).unwrap().matches("BEGIN CERTIFICATE").count(), 2);
    for missing in ["/authority/nobody.crt", "/authority/root.p12", "/authority/root"] {
        assert_eq!(stranger.get(missing).await.status, 404, "{missing}");
    }
    let text = stranger.get("/trust/cps.txt").await;
    let digest = openssl(&["dgst", "-sm3", "-r"], &text.body);
    assert!(String::from_utf8(digest).unwrap().starts_with(&view.statement.sm3));
    assert!(text.text().contains("演示环境") && !text.text().contains('{') && !text.text().contains("?demo"));
}

#[tokio::test]
async fn c21_machines_watch_the_roots_and_the_lists() {
    let house = prompt().await;
    let stranger = house.town.browser();
    let machine = until("the first lists", || async {
        let machine: Value = stranger.get("/trust.json").await.given();
        let all = machine["authorities"].as_array().unwrap().clone();
        let issuing = all.into_iter().find(|one| one["name"] == "issuing").unwrap();
        (issuing["full_list"]["number"].is_number() && issuing["delta_list"]["number"].is_number())
            .then_some(issuing)
    })
    .await;
    assert_eq!(machine["issuer"], "root");
    assert!(machine["ocsp_url"].as_str().unwrap().ends_with("/ocsp/issuing"));
    let list =
        machine["full_list"]["url"].as_str().unwrap().strip_prefix(&house.town.url).unwrap().to_owned();
    assert_eq!(stranger.get(&list).await.status, 200);
    // A list that is published between the two questions changes what is said: then they are asked again.
    until("nothing new since the last question", || async {
        let tag = stranger.get("/trust.json").await.headers["etag"].clone();
        let request = stranger.bare(Method::GET, "/trust.json").header("if-none-match", tag);
        (stranger.send(request).await.status == 304).then_some(())
    })
    .await;
    let feed = stranger.get("/trust.atom").await;
    assert!(feed.headers["content-type"].to_str().unwrap().starts_with("application/atom+xml"));
    assert!(feed.text().contains(machine["sha256"].as_str().unwrap()));
    let said = stranger.get("/trust").await.text();
    assert!(said.contains("完整列表") && said.contains("增量列表"), "the page has them too");
}
