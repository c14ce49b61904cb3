//! The standards' own examples.

use certificate::{KeyPair, PublicKey, cipher, sm3};

pub fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// DER INTEGER of a positive number.
fn integer(number: &str) -> Vec<u8> {
    let mut value = bytes(number);
    if value[0] & 0x80 != 0 {
        value.insert(0, 0);
    }
    [&[2, value.len() as u8], &value[..]].concat()
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    let body = parts.concat();
    let length: &[u8] = if body.len() < 128 { &[body.len() as u8] } else { &[0x81, body.len() as u8] };
    [&[0x30], length, &body[..]].concat()
}

/// GB/T 32918.5-2017, annex A and B: d and P are the same in both.
const D: &str = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8";
const X: &str = "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020";
const Y: &str = "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";

fn public_key() -> PublicKey {
    PublicKey::from_point(&[vec![4], bytes(X), bytes(Y)].concat()).unwrap()
}

/// GB/T 32905-2016, annex A.
#[test]
fn sm3_of_the_standards_messages() {
    let abc = bytes("66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0");
    assert_eq!(sm3(b"abc").to_vec(), abc);
    let sixteen = bytes("debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732");
    assert_eq!(sm3("abcd".repeat(16).as_bytes()).to_vec(), sixteen);
}

#[test]
fn the_standards_key_pair() {
    assert_eq!(KeyPair::from_bytes(&bytes(D)).unwrap().public_key(), public_key());
}

/// GB/T 32918.5-2017, annex A.2: Z, e, r and s.
#[test]
fn the_standards_signature() {
    let z = bytes("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3");
    assert_eq!(public_key().identity_digest().to_vec(), z);
    let e = bytes("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640");
    assert_eq!(public_key().message_digest(b"message digest").to_vec(), e);
    let r = integer("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3");
    let s = integer("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
    let signature = sequence(&[r, s]);
    public_key().verify(b"message digest", &signature).unwrap();
    public_key().verify_digest(&e.try_into().unwrap(), &signature).unwrap();
    assert!(public_key().verify(b"Message digest", &signature).is_err());
    assert!(public_key().verify_with_id("", b"message digest", &signature).is_err());
}

/// GB/T 32918.5-2017, annex B.2, in the DER of GM/T 0009.
#[test]
fn the_standards_ciphertext() {
    let hash = bytes("59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766");
    let text = bytes("21886CA989CA9C7D58087307CA93092D651EFA");
    let ciphertext = sequence(&[
        integer("04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"),
        integer("E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"),
        [vec![4, 32], hash].concat(),
        [vec![4, 19], text].concat(),
    ]);
    let key = KeyPair::from_bytes(&bytes(D)).unwrap();
    assert_eq!(cipher::decrypt(&key, &ciphertext).unwrap().as_slice(), b"encryption standard");
    let mut damaged = ciphertext.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert!(cipher::decrypt(&key, &damaged).is_err());
}

/// A whole signature round: what a key makes by digest is what it makes by message, always the same.
#[test]
fn one_message_has_one_signature() {
    let key = KeyPair::from_bytes(&bytes(D)).unwrap();
    let signature = key.sign(b"a certificate").unwrap();
    assert_eq!(signature, key.sign_digest(&public_key().message_digest(b"a certificate")).unwrap());
    public_key().verify(b"a certificate", &signature).unwrap();
    assert_ne!(signature, key.sign(b"another certificate").unwrap());
}

#[test]
fn scalars_that_are_no_keys() {
    let n = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D541";
    for wrong in [vec![0; 32], bytes(&format!("{n}22")), bytes(&format!("{n}23")), vec![1; 31], vec![1; 33]] {
        assert!(KeyPair::from_bytes(&wrong).is_err(), "{wrong:02x?}");
    }
    assert!(KeyPair::from_bytes(&bytes(&format!("{n}21"))).is_ok(), "n − 2 is the largest key");
}

#[test]
fn points_that_are_no_keys() {
    let mut off_curve = public_key().to_point();
    off_curve[64] ^= 1;
    let compressed = [&[3], &off_curve[1..33]].concat();
    for wrong in [&off_curve[..], &compressed, &[0], &[]] {
        assert!(PublicKey::from_point(wrong).is_err());
    }
}

#[test]
fn a_key_prints_no_secret() {
    let key = KeyPair::from_bytes(&bytes(D)).unwrap();
    let printed = format!("{key:?}").to_lowercase();
    assert!(printed.contains(&X.to_lowercase()), "{printed}");
    assert!(!printed.contains(&D.to_lowercase()), "{printed}");
}
