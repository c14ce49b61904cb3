//! From the root to the last answer before OpenSSL: chains, lists, deltas and OCSP, of every algorithm.
//!
//! The `openssl` program judges P-256, RSA and SM2 under the empty identity (its default) from end to end; SM2 as we
//! issue it is judged in `gmt.rs`.

use certificate::revocation::{Entry, Reason, RevocationList};
use certificate::status::{Answer, CertificateId, Hash, Standing, StatusRequest, StatusResponse};

use crate::judge::{Judge, Verdict};
use crate::stage::NOW;
use crate::tree::{self, DAY, Kind, Tree};

fn entry(certificate: &certificate::Certificate, reason: Reason) -> Entry {
    Entry { serial: tree::serial(certificate), at: NOW, reason }
}

/// The tree and its lists as files; the `revoked` one is on the list of the issuing authority.
fn stage(kind: Kind, test: &str) -> (Judge, Tree) {
    let judge = Judge::new(test);
    let tree = Tree::new(kind, &judge);
    let revoked = [entry(&tree.revoked, Reason::KeyCompromise)];
    for (file, certificate) in [
        ("root.pem", &tree.root.certificate),
        ("issuing.pem", &tree.issuing.certificate),
        ("responder.pem", &tree.responder.certificate),
        ("good.pem", &tree.good),
        ("revoked.pem", &tree.revoked),
    ] {
        judge.write(file, certificate.to_pem());
    }
    judge.write_list("root.crl", &tree.list("root", 1, None, &[]));
    judge.write_list("issuing.crl", &tree.list("issuing", 7, None, &revoked));
    (judge, tree)
}

fn verify(judge: &Judge, more: &[&str], certificate: &str) -> Verdict {
    let at = (NOW + 60).to_string();
    let chain =
        ["verify", "-x509_strict", "-attime", &at, "-CAfile", "root.pem", "-untrusted", "issuing.pem"];
    judge.run(&[&chain, more, &[certificate]].concat())
}

const LISTS: [&str; 5] = ["-crl_check_all", "-CRLfile", "root.crl", "-CRLfile", "issuing.crl"];

fn chains_and_lists(kind: Kind, test: &str) {
    let (judge, tree) = stage(kind, test);
    for certificate in ["good.pem", "revoked.pem", "responder.pem"] {
        let verdict = verify(&judge, &[], certificate);
        assert!(verdict.good, "{kind:?}: {}", verdict.said);
    }
    for (file, issuer) in [("root.crl", "root.pem"), ("issuing.crl", "issuing.pem")] {
        let said = judge.run(&["crl", "-in", file, "-CAfile", issuer, "-noout"]).said;
        assert!(said.contains("verify OK"), "{kind:?}: {said}");
    }
    let good = verify(&judge, &LISTS, "good.pem");
    assert!(good.good, "{kind:?}: {}", good.said);
    let revoked = verify(&judge, &LISTS, "revoked.pem");
    assert!(!revoked.good && revoked.said.contains("certificate revoked"), "{kind:?}: {}", revoked.said);

    // A list that somebody changed, and one that the other authority signed.
    let mut changed = tree.list("issuing", 8, None, &[]);
    let at = changed.windows(3).rposition(|window| window == [2, 1, 8]).unwrap();
    changed[at + 2] = 9;
    judge.write_list("issuing.crl", &changed);
    let verdict = verify(&judge, &LISTS, "good.pem");
    assert!(!verdict.good && verdict.said.contains("CRL signature failure"), "{kind:?}: {}", verdict.said);
    judge.write_list("issuing.crl", &tree.list("root", 8, None, &[]));
    let verdict = verify(&judge, &LISTS, "good.pem");
    assert!(!verdict.good && verdict.said.contains("unable to get certificate CRL"), "{}", verdict.said);
}

/// The authority above is itself revoked.
fn the_chain_is_checked_too(kind: Kind, test: &str) {
    let (judge, tree) = stage(kind, test);
    let fallen = entry(&tree.issuing.certificate, Reason::AuthorityCompromise);
    judge.write_list("root.crl", &tree.list("root", 2, None, &[fallen]));
    let verdict = verify(&judge, &LISTS, "good.pem");
    assert!(!verdict.good && verdict.said.contains("certificate revoked"), "{kind:?}: {}", verdict.said);
}

/// A delta adds what was revoked since, and takes off what is no longer on hold.
fn deltas(kind: Kind, test: &str) {
    let (judge, tree) = stage(kind, test);
    let held = [entry(&tree.good, Reason::CertificateHold)];
    judge.write_list("issuing.crl", &tree.list("issuing", 7, None, &held));
    judge.write_list("root-delta.crl", &tree.list("root", 2, Some(1), &[]));
    let more = [&LISTS[..], &["-extended_crl", "-use_deltas", "-CRLfile", "root-delta.crl"]].concat();
    let with = [&more[..], &["-CRLfile", "delta.crl"]].concat();
    let news = [entry(&tree.good, Reason::RemoveFromCrl), entry(&tree.revoked, Reason::Superseded)];
    judge.write_list("delta.crl", &tree.list("issuing", 8, Some(7), &news));
    for (certificate, before, after) in [("good.pem", false, true), ("revoked.pem", true, false)] {
        let without = verify(&judge, &LISTS, certificate);
        assert_eq!(without.good, before, "{kind:?} {certificate}: {}", without.said);
        let verdict = verify(&judge, &with, certificate);
        assert_eq!(verdict.good, after, "{kind:?} {certificate}: {}", verdict.said);
    }
}

fn answers(kind: Kind, test: &str) {
    let (judge, tree) = stage(kind, test);
    judge.write("trusted.pem", tree.root.certificate.to_pem() + &tree.issuing.certificate.to_pem());
    let at = (NOW + 60).to_string();
    let ask = ["ocsp", "-issuer", "issuing.pem", "-cert", "good.pem", "-cert", "revoked.pem"];
    judge.must(&[&ask[..], &["-reqout", "request.der"]].concat());
    let request = StatusRequest::parse(&judge.read("request.der")).unwrap();
    let standings = [Standing::Good, Standing::Revoked { at: NOW, reason: Reason::KeyCompromise }];
    let answers: Vec<Answer> = (request.ids.iter().zip(standings))
        .map(|(id, standing)| Answer {
            id: id.clone(),
            standing,
            this_update: NOW,
            next_update: Some(NOW + DAY),
        })
        .collect();
    let look = ["-reqin", "request.der", "-respin", "response.der", "-CAfile", "trusted.pem", "-attime", &at];
    // The nonce is the one in the request, and the clock of this machine does not matter.
    let look = [&ask[..], &look, &["-no_nonce", "-validity_period", "2000000000"]].concat();
    for delegated in [true, false] {
        let der = tree.answer(delegated, &answers, request.nonce.as_deref());
        judge.write("response.der", &der);
        let verdict = judge.run(&look);
        for line in ["Response verify OK", "good.pem: good", "revoked.pem: revoked", "Reason: keyCompromise"]
        {
            assert!(verdict.good && verdict.said.contains(line), "{kind:?}: {line}: {}", verdict.said);
        }
        // What OpenSSL believes, we believe too, unless it is the empty identity.
        let response = StatusResponse::from_der(&der).unwrap();
        let ours = response.verify(&tree.issuing.certificate, NOW);
        assert_eq!(ours.is_ok(), kind != Kind::Sm2EmptyId, "{kind:?}: {ours:?}");
    }
    let mut changed = tree.answer(true, &answers, request.nonce.as_deref());
    let at = changed.windows(15).position(|window| window == b"20261101000000Z").unwrap();
    changed[at + 13] = b'1';
    judge.write("response.der", &changed);
    let said = judge.run(&look).said;
    assert!(said.contains("Response Verify Failure"), "{kind:?}: {said}");
}

#[test]
fn chains_and_lists_of_sm2_under_the_empty_identity() {
    chains_and_lists(Kind::Sm2EmptyId, "whole_sm2");
    the_chain_is_checked_too(Kind::Sm2EmptyId, "whole_sm2_above");
}

#[test]
fn chains_and_lists_of_p256() {
    chains_and_lists(Kind::P256, "whole_p256");
    the_chain_is_checked_too(Kind::P256, "whole_p256_above");
}

#[test]
fn chains_and_lists_of_rsa() {
    chains_and_lists(Kind::Rsa, "whole_rsa");
}

#[test]
fn deltas_of_every_algorithm() {
    deltas(Kind::Sm2EmptyId, "delta_sm2");
    deltas(Kind::P256, "delta_p256");
    deltas(Kind::Rsa, "delta_rsa");
}

#[test]
fn answers_of_sm2_under_the_empty_identity() {
    answers(Kind::Sm2EmptyId, "answers_sm2");
}

#[test]
fn answers_of_p256() {
    answers(Kind::P256, "answers_p256");
}

#[test]
fn answers_of_rsa() {
    answers(Kind::Rsa, "answers_rsa");
}

/// P-256 and RSA lists verify under our own reader too.
#[test]
fn we_believe_our_lists_of_every_algorithm() {
    for (kind, test) in [(Kind::Sm2, "ours_sm2"), (Kind::P256, "ours_p256"), (Kind::Rsa, "ours_rsa")] {
        let (_, tree) = stage(kind, test);
        let list = RevocationList::from_der(&tree.list("issuing", 7, None, &[])).unwrap();
        list.verify(&tree.issuing.certificate).unwrap();
        let id = CertificateId::new(Hash::Sm3, &tree.issuing.certificate, &tree::serial(&tree.good));
        let answer = Answer { id, standing: Standing::Good, this_update: NOW, next_update: None };
        let response = StatusResponse::from_der(&tree.answer(true, &[answer], None)).unwrap();
        let standing = response.standing(&tree.issuing.certificate, &tree::serial(&tree.good), NOW + DAY);
        assert_eq!(standing, Ok(Standing::Good));
    }
}
