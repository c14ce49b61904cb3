//! Requests by `openssl req` for every kind of key: good ones are proofs, weak and odd ones have their sentence.

use certificate::profile::{ORGANISATION_P256, ORGANISATION_RSA, ORGANISATION_SIGNING, STAFF_SIGN_IN};
use certificate::{KeyError, KeyKind, Request, RequestError, request};

use crate::judge::{DISTID, Judge};
use crate::stage;

const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const RSA_2048: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];

/// A request with a fresh key of `openssl genpkey`.
fn ask(judge: &Judge, key: &[&str], options: &[&str]) -> Vec<u8> {
    judge.must(&[&["genpkey"], key, &["-out", "key.pem"]].concat());
    let fixed =
        ["req", "-new", "-key", "key.pem", "-subj", "/C=CN/CN=a", "-outform", "DER", "-out", "request.der"];
    judge.must(&[&fixed[..], options].concat());
    judge.read("request.der")
}

#[test]
fn good_requests_of_every_kind() {
    let judge = Judge::new("kinds_good");
    let sm2 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2"];
    let rsa_3072 = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
    for (kind, key, options) in [
        (KeyKind::Sm2, &sm2[..], &["-sm3", "-sigopt", DISTID][..]),
        (KeyKind::P256, P256, &["-sha256"]),
        (KeyKind::Rsa2048, RSA_2048, &["-sha256"]),
        (KeyKind::Rsa3072, &rsa_3072, &["-sha256"]),
    ] {
        let request = Request::verify(&ask(&judge, key, options)).unwrap();
        assert_eq!(request.kind, kind);
        assert_eq!(request.subject.to_string(), "C=CN, CN=a");
        let spki = judge.must(&["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"]);
        assert_eq!(request.spki, spki);
    }
}

#[test]
fn openssl_accepts_ours_of_every_kind() {
    let judge = Judge::new("kinds_ours");
    for kind in [KeyKind::P256, KeyKind::Rsa2048, KeyKind::Rsa3072] {
        let der = request::build(&stage::name("示例", "示例"), &stage::key_of(kind, 3)).unwrap();
        judge.write("request.der", der);
        let verdict = judge.run(&["req", "-verify", "-noout", "-inform", "DER", "-in", "request.der"]);
        assert!(verdict.good && verdict.said.contains("verify OK"), "{kind:?}: {}", verdict.said);
    }
}

#[test]
fn weak_and_odd_keys_are_refused_with_their_sentence() {
    let judge = Judge::new("kinds_weak");
    let table: [(&[&str], &str, &str); 8] = [
        (&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "key_rsa_size", "1024 位"),
        (&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2056"], "key_rsa_size", "2056 位"),
        (&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"], "key_rsa_exponent", "65537"),
        (&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], "key_curve", "SM2 或 P-256"),
        (&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "key_curve", "SM2 或 P-256"),
        (&[P256, &["-pkeyopt", "ec_param_enc:explicit"]].concat(), "key_curve", "不能写曲线参数"),
        (&["-algorithm", "ED25519"], "key_kind", "不支持这种公钥算法"),
        (&["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], "key_kind", "不支持这种公钥算法"),
    ];
    for (key, code, sentence) in table {
        let refusal = Request::verify(&ask(&judge, key, &[])).unwrap_err();
        assert_eq!(refusal.code(), code, "{key:?}");
        assert!(refusal.to_string().contains(sentence), "{refusal}");
    }
}

/// An even modulus comes from a broken generator: no program makes one on purpose, so the bit is turned here.
#[test]
fn an_even_modulus_is_refused() {
    let mut der = request::build(&stage::name("示例", "示例"), &stage::key_of(KeyKind::Rsa2048, 3)).unwrap();
    let exponent = der.windows(5).position(|window| window == [2, 3, 1, 0, 1]).unwrap();
    der[exponent - 1] &= 0xfe;
    let refusal = Request::verify(&der).unwrap_err();
    assert_eq!((refusal, refusal.code()), (RequestError::Key(KeyError::RsaModulus), "key_rsa_modulus"));
}

#[test]
fn a_point_beside_the_curve_is_refused() {
    for kind in [KeyKind::Sm2, KeyKind::P256] {
        let key = stage::key_of(kind, 3);
        let der = request::build(&stage::name("示例", "示例"), &key).unwrap();
        let spki = certificate::Signer::spki(&key);
        let at = der.windows(spki.len()).position(|window| window == spki).unwrap() + spki.len() - 1;
        let mut der = der;
        der[at] ^= 1;
        let refusal = Request::verify(&der).unwrap_err();
        assert_eq!((refusal, refusal.code()), (RequestError::Key(KeyError::Point), "key_point"), "{kind:?}");
    }
}

#[test]
fn other_digests_and_paddings_are_refused() {
    let judge = Judge::new("kinds_digests");
    for (key, options) in [
        (P256, &["-sha1"][..]),
        (P256, &["-sha384"]),
        (RSA_2048, &["-sha1"]),
        (RSA_2048, &["-sha512"]),
        (RSA_2048, &["-sha256", "-sigopt", "rsa_padding_mode:pss"]),
    ] {
        let refusal = Request::verify(&ask(&judge, key, options)).unwrap_err();
        assert_eq!(refusal.code(), "request_algorithm_not_sha256", "{options:?}");
        assert!(refusal.to_string().contains("-sha256"), "{refusal}");
    }
}

/// A compressed point is the same key; the certificate will carry it uncompressed (RFC 5480, 2.2).
#[test]
fn a_compressed_point_is_put_into_its_canonical_form() {
    let judge = Judge::new("kinds_compressed");
    judge
        .must(&[&["genpkey"], P256, &["-pkeyopt", "ec_param_enc:named_curve", "-out", "whole.pem"]].concat());
    judge.must(&["ec", "-in", "whole.pem", "-conv_form", "compressed", "-out", "key.pem"]);
    judge.must(&[
        "req", "-new", "-sha256", "-key", "key.pem", "-subj", "/CN=a", "-outform", "DER", "-out", "request",
    ]);
    let request = Request::verify(&judge.read("request")).unwrap();
    assert_eq!(request.spki, judge.must(&["pkey", "-in", "whole.pem", "-pubout", "-outform", "DER"]));
}

/// The right key for the wrong certificate.
#[test]
fn a_profile_certifies_its_own_kinds_of_key() {
    let request = |kind| request::build(&stage::name("示例", "示例"), &stage::key_of(kind, 3)).unwrap();
    for kind in KeyKind::ALL {
        let der = request(kind);
        let code = |profile| Request::verify_for(&der, profile).err().map(|refusal| refusal.code());
        let (sm2, p256) = (kind == KeyKind::Sm2, kind == KeyKind::P256);
        assert_eq!(code(&ORGANISATION_SIGNING), (!sm2).then_some("request_key_not_sm2"));
        assert_eq!(code(&ORGANISATION_P256), (!p256).then_some("request_key_not_allowed"));
        assert_eq!(code(&ORGANISATION_RSA), (sm2 || p256).then_some("request_key_not_allowed"));
        assert_eq!(code(&STAFF_SIGN_IN), None);
    }
}

#[test]
fn a_signature_by_another_key_proves_nothing() {
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let key = stage::key_of(kind, 3);
        let info =
            request::to_be_signed(&stage::name("示例", "示例"), &certificate::Signer::spki(&key)).unwrap();
        let other =
            if kind == KeyKind::P256 { stage::key_of(kind, 4) } else { stage::key_of(KeyKind::Rsa3072, 4) };
        let signature = certificate::Signer::sign(&other, &info).unwrap();
        assert_eq!(request::assemble(&info, &signature), Err(RequestError::Signature));
    }
}
