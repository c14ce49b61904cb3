//! OCSP over HTTP and from memory: forms of questions, what may be kept, what is refused, and OpenSSL as the judge.

use crate::house::House;
use crate::judge::Judge;
use crate::lone_desk::LoneDesk;
use crate::relying::{OCSP, Relying, pairs};
use crate::town::{Streets, until};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::status::{
    CertificateId, Hash, NoAnswer, Standing, StatusRequest, StatusResponse, error_response,
};
use reqwest::header::{CACHE_CONTROL, ETAG, EXPIRES, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use server::status::StatusSettings;
use std::sync::atomic::Ordering;

const HOUR: i64 = 3600;

#[tokio::test]
async fn r162_get_and_post_in_every_form_and_what_may_be_kept() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let serials: Vec<String> = pairs(&house, "issuing", 20).await.into_iter().map(|(sign, _)| sign).collect();
    for hash in Hash::ALL {
        let response = relying.response(hash, &serials[0]).await;
        assert_eq!((response.answers[0].standing, response.answers[0].id.hash), (Standing::Good, hash));
    }
    // Answered as asked: with NULL parameters, or without.
    let id = CertificateId {
        null: false,
        ..CertificateId::new(Hash::Sm3, &relying.issuer, &hex::decode(&serials[0]).unwrap())
    };
    let bare = StatusRequest { ids: vec![id.clone()], nonce: None }.to_der();
    let response = StatusResponse::from_der(&relying.post(&bare).await.body).unwrap();
    assert_eq!(response.answers[0].id, id);

    let mut slashes = 0;
    for serial in &serials {
        let question = relying.question(Hash::Sha1, serial, None);
        let posted = relying.post(&question).await;
        let got = relying.get(&question).await;
        assert_eq!((got.status, &got.headers["content-type"]), (200, &OCSP.parse().unwrap()));
        assert_eq!(got.body, posted.body, "one answer for all");
        // Some programs do not escape.
        let base64 = BASE64.encode(&question);
        slashes += usize::from(base64.contains('/'));
        for address in [base64.clone(), base64.trim_end_matches('=').to_owned()] {
            let plain = relying.browser.get(&format!("/ocsp/issuing/{address}")).await;
            assert_eq!(plain.body, posted.body, "{address}");
        }
    }
    assert!(slashes > 0, "the test wants addresses with slashes");

    let question = relying.question(Hash::Sha1, &serials[0], None);
    let got = relying.get(&question).await;
    let header = |name| got.headers[&name].to_str().unwrap().to_owned();
    assert_eq!(header(CACHE_CONTROL), "public, max-age=60, no-transform, must-revalidate");
    assert!(header(EXPIRES).ends_with("GMT"));
    let address = format!("/ocsp/issuing/{}", BASE64.encode(&question));
    for (name, value) in [(IF_NONE_MATCH, header(ETAG)), (IF_MODIFIED_SINCE, header(LAST_MODIFIED))] {
        let asked = relying.browser.bare(reqwest::Method::GET, &address).header(name, value);
        let again = relying.browser.send(asked).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    let list = relying.place(false);
    relying.until_list(false, "the first full list", |_| true).await;
    let tag = relying.browser.get(&list).await.headers[ETAG].clone();
    let asked = relying.browser.bare(reqwest::Method::GET, &list).header(IF_NONE_MATCH, tag);
    assert_eq!(relying.browser.send(asked).await.status, 304);
    for cookie in ["set-cookie", "content-security-policy"] {
        assert!(!got.headers.contains_key(cookie), "no page stands before these routes");
    }
}

#[tokio::test]
async fn r162_a_nonce_comes_back_and_many_ids_are_answered_together() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let (sign, encrypt) = pairs(&house, "issuing", 1).await.remove(0);
    let mut bodies = Vec::new();
    for nonce in [&[1_u8; 16][..], &[2; 32]] {
        let answer = relying.get(&relying.question(Hash::Sha256, &sign, Some(nonce))).await;
        assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
        let response = StatusResponse::from_der(&answer.body).unwrap();
        response.verify(&relying.issuer, relying.now()).unwrap();
        assert_eq!((response.nonce.as_deref(), response.answers[0].standing), (Some(nonce), Standing::Good));
        bodies.push(answer.body);
    }
    assert_ne!(bodies[0], bodies[1]);
    let by = server::standing::By::new("tester", "试验");
    house.office.status.suspend(server::standing::Which::Serial(encrypt.clone()), by).await.unwrap();
    let id = |serial: &str| CertificateId::new(Hash::Sha1, &relying.issuer, &hex::decode(serial).unwrap());
    let ids = vec![id(&sign), id(&encrypt), id("4a00")];
    let answer = relying.post(&StatusRequest { ids: ids.clone(), nonce: None }.to_der()).await;
    let response = StatusResponse::from_der(&answer.body).unwrap();
    response.verify(&relying.issuer, relying.now()).unwrap();
    assert_eq!(response.answers.iter().map(|answer| answer.id.clone()).collect::<Vec<_>>(), ids);
    let standings: Vec<_> = response.answers.iter().map(|answer| answer.standing).collect();
    assert!(
        matches!(standings[..], [Standing::Good, Standing::Revoked { .. }, Standing::Unknown]),
        "{standings:?}"
    );
}

#[tokio::test]
async fn what_is_no_question_gets_the_word_of_the_standard() {
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let says = |kind: NoAnswer| error_response(kind).to_vec();
    let (sign, _) = pairs(&house, "issuing", 1).await.remove(0);
    let whole = relying.question(Hash::Sha1, &sign, None);
    for garbage in [
        &b""[..],
        b"\x30\x00",
        b"GET / HTTP/1.1",
        &whole[..whole.len() - 1],
        &[&whole[..], b"x"].concat(),
        &[0x30; 16_000],
    ] {
        let answer = relying.post(garbage).await;
        assert_eq!((answer.status, answer.body), (200, says(NoAnswer::MalformedRequest)));
    }
    assert_eq!(relying.post(&[0x30; 17 * 1024]).await.status, 413);
    for address in ["!!!", "AAAA", "%00%ff", "MAA=", &"A".repeat(4000)] {
        let answer = relying.browser.get(&format!("/ocsp/issuing/{address}")).await;
        assert_eq!((answer.status, answer.body), (200, says(NoAnswer::MalformedRequest)), "{address}");
        assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
    }
    // Another house's issuer: nothing that we could speak about.
    let stranger = LoneDesk::open().await;
    let answer = relying.post(&stranger.question(&sign)).await;
    assert_eq!(answer.body, says(NoAnswer::Unauthorized));
    let nobody = relying.browser.bare(reqwest::Method::POST, "/ocsp/nobody").body(whole.clone());
    assert_eq!(relying.browser.send(nobody).await.status, 404);
    for address in ["/ocsp/nobody/AAAA", "/crl/nobody.crl", "/crl/issuing", "/crl/issuing.pem"] {
        assert_eq!(relying.browser.get(address).await.status, 404, "{address}");
    }
    assert_eq!(relying.browser.get("/ocsp/issuing").await.status, 405);
}

#[tokio::test]
async fn what_is_signed_for_one_asker_alone_has_a_measure_and_memory_has_none() {
    let desk = LoneDesk::open_with(StatusSettings { live_per_second: 3, ..StatusSettings::default() }).await;
    let serial = desk.issued(1, 365).await.remove(0);
    assert_eq!(desk.standing(&serial).await, Standing::Good);
    let mut later = 0;
    for number in 0..50_u8 {
        let reply = desk.status.answer("issuing", &desk.question(&format!("4b{number:02x}"))).await.unwrap();
        later += usize::from(reply.bytes == error_response(NoAnswer::TryLater));
    }
    assert!((40..=47).contains(&later), "{later}");
    let before = desk.pen.answers.load(Ordering::SeqCst);
    for _ in 0..1000 {
        assert!(desk.status.answer("issuing", &desk.question(&serial)).await.unwrap().life.is_some());
    }
    assert_eq!(desk.pen.answers.load(Ordering::SeqCst), before, "from memory");
    assert_eq!(desk.status.freshness()[0].answers, 1);
}

#[tokio::test]
async fn answers_are_signed_again_before_anybody_has_to_wait() {
    let mut desk = LoneDesk::open().await;
    desk.work().await;
    let serials = desk.issued(300, 365).await;
    for serial in &serials {
        assert_eq!(desk.standing(serial).await, Standing::Good);
    }
    let first = desk.response(&serials[0]).await;
    let (this, next) = (first.answers[0].this_update, first.answers[0].next_update.unwrap());
    assert_eq!(next - this, 4 * HOUR);
    desk.clock.forward_s(2 * HOUR);
    let signed = desk.pen.answers.load(Ordering::SeqCst);
    assert_eq!(desk.response(&serials[0]).await.answers[0].this_update, this, "not yet");
    desk.clock.forward_s(HOUR + 60);
    // All of them, though nobody asks.
    until("the answers signed again", || async {
        (desk.pen.answers.load(Ordering::SeqCst) >= signed + serials.len()).then_some(())
    })
    .await;
    let again = until("the new answer", || async {
        let response = desk.response(&serials[0]).await;
        (response.answers[0].this_update > this).then_some(response)
    })
    .await;
    again.verify(&desk.issuing, desk.now()).unwrap();
    assert_eq!(desk.pen.answers.load(Ordering::SeqCst), signed + serials.len(), "each once");
    // A clock that jumps beyond their end: what is kept is not given out.
    desk.clock.forward_s(30 * 24 * HOUR);
    assert_eq!(desk.standing(&serials[1]).await, Standing::Good);
    desk.clock.forward_s(-30 * 24 * HOUR);
    assert_eq!(desk.standing(&serials[1]).await, Standing::Good);
}

/// RFC 6960, 4.2.2.2: a key that the issuer delegated; what another one signed is not given out any more.
#[tokio::test]
async fn a_delegated_responder_answers_and_may_change_while_the_office_runs() {
    let mut desk = LoneDesk::open().await;
    desk.work().await;
    let serial = desk.issued(1, 365).await.remove(0);
    assert!(desk.response(&serial).await.certificates.is_empty(), "the issuer itself");
    let judge = Judge::new("delegated_answers");
    judge.write("root.pem", desk.root.to_pem());
    judge.write("issuing.pem", desk.issuing.to_pem());
    for _ in 0..2 {
        let responder = desk.delegate();
        desk.clock.forward_s(601);
        let response = until("the answer of the delegate", || async {
            let response = desk.response(&serial).await;
            (response.certificates.first() == Some(&responder)).then_some(response)
        })
        .await;
        assert_eq!(
            response.standing(&desk.issuing, &hex::decode(&serial).unwrap(), desk.now()),
            Ok(Standing::Good)
        );
        assert_eq!(desk.status.freshness()[0].responder_not_after, Some(responder.not_after()));
        let reply = desk.status.answer("issuing", &desk.question(&serial)).await.unwrap();
        assert!(reply.life.is_some_and(|(_, next_update)| next_update <= responder.not_after()));
        judge.write("response.der", reply.bytes);
        let now = desk.now().to_string();
        let look = ["ocsp", "-respin", "response.der", "-resp_text", "-attime", &now];
        let verdict =
            judge.run(&[&look[..], &["-CAfile", "root.pem", "-verify_other", "issuing.pem"]].concat());
        assert!(verdict.said.contains("Response verify OK"), "{}", verdict.said);
        assert!(verdict.said.contains("Cert Status: good"), "{}", verdict.said);
    }
}

/// Stock OpenSSL asks, and verifies what it is told (P-256).
#[tokio::test]
async fn r162_openssl_judges_the_answers() {
    let desk = LoneDesk::open().await;
    let [good, held] = [desk.issued(1, 365).await.remove(0), desk.issued(1, 365).await.remove(0)];
    desk.suspend(&held).await;
    let judge = Judge::new("given_answers");
    judge.write("root.pem", desk.root.to_pem());
    judge.write("issuing.pem", desk.issuing.to_pem());
    for (serial, expected) in [(good.as_str(), "good"), (held.as_str(), "revoked"), ("4a0000", "unknown")] {
        let serial = format!("0x{serial}");
        for more in [&["-no_nonce"][..], &["-sha256"], &["-sm3"], &["-nonce"]] {
            let hash: &[&str] = if more[0].starts_with("-s") { more } else { &[] };
            let nonce: &[&str] = if hash.is_empty() { more } else { &["-no_nonce"] };
            let ask = [&["ocsp"], hash, &["-issuer", "issuing.pem", "-serial", &serial], nonce].concat();
            judge.must(&[&ask[..], &["-reqout", "request.der"]].concat());
            let reply = desk.status.answer("issuing", &judge.read("request.der")).await.unwrap();
            judge.write("response.der", reply.bytes);
            // With -no_nonce it leaves the nonce of the request as it is, and compares.
            let look =
                ["ocsp", "-no_nonce", "-reqin", "request.der", "-respin", "response.der", "-resp_text"];
            let verdict =
                judge.run(&[&look[..], &["-CAfile", "root.pem", "-verify_other", "issuing.pem"]].concat());
            let said = &verdict.said;
            assert!(
                said.contains("Response verify OK") && !said.contains("Nonce Verify error"),
                "{more:?} {said}"
            );
            assert!(said.contains(&format!("Cert Status: {expected}")), "{more:?} {said}");
        }
    }
}

/// Over HTTP. It cannot be told the GM/T identity here, so that it reads what is said, without its signature.
#[tokio::test(flavor = "multi_thread")]
async fn r162_openssl_asks_over_http() {
    let judge = Judge::new("asked_over_http");
    let house = House::open().await;
    let relying = Relying::on(&house, "issuing");
    let (sign, encrypt) = pairs(&house, "issuing", 1).await.remove(0);
    let by = server::standing::By::new("tester", "试验");
    house.office.status.suspend(server::standing::Which::Serial(encrypt.clone()), by).await.unwrap();
    judge.write("sm2.pem", relying.issuer.to_pem());
    let url = format!("{}/ocsp/issuing", house.town().url);
    let (sign, encrypt) = (format!("0x{sign}"), format!("0x{encrypt}"));
    let ask = [
        "ocsp",
        "-sm3",
        "-url",
        &url,
        "-issuer",
        "sm2.pem",
        "-serial",
        &sign,
        "-serial",
        &encrypt,
        "-noverify",
    ];
    let verdict = tokio::task::block_in_place(|| judge.run(&ask));
    for line in [format!("{sign}: good"), format!("{encrypt}: revoked"), "Reason: certificateHold".to_owned()]
    {
        assert!(verdict.said.contains(&line), "{}", verdict.said);
    }
}
