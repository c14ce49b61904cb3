//! What holds for every input whatever: no panic, no endless work, and what was read says the same when written again.
//!
//! One function for each fuzz target. The ordinary tests of `certificate` run them over `fuzz/seeds` too.

use std::sync::OnceLock;

use certificate::delivery::signed_and_enveloped;
use certificate::delivery::skf::{self, Form};
use certificate::delivery::{CsrResponse, chain};
use certificate::revocation::RevocationList;
use certificate::status::{MAX_IDS, MAX_NONCE, Packed, StatusRequest, StatusResponse, Template};
use certificate::{Algorithm, Certificate, KeyPair, Request, envelope};

/// An authority's certificate: the first of the reader's seeds.
const AUTHORITY: &[u8] = include_bytes!("seeds/certificate/issuing.der");

fn authority() -> &'static Certificate {
    static KEPT: OnceLock<Certificate> = OnceLock::new();
    KEPT.get_or_init(|| Certificate::from_der(AUTHORITY).expect("the seed is a certificate"))
}

/// A receiver whose key everybody knows; the envelope's seeds are for it.
fn receiver() -> &'static KeyPair {
    static KEPT: OnceLock<KeyPair> = OnceLock::new();
    KEPT.get_or_init(|| KeyPair::from_bytes(&[0x35; 32]).expect("this is a private key"))
}

/// PKCS#10.
pub fn request(data: &[u8]) {
    if let Ok(request) = Request::verify(data) {
        assert!(!request.spki.is_empty());
        assert_eq!(Request::verify(data).as_ref(), Ok(&request));
    }
}

pub fn certificate(data: &[u8]) {
    let Ok(read) = Certificate::from_der(data) else { return };
    assert_eq!(read.der(), data);
    assert_eq!(Certificate::from_pem(&read.to_pem()).as_ref(), Ok(&read));
    assert!(data.windows(read.tbs_der().len()).any(|window| window == read.tbs_der()));
    let _ = (read.serial_hex(), read.not_before(), read.not_after(), read.key_usages(), read.path_length());
    let _ = (read.subject().to_string(), read.issuer().common_name(), read.authority_key_identifier());
    let _ = (read.public_key(), read.verify(&read), read.verify(authority()), authority().verify(&read));
    let _ = certificate::pair::check(&read, authority());
}

pub fn status_request(data: &[u8]) {
    let Ok(request) = StatusRequest::parse(data) else { return };
    assert!((1..=MAX_IDS).contains(&request.ids.len()));
    assert!(request.nonce.as_ref().is_none_or(|nonce| (1..=MAX_NONCE).contains(&nonce.len())));
    assert_eq!(StatusRequest::parse(&request.to_der()).as_ref(), Ok(&request));
}

pub fn status_response(data: &[u8]) {
    if let Ok(response) = StatusResponse::from_der(data) {
        assert!(data.windows(response.tbs_der().len()).any(|window| window == response.tbs_der()));
        let _ = response.verify(authority(), response.produced_at);
        let _ = response.standing(authority(), &[0x40], response.produced_at);
    }
    // The same octets as a cache would keep them.
    let template = Template::new(authority(), authority(), Algorithm::Sm2WithSm3);
    if let Some(der) = template.unpack(&Packed::from_bytes(data.into())) {
        // Octets from a damaged cache may say anything, but they say it in DER.
        let _ = StatusResponse::from_der(&der);
    }
}

pub fn revocation_list(data: &[u8]) {
    let Ok(list) = RevocationList::from_der(data) else { return };
    assert_eq!(list.der(), data);
    assert!(list.entries().all(|entry| entry.serial.len() < data.len()));
    if let Some(first) = list.entries().next() {
        assert_eq!(list.find(&first.serial).as_ref(), Some(&first));
    }
    let _ = (list.number(), list.base(), list.is_delta(), list.place_urls(), list.next_update());
    let _ = list.verify(authority());
}

pub fn envelope(data: &[u8]) {
    let announced = envelope::public_key(data);
    if let Ok(pair) = envelope::open(data, receiver()) {
        assert_eq!(announced, Ok(pair.public_key()), "what is opened is what was announced");
    }
    for form in Form::ALL {
        let Ok(blob) = skf::enveloped_key_blob(data, form) else { continue };
        let back = skf::envelope_from_blob(&blob, form);
        assert_eq!(back.map(|back| envelope::public_key(&back)), Ok(announced));
    }
}

pub fn skf_blob(data: &[u8]) {
    for form in Form::ALL {
        let Ok(envelope) = skf::envelope_from_blob(data, form) else { continue };
        let blob = skf::enveloped_key_blob(&envelope, form).expect("what came from a blob goes into one");
        assert_eq!(blob[..], data[..blob.len()]);
    }
    if let Ok(der) = skf::cipher_from_blob(data) {
        let blob = skf::cipher_blob(&der).expect("what came from a blob goes into one");
        assert_eq!(blob[..], data[..blob.len()]);
    }
}

pub fn csr_response(data: &[u8]) {
    let Ok(response) = CsrResponse::from_der(data) else { return };
    let der = response.to_der().expect("what was read can be written");
    let again = CsrResponse::from_der(&der).expect("what was written can be read");
    assert_eq!(again.envelope, response.envelope);
    assert_eq!(again.to_der(), Ok(der));
    if let Ok(pair) = response.open(receiver()) {
        assert_eq!(response.find_encryption().map(Certificate::public_key), Some(Ok(pair.public_key())));
    }
}

/// SignedAndEnvelopedData and PKCS#7.
pub fn delivery(data: &[u8]) {
    if let Ok(certificates) = chain::from_der(data) {
        let again = chain::from_der(&chain::to_der(&certificates)).expect("what was written can be read");
        assert!(again.iter().all(|certificate| certificates.contains(certificate)));
    }
    let _ = signed_and_enveloped::certificates(data);
    let expected = authority().public_key().expect("the seed has an SM2 key");
    let opened = signed_and_enveloped::open(data, authority(), receiver(), &expected, None);
    assert!(opened.is_err(), "nobody has the authority's key");
}
