//! Envelopes (R139): sealed to one key, opened by it alone, opened by OpenSSL too.

use certificate::envelope::{self, EnvelopeError, Layout};
use certificate::{KeyPair, cipher};
use der::asn1::{Any, BitString};
use der::{Decode, Encode, Sequence};

use crate::dice::Dice;
use crate::judge::Judge;
use crate::stage;

fn sealed(layout: Layout) -> (KeyPair, KeyPair, Vec<u8>) {
    let (encryption, signing) = (stage::key(5), stage::key(6));
    let der = envelope::seal(&encryption, &signing.public_key(), layout, &mut Dice::new(8)).unwrap();
    (encryption, signing, der)
}

#[test]
fn both_layouts_open_to_the_pair_that_was_sealed() {
    for layout in [Layout::Bytes32, Layout::Bytes64] {
        let (encryption, signing, der) = sealed(layout);
        assert_eq!(envelope::public_key(&der).unwrap(), encryption.public_key());
        let opened = envelope::open(&der, &signing).unwrap();
        assert_eq!(opened.to_bytes(), encryption.to_bytes());
    }
}

#[test]
fn another_key_does_not_open_it() {
    let (encryption, _, der) = sealed(Layout::Bytes32);
    assert_eq!(envelope::open(&der, &encryption).unwrap_err(), EnvelopeError::NotForThisKey);
}

#[test]
fn no_changed_bit_passes() {
    for layout in [Layout::Bytes32, Layout::Bytes64] {
        let (_, signing, der) = sealed(layout);
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 1;
            assert!(envelope::open(&changed, &signing).is_err(), "octet {at}");
        }
        for length in 0..der.len() {
            assert!(envelope::open(&der[..length], &signing).is_err(), "cut at {length}");
        }
    }
}

/// The envelope's structure, written down a second time.
#[derive(Sequence)]
struct Parts {
    algorithm: Any,
    sealed_key: Any,
    public_key: BitString,
    private_key: BitString,
}

/// Somebody swaps the announced public key: d·G tells.
#[test]
fn a_pair_that_does_not_match_is_refused() {
    let (_, signing, der) = sealed(Layout::Bytes32);
    let mut parts = Parts::from_der(&der).unwrap();
    parts.public_key = BitString::from_bytes(&stage::key(9).public_key().to_point()).unwrap();
    let swapped = parts.to_der().unwrap();
    assert_eq!(envelope::open(&swapped, &signing).unwrap_err(), EnvelopeError::WrongPair);
}

#[test]
fn openssl_opens_the_envelope() {
    for (test, layout) in [("envelope_32", Layout::Bytes32), ("envelope_64", Layout::Bytes64)] {
        let (encryption, signing, der) = sealed(layout);
        let parts = Parts::from_der(&der).unwrap();
        let judge = Judge::new(test);
        judge.write("signing.pem", signing.to_pkcs8_pem().unwrap().as_bytes());
        judge.write("sealed.der", parts.sealed_key.to_der().unwrap());
        judge.write("private.bin", parts.private_key.as_bytes().unwrap());
        let key = judge.must(&["pkeyutl", "-decrypt", "-inkey", "signing.pem", "-in", "sealed.der"]);
        let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let d = judge.must(&["enc", "-d", "-sm4-ecb", "-nopad", "-K", &key, "-in", "private.bin"]);
        assert!(d[..d.len() - 32].iter().all(|byte| *byte == 0));
        assert_eq!(d[d.len() - 32..], encryption.to_bytes()[..]);
    }
}

#[test]
fn openssl_and_we_read_each_others_ciphertexts() {
    let key = stage::key(5);
    let judge = Judge::new("cipher");
    judge.write("key.pem", key.to_pkcs8_pem().unwrap().as_bytes());
    judge.write("plain.txt", "初始密码 83920174");
    let encrypt = ["pkeyutl", "-encrypt", "-inkey", "key.pem", "-in", "plain.txt", "-out", "theirs.der"];
    judge.must(&encrypt);
    let opened = cipher::decrypt(&key, &judge.read("theirs.der")).unwrap();
    assert_eq!(opened.as_slice(), "初始密码 83920174".as_bytes());
    let ours = cipher::encrypt(&key.public_key(), "新密码".as_bytes(), &mut Dice::new(10)).unwrap();
    judge.write("ours.der", ours);
    let read = judge.must(&["pkeyutl", "-decrypt", "-inkey", "key.pem", "-in", "ours.der"]);
    assert_eq!(read, "新密码".as_bytes());
}

#[test]
fn every_length_survives_encryption() {
    let key = stage::key(5);
    for length in (1..100).chain([cipher::MAX_MESSAGE]) {
        let message = vec![length as u8; length];
        let sealed = cipher::encrypt(&key.public_key(), &message, &mut Dice::new(length as u64)).unwrap();
        assert_eq!(cipher::decrypt(&key, &sealed).unwrap().as_slice(), message);
    }
    assert!(cipher::encrypt(&key.public_key(), &[], &mut Dice::new(1)).is_err());
    let long = vec![0; cipher::MAX_MESSAGE + 1];
    assert!(cipher::encrypt(&key.public_key(), &long, &mut Dice::new(1)).is_err());
}
