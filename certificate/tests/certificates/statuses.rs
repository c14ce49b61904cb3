//! OCSP: questions read within bounds, answers built, packed, and believed for good reasons alone.

use certificate::revocation::Reason;
use certificate::status::{
    self, Answer, CertificateId, Hash, MAX_IDS, NoAnswer, Packed, RequestRefusal, ResponseError, Standing,
    StatusRequest, StatusResponse, Template,
};
use certificate::{Algorithm, Authority};

use crate::judge::{DISTID, Judge};
use crate::stage::{self, NOW};

const HOUR: i64 = 60 * 60;
const SERIAL: [u8; 16] = [0x40; 16];

fn answer(issuer: &Authority, standing: Standing) -> Answer {
    let id = CertificateId::new(Hash::Sha1, &issuer.certificate, &SERIAL);
    Answer { id, standing, this_update: NOW, next_update: Some(NOW + HOUR) }
}

const REVOKED: Standing = Standing::Revoked { at: NOW - 60, reason: Reason::KeyCompromise };

/// Signed by the issuer itself.
fn sign(issuer: &Authority, answers: &[Answer], nonce: Option<&[u8]>) -> Vec<u8> {
    let bytes = status::to_be_signed(&issuer.certificate, NOW, answers, nonce).unwrap();
    status::assemble(&bytes, Algorithm::Sm2WithSm3, &issuer.key.sign(&bytes).unwrap(), &[])
}

#[test]
fn an_answer_comes_back_as_it_was_meant() {
    let (root, issuing) = stage::authorities();
    let on_hold = Standing::Revoked { at: NOW - 60, reason: Reason::CertificateHold };
    let unspecified = Standing::Revoked { at: NOW - 60, reason: Reason::Unspecified };
    for standing in [Standing::Good, REVOKED, on_hold, unspecified, Standing::Unknown] {
        let answer = answer(&issuing, standing);
        let response =
            StatusResponse::from_der(&sign(&issuing, std::slice::from_ref(&answer), Some(b"nonce"))).unwrap();
        assert_eq!(response.answers, [answer]);
        assert_eq!((response.produced_at, response.nonce.as_deref()), (NOW, Some(&b"nonce"[..])));
        assert_eq!(response.standing(&issuing.certificate, &SERIAL, NOW), Ok(standing));
        let asked = |serial: &[u8], at| response.standing(&issuing.certificate, serial, at);
        assert_eq!(asked(&[0x41; 16], NOW), Err(ResponseError::NotAsked));
        assert_eq!(asked(&SERIAL, NOW + HOUR + 1), Err(ResponseError::NotFresh));
        assert_eq!(asked(&SERIAL, NOW - 1), Err(ResponseError::NotFresh));
        assert_eq!(response.verify(&root.certificate, NOW), Err(ResponseError::NoResponder));
    }
}

#[test]
fn no_changed_octet_passes() {
    let (_, issuing) = stage::authorities();
    let der = sign(&issuing, &[answer(&issuing, Standing::Good)], Some(&[7; 32]));
    let good = |der: &[u8]| {
        let response = StatusResponse::from_der(der);
        response
            .is_ok_and(|response| response.standing(&issuing.certificate, &SERIAL, NOW) == Ok(Standing::Good))
    };
    assert!(good(&der));
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        assert!(!good(&changed), "octet {at}");
        assert!(StatusResponse::from_der(&der[..at]).is_err(), "cut at {at}");
    }
}

/// A certificate of the issuer that is not made for answering answers nothing (RFC 6960, 4.2.2.2).
#[test]
fn nobody_else_answers() {
    let (_, issuing) = stage::authorities();
    let key = stage::key(3);
    let leaf = stage::issue(&issuing, &certificate::profile::ORGANISATION_SIGNING, &stage::facts(&key));
    let bytes = status::to_be_signed(&leaf, NOW, &[answer(&issuing, Standing::Good)], None).unwrap();
    let der = status::assemble(&bytes, Algorithm::Sm2WithSm3, &key.sign(&bytes).unwrap(), &[&leaf]);
    let response = StatusResponse::from_der(&der).unwrap();
    assert_eq!(response.certificates, [leaf]);
    assert_eq!(response.verify(&issuing.certificate, NOW), Err(ResponseError::NotDelegated));
}

#[test]
fn errors_are_read_as_errors() {
    let kinds = [
        NoAnswer::MalformedRequest,
        NoAnswer::InternalError,
        NoAnswer::TryLater,
        NoAnswer::SignatureRequired,
        NoAnswer::Unauthorized,
    ];
    let judge = Judge::new("status_errors");
    for (kind, name) in kinds.into_iter().zip([
        "malformedrequest",
        "internalerror",
        "trylater",
        "sigrequired",
        "unauthorized",
    ]) {
        let der = status::error_response(kind);
        assert_eq!(StatusResponse::from_der(der).unwrap_err(), ResponseError::NoAnswer(kind as u8));
        judge.write("error.der", der);
        let said = judge.run(&["ocsp", "-respin", "error.der", "-resp_text", "-noverify"]).said;
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn a_packed_answer_is_the_same_answer() {
    let (_, issuing) = stage::authorities();
    let template = Template::new(&issuing.certificate, &issuing.certificate, Algorithm::Sm2WithSm3);
    for (standing, most) in [(Standing::Good, 105), (REVOKED, 111), (Standing::Unknown, 105)] {
        for hash in Hash::ALL {
            let id = template.id(hash, true, &SERIAL);
            assert_eq!(id, CertificateId::new(hash, &issuing.certificate, &SERIAL));
            assert!(template.knows(&id));
            let answer = Answer { id, standing, this_update: NOW, next_update: Some(NOW + HOUR) };
            let bytes = template.to_be_signed(NOW + 1, std::slice::from_ref(&answer), None).unwrap();
            let signature = issuing.key.sign(&bytes).unwrap();
            let packed = Packed::new(NOW + 1, &answer, &signature).unwrap();
            assert!(packed.as_bytes().len() <= most, "{} octets", packed.as_bytes().len());
            assert!(packed.answers(hash, true, &SERIAL) && !packed.answers(hash, false, &SERIAL));
            assert_eq!((packed.next_update(), packed.standing()), (Some(NOW + HOUR), Some(standing)));
            let unpacked = template.unpack(&packed).unwrap();
            assert_eq!(unpacked, template.assemble(&bytes, &signature));
            let response = StatusResponse::from_der(&unpacked).unwrap();
            assert_eq!(response.standing(&issuing.certificate, &SERIAL, NOW), Ok(standing));
            for length in 0..packed.as_bytes().len() - signature.len() {
                let cut = Packed::from_bytes(packed.as_bytes()[..length].into());
                assert_eq!(template.unpack(&cut), None, "cut at {length}");
            }
        }
    }
}

/// OpenSSL asks with each hash; we read its question, answer, and it reads the answer.
#[test]
fn openssl_asks_and_is_answered() {
    let (_, issuing) = stage::authorities();
    let judge = Judge::new("status");
    judge.write("issuing.pem", issuing.certificate.to_pem());
    for (option, hash) in [("-sha1", Hash::Sha1), ("-sha256", Hash::Sha256), ("-sm3", Hash::Sm3)] {
        let ask = ["ocsp", option, "-issuer", "issuing.pem", "-serial", "0x40404040404040404040404040404040"];
        judge.must(&[&ask[..], &["-serial", "0x0081", "-reqout", "request.der"]].concat());
        let request = StatusRequest::parse(&judge.read("request.der")).unwrap();
        let expected =
            [&SERIAL[..], &[0x81]].map(|serial| CertificateId::new(hash, &issuing.certificate, serial));
        assert_eq!(request.ids, expected);
        assert!(request.ids.iter().all(|id| id.is_of(&issuing.certificate)));
        assert_eq!(request.nonce.as_ref().map(Vec::len), Some(16));
        assert_eq!(request.to_der(), judge.read("request.der"), "we ask in the same octets");

        let answers: Vec<Answer> = (request.ids.iter().zip([Standing::Good, REVOKED]))
            .map(|(id, standing)| Answer { id: id.clone(), ..answer(&issuing, standing) })
            .collect();
        judge.write("response.der", sign(&issuing, &answers, request.nonce.as_deref()));
        // Whatever the clock of this machine says.
        let look = [
            "-reqin",
            "request.der",
            "-respin",
            "response.der",
            "-no_nonce",
            "-noverify",
            "-validity_period",
            "2000000000",
        ];
        let look = [&ask[..], &["-serial", "0x0081"], &look].concat();
        let said = judge.run(&look).said;
        for line in ["0x40404040404040404040404040404040: good", "0x0081: revoked", "Reason: keyCompromise"] {
            assert!(said.contains(line), "{line} is not in\n{said}");
        }
        assert!(!said.contains("Nonce Verify error") && !said.contains("no nonce"), "{said}");
    }
}

#[test]
fn openssl_checks_the_signature_under_the_gmt_identity() {
    let (_, issuing) = stage::authorities();
    let response = StatusResponse::from_der(&sign(&issuing, &[answer(&issuing, REVOKED)], None)).unwrap();
    let judge = Judge::new("status_signature");
    judge.write("public.der", issuing.certificate.spki());
    judge.write("signature.der", response.signature());
    judge.write("tbs.der", response.tbs_der());
    judge.must(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-out", "public.pem"]);
    let check = ["dgst", "-sm3", "-sigopt", DISTID, "-verify", "public.pem", "-signature", "signature.der"];
    judge.must(&[&check[..], &["tbs.der"]].concat());
}

#[test]
fn questions_have_bounds() {
    let (_, issuing) = stage::authorities();
    let id = CertificateId::new(Hash::Sm3, &issuing.certificate, &SERIAL);
    let ask = |ids: usize, nonce: Option<usize>| {
        let request =
            StatusRequest { ids: vec![id.clone(); ids], nonce: nonce.map(|length| vec![5; length]) };
        StatusRequest::parse(&request.to_der())
    };
    for length in [1, 32] {
        assert_eq!(ask(1, Some(length)).unwrap().nonce.unwrap().len(), length);
    }
    // RFC 9654, 2.1: beyond 32 octets it may be ignored, none or more than 128 are malformed.
    assert_eq!(ask(1, Some(33)).unwrap().nonce, None);
    assert_eq!(ask(1, Some(0)), Err(RequestRefusal::Nonce));
    assert_eq!(ask(1, Some(129)), Err(RequestRefusal::Nonce));
    assert_eq!(ask(MAX_IDS, None).unwrap().ids.len(), MAX_IDS);
    assert_eq!(ask(MAX_IDS + 1, None), Err(RequestRefusal::TooMany));
    assert_eq!(ask(0, None), Err(RequestRefusal::Malformed));
    let whole = StatusRequest { ids: vec![id.clone()], nonce: Some(vec![5; 32]) }.to_der();
    for length in 0..whole.len() {
        assert!(StatusRequest::parse(&whole[..length]).is_err(), "cut at {length}");
    }
    assert_eq!(StatusRequest::parse(&[&whole[..], &[0]].concat()), Err(RequestRefusal::Malformed));
    assert_eq!(RequestRefusal::Hash.answer(), NoAnswer::Unauthorized);
    assert_eq!(RequestRefusal::TooMany.answer(), NoAnswer::MalformedRequest);
}

/// A critical extension that nobody knows, an unknown hash, another version: refused, not guessed.
#[test]
fn questions_that_we_do_not_understand() {
    let (_, issuing) = stage::authorities();
    let id = CertificateId::new(Hash::Sha1, &issuing.certificate, &SERIAL);
    let der = StatusRequest { ids: vec![id], nonce: Some(vec![5; 8]) }.to_der();
    let swap = |from: &[u8], to: &[u8]| {
        assert_eq!(from.len(), to.len());
        let at = der.windows(from.len()).position(|window| window == from).unwrap();
        let mut changed = der.clone();
        changed[at..at + to.len()].copy_from_slice(to);
        StatusRequest::parse(&changed)
    };
    // SHA-1 becomes another identifier of the same arc.
    assert_eq!(swap(&[0x2b, 14, 3, 2, 26], &[0x2b, 14, 3, 2, 27]), Err(RequestRefusal::Hash));
    // The nonce becomes an extension that is not critical and not known: no matter.
    let nonce = [6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2, 4];
    let unknown = [6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 99, 4];
    assert_eq!(swap(&nonce, &unknown).unwrap().nonce, None);
    // … and critical: the same octets with a shorter identifier and TRUE.
    let critical = [6, 6, 0x2b, 6, 1, 5, 5, 7, 1, 1, 0xff, 4];
    assert_eq!(swap(&nonce, &critical), Err(RequestRefusal::Critical));
}
