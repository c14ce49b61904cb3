//! Known by a shared secret (PBM).

use std::sync::Arc;

use cmp::{Ask, CmpError, Outcome, Peer, Protection};

use crate::mock::Mock;
use crate::openssl::Folder;

const SECRET: &str = "-srv_ref office -srv_secret pass:0f1e2d3c4b5a";

fn peer(folder: &Folder, secret: &[u8]) -> Arc<Peer> {
    let recipient = folder.certificate("ca").subject().clone();
    let sender = folder.certificate("holder").subject().clone();
    let protection = Protection::Secret { reference: b"office".to_vec(), secret: secret.to_vec().into() };
    Arc::new(Peer { sender, recipient, protection })
}

fn certify(folder: &Folder) -> Ask {
    Ask::Certify { request: folder.request("holder"), spki: folder.certificate("holder").spki().to_vec() }
}

fn certified(outcome: Outcome) -> cmp::Certified {
    match outcome {
        Outcome::Certified(certified) => *certified,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_answered_and_confirmed() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt -rsp_extracerts ca.crt"));
    let (outcome, waits) = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), certify(&folder)).unwrap();
    let certified = certified(outcome);
    assert_eq!(certified.certificate, folder.certificate("holder"));
    assert!(certified.chain.contains(&folder.certificate("ca")));
    assert!(certified.encryption.is_none());
    assert_eq!(waits, 0);
}

#[test]
fn an_authority_that_needs_no_confirmation() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt -grant_implicitconf"));
    let (outcome, _) = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), certify(&folder)).unwrap();
    assert_eq!(certified(outcome).certificate, folder.certificate("holder"));
}

#[test]
fn an_authority_that_lets_wait() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt -poll_count 2 -check_after 1"));
    let (outcome, waits) = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), certify(&folder)).unwrap();
    assert_eq!(certified(outcome).certificate, folder.certificate("holder"));
    // The second of the two polls brings it.
    assert_eq!(waits, 1);
}

#[test]
fn a_refusal_is_told_in_the_authoritys_words() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -send_error -rsp_cert holder.crt"));
    let refused = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), certify(&folder)).unwrap_err();
    assert!(matches!(refused, CmpError::Refused(_)), "{refused:?}");
}

/// Our wrong secret: the authority says no, and what it says is not protected under a secret that we share.
#[test]
fn a_wrong_secret_gets_nothing() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt"));
    let refused = mock.walk(&peer(&folder, b"wrong"), certify(&folder)).unwrap_err();
    assert!(matches!(refused, CmpError::Protection | CmpError::RefusedUnprotected(_)), "{refused:?}");
}

/// An authority that does not protect its answers is not believed.
#[test]
fn an_unprotected_answer_does_not_count() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt -send_unprotected"));
    let refused = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), certify(&folder)).unwrap_err();
    assert_eq!(refused, CmpError::Protection);
}

/// The mock gives out one canned certificate; asked for another key we refuse it, and the authority hears so.
#[test]
fn a_certificate_for_another_key_is_refused() {
    let folder = Folder::new();
    folder.key("other");
    folder.run("req -new -key other.key -subj /CN=Other -out other.csr");
    folder.issue("other");
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert other.crt"));
    let refused = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), certify(&folder)).unwrap_err();
    assert_eq!(refused, CmpError::OtherKey);
}

#[test]
fn a_certificate_is_revoked() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt"));
    let ask = Ask::Revoke { certificate: Box::new(folder.certificate("holder")), reason: 4 };
    let (outcome, _) = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), ask).unwrap();
    assert!(matches!(outcome, Outcome::Revoked));
    // The mock knows one certificate alone.
    let ask = Ask::Revoke { certificate: Box::new(folder.certificate("ca")), reason: 0 };
    let refused = mock.walk(&peer(&folder, b"0f1e2d3c4b5a"), ask).unwrap_err();
    assert!(matches!(refused, CmpError::Refused(_)), "{refused:?}");
}

/// Whatever comes instead of an answer ends in an error, never in a panic.
#[test]
fn garbage_is_no_answer() {
    let folder = Folder::new();
    let mock = Mock::start(&folder, &format!("{SECRET} -rsp_cert holder.crt"));
    let mut dice = crate::mock::SystemDice;
    let begin = |dice: &mut _| {
        cmp::Exchange::begin(peer(&folder, b"0f1e2d3c4b5a"), certify(&folder), crate::mock::now(), dice)
            .unwrap()
    };
    let (mut exchange, first) = begin(&mut dice);
    let good = mock.post(&first);
    for length in 0..good.len() {
        assert!(exchange.take(&good[..length], crate::mock::now(), &mut dice).is_err());
    }
    for at in (0..good.len()).step_by(3) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(exchange.take(&bad, crate::mock::now(), &mut dice).is_err(), "octet {at} does not count");
    }
    // The answer to another transaction is not ours.
    let (mut other, _) = begin(&mut dice);
    let not_ours = other.take(&good, crate::mock::now(), &mut dice).unwrap_err();
    assert_eq!(not_ours, CmpError::OtherTransaction);
    assert!(exchange.take(&good, crate::mock::now(), &mut dice).is_ok());
}
