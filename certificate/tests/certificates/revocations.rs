//! Revocation lists: what RFC 5280, 5 asks for, read back by us and looked at by OpenSSL.

use certificate::revocation::{
    self, Contents, Entry, ListError, Reason, RevocationError, RevocationList, to_be_signed,
};
use certificate::{Algorithm, Authority};

use crate::judge::{DISTID, Judge};
use crate::stage::{self, NOW};

const DAY: i64 = 24 * 60 * 60;
const PLACE: &str = "http://status.certhall.example/crl/issuing.crl";
const DELTA: &str = "http://status.certhall.example/crl/issuing-delta.crl";

fn entry(serial: &[u8], reason: Reason) -> Entry {
    Entry { serial: serial.to_vec(), at: NOW - 60, reason }
}

/// A full list with every reason that one may have.
fn full() -> Contents {
    let reasons = Reason::ALL.into_iter().filter(|reason| *reason != Reason::RemoveFromCrl);
    Contents {
        number: 7,
        base: None,
        this_update: NOW,
        next_update: NOW + DAY,
        entries: reasons
            .map(|reason| entry(&[0x40, 9 - reason.number().min(9), reason.number()], reason))
            .collect(),
        freshest_urls: vec![DELTA.into()],
        place_urls: vec![PLACE.into()],
    }
}

fn delta() -> Contents {
    let entries = vec![entry(&[0x50], Reason::RemoveFromCrl), entry(&[0x51], Reason::CertificateHold)];
    Contents { number: 9, base: Some(7), entries, freshest_urls: Vec::new(), ..full() }
}

fn sign(issuer: &Authority, contents: &Contents) -> Vec<u8> {
    let algorithm = Algorithm::Sm2WithSm3;
    let bytes = to_be_signed(&issuer.certificate, algorithm, contents).unwrap();
    revocation::assemble(&bytes, algorithm, &issuer.key.sign(&bytes).unwrap())
}

#[test]
fn a_full_list_comes_back_as_it_was_meant() {
    let (root, issuing) = stage::authorities();
    let contents = full();
    let list = RevocationList::from_der(&sign(&issuing, &contents)).unwrap();
    list.verify(&issuing.certificate).unwrap();
    assert_eq!(list.issuer(), issuing.certificate.subject());
    assert_eq!((list.number(), list.base(), list.is_delta()), (Some(7), None, false));
    assert_eq!((list.this_update(), list.next_update()), (NOW, Some(NOW + DAY)));
    assert_eq!(list.place_urls(), [PLACE]);
    let mut sorted = contents.entries.clone();
    sorted.sort_by(|one, other| one.serial.cmp(&other.serial));
    assert_ne!(sorted, contents.entries, "the list has something to sort");
    assert_eq!(list.entries().collect::<Vec<_>>(), sorted);
    let found = list.find(&[0, 0, 0x40, 8, 1]).unwrap();
    assert_eq!(found.reason, Reason::KeyCompromise);
    assert_eq!(list.find(&[0x40]), None);
    assert_eq!(list.verify(&root.certificate), Err(ListError::OtherIssuer));
}

#[test]
fn a_delta_names_its_base_and_takes_off() {
    let (_, issuing) = stage::authorities();
    let list = RevocationList::from_der(&sign(&issuing, &delta())).unwrap();
    list.verify(&issuing.certificate).unwrap();
    assert_eq!((list.number(), list.base(), list.is_delta()), (Some(9), Some(7), true));
    assert_eq!(list.find(&[0x50]).unwrap().reason, Reason::RemoveFromCrl);
}

/// Numbers are compared as numbers: a longer one is greater, leading zeros do not count.
#[test]
fn serials_are_sorted_as_numbers() {
    let (_, issuing) = stage::authorities();
    let serials: [&[u8]; 5] = [&[0x90], &[1, 0], &[0, 0x7f], &[0xff; 20], &[0, 0, 3]];
    let entries = serials.map(|serial| entry(serial, Reason::Superseded)).to_vec();
    let list = RevocationList::from_der(&sign(&issuing, &Contents { entries, ..full() })).unwrap();
    let sorted: Vec<Vec<u8>> = list.entries().map(|entry| entry.serial).collect();
    assert_eq!(sorted, [vec![3], vec![0x7f], vec![0x90], vec![1, 0], vec![0xff; 20]]);
}

#[test]
fn what_is_no_list_is_not_written() {
    let (_, issuing) = stage::authorities();
    let leaf =
        stage::issue(&issuing, &certificate::profile::ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    let refused = |contents: Contents, why| {
        let written = to_be_signed(&issuing.certificate, Algorithm::Sm2WithSm3, &contents);
        assert_eq!(written, Err(why));
    };
    let with = |entries: &[Entry]| Contents { entries: entries.to_vec(), ..full() };
    refused(with(&[entry(&[1], Reason::RemoveFromCrl)]), RevocationError::DeltaOnly);
    refused(Contents { freshest_urls: vec![DELTA.into()], ..delta() }, RevocationError::DeltaOnly);
    refused(Contents { base: Some(9), ..delta() }, RevocationError::Base);
    refused(Contents { next_update: NOW, ..full() }, RevocationError::Period);
    refused(with(&[entry(&[0, 0], Reason::Superseded)]), RevocationError::Serial);
    refused(with(&[entry(&[1; 21], Reason::Superseded)]), RevocationError::Serial);
    let twice = [entry(&[5], Reason::Superseded), entry(&[0, 5], Reason::KeyCompromise)];
    refused(with(&twice), RevocationError::Twice);
    refused(Contents { place_urls: vec!["http://证书".into()], ..full() }, RevocationError::Encoding);
    let before = Entry { at: -1, ..entry(&[5], Reason::Superseded) };
    assert!(matches!(
        to_be_signed(&issuing.certificate, Algorithm::Sm2WithSm3, &with(&[before])),
        Err(RevocationError::Date(_))
    ));
    let by_leaf = to_be_signed(&leaf, Algorithm::Sm2WithSm3, &full());
    assert_eq!(by_leaf, Err(RevocationError::NotAnIssuer));
}

#[test]
fn no_changed_octet_passes() {
    let (_, issuing) = stage::authorities();
    let der = sign(&issuing, &full());
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        let good =
            RevocationList::from_der(&changed).is_ok_and(|list| list.verify(&issuing.certificate).is_ok());
        assert!(!good, "octet {at}");
        assert!(RevocationList::from_der(&der[..at]).is_err(), "cut at {at}");
    }
    let longer = [&der[..], &[0]].concat();
    assert_eq!(RevocationList::from_der(&longer).unwrap_err(), ListError::NotDer);
}

#[test]
fn openssl_reads_each_field() {
    let (_, issuing) = stage::authorities();
    let judge = Judge::new("list_text");
    let text = |contents: &Contents| {
        judge.write("list.crl", sign(&issuing, contents));
        let shown = ["crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text"];
        String::from_utf8(judge.must(&shown)).unwrap()
    };
    let own = issuing.certificate.subject_key_identifier().unwrap();
    let own: Vec<String> = own.iter().map(|byte| format!("{byte:02X}")).collect();
    let shown = text(&full());
    for line in [
        "Version 2 (0x1)",
        "Signature Algorithm: SM2-with-SM3",
        "Last Update: Nov  1 00:00:00 2026 GMT",
        "Next Update: Nov  2 00:00:00 2026 GMT",
        // crypto.md, pitfall 2: the issuer's own identifier, not that of the root above it.
        &format!("X509v3 Authority Key Identifier: \n                {}", own.join(":")),
        "X509v3 CRL Number: \n                7",
        "X509v3 Issuing Distribution Point: critical\n                Full Name:\n                  URI:http://status.certhall.example/crl/issuing.crl",
        "X509v3 Freshest CRL: \n                Full Name:\n                  URI:http://status.certhall.example/crl/issuing-delta.crl",
        "Revocation Date: Oct 31 23:59:00 2026 GMT",
        "Certificate Hold",
        "Privilege Withdrawn",
    ] {
        assert!(shown.contains(line), "{line:?} is not in\n{shown}");
    }
    assert!(!shown.contains("Unspecified") && !shown.contains("Only"), "{shown}");
    let shown = text(&delta());
    for line in ["X509v3 Delta CRL Indicator: critical\n                7", "Remove From CRL"] {
        assert!(shown.contains(line), "{line:?} is not in\n{shown}");
    }
    // crypto.md, pitfall 3: an absent list, which OpenSSL tells from an empty one by these words.
    let shown = text(&Contents { entries: Vec::new(), ..full() });
    assert!(shown.contains("No Revoked Certificates."), "{shown}");
}

/// RFC 5280, 5.1.2.4: times change their form in 2050, and nothing revoked is no list, not an empty one.
#[test]
fn an_empty_list_over_the_turn_of_2050() {
    let (_, issuing) = stage::authorities();
    let turn = 2_524_608_000;
    let contents = Contents { this_update: turn - 1, next_update: turn, entries: Vec::new(), ..full() };
    let bytes = to_be_signed(&issuing.certificate, Algorithm::Sm2WithSm3, &contents).unwrap();
    let times = b"\x17\x0d491231235959Z\x18\x0f20500101000000Z\xa0";
    assert!(bytes.windows(times.len()).any(|window| window == times), "extensions follow the times at once");
}

#[test]
fn openssl_checks_the_signature_under_the_gmt_identity() {
    let (_, issuing) = stage::authorities();
    let judge = Judge::new("list_signature");
    let list = RevocationList::from_der(&sign(&issuing, &full())).unwrap();
    judge.write("public.der", issuing.certificate.spki());
    judge.write("signature.der", list.signature());
    judge.write("tbs.der", list.tbs_der());
    judge.must(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-out", "public.pem"]);
    let check = ["dgst", "-sm3", "-sigopt", DISTID, "-verify", "public.pem", "-signature", "signature.der"];
    judge.must(&[&check[..], &["tbs.der"]].concat());
    judge.write("other.der", &list.tbs_der()[1..]);
    assert!(!judge.run(&[&check[..], &["other.der"]].concat()).good);
}

/// Long lists: every length octet changes its form on the way, and OpenSSL counts the same entries.
#[test]
fn a_list_of_a_hundred_thousand() {
    let (_, issuing) = stage::authorities();
    let entries = (1..=100_000_u32).rev().map(|number| {
        let serial = [&[0x40; 12][..], &number.to_be_bytes()].concat();
        entry(&serial, if number % 3 == 0 { Reason::Unspecified } else { Reason::CessationOfOperation })
    });
    let contents = Contents { entries: entries.collect(), ..full() };
    let started = std::time::Instant::now();
    let bytes = to_be_signed(&issuing.certificate, Algorithm::Sm2WithSm3, &contents).unwrap();
    eprintln!("{} ns per entry, unoptimised", started.elapsed().as_nanos() / 100_000);
    let der = revocation::assemble(&bytes, Algorithm::Sm2WithSm3, &issuing.key.sign(&bytes).unwrap());
    let list = RevocationList::from_der(&der).unwrap();
    list.verify(&issuing.certificate).unwrap();
    assert_eq!(list.entries().count(), 100_000);
    let judge = Judge::new("long_list");
    judge.write("list.crl", &der);
    let shown = judge.must(&["crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text"]);
    assert_eq!(String::from_utf8(shown).unwrap().matches("Serial Number: ").count(), 100_000);
}
