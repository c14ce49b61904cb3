//! Certificates that OpenSSL made: good ones are read and verified, bad ones refused for the right reason.

use certificate::Certificate;
use certificate::extension::KeyUsages;
use certificate::read::{self, ChainError};

use crate::judge::{DISTID, Judge};

const ROOT: &str = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n";
const LAST: &str = "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign\n";
const HOLDER: &str = "basicConstraints=CA:false\nkeyUsage=critical,digitalSignature\n";

/// A certificate for `name` under `issuer` (itself, if the same), with a fresh SM2 key.
fn make(judge: &Judge, name: &str, issuer: &str, extensions: &str) -> Certificate {
    let file = |suffix: &str| format!("{name}.{suffix}");
    let (key, request, certificate) = (file("key"), file("csr"), file("pem"));
    let curve = "ec_paramgen_curve:SM2";
    judge.must(&["genpkey", "-algorithm", "EC", "-pkeyopt", curve, "-out", &key]);
    let subject = format!("/C=CN/CN={name}");
    let ask = ["req", "-new", "-sm3", "-sigopt", DISTID, "-key", &key, "-subj", &subject, "-out", &request];
    judge.must(&ask);
    judge.write(
        "extensions",
        format!("{extensions}subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"),
    );
    let (issuer_key, issuer_certificate) = (format!("{issuer}.key"), format!("{issuer}.pem"));
    let signer = match name == issuer {
        true => vec!["-signkey", &key],
        false => vec!["-CA", &issuer_certificate, "-CAkey", &issuer_key, "-CAcreateserial"],
    };
    let sign = ["x509", "-req", "-sm3", "-sigopt", DISTID, "-vfyopt", DISTID, "-days", "30"];
    let files = ["-in", &request, "-extfile", "extensions", "-out", &certificate];
    judge.must(&[&sign[..], &files, &signer].concat());
    Certificate::from_pem(&String::from_utf8(judge.read(&certificate)).unwrap()).unwrap()
}

#[test]
fn a_foreign_chain_is_read_and_verified() {
    let judge = Judge::new("foreign_chain");
    let root = make(&judge, "root", "root", ROOT);
    let issuing = make(&judge, "issuing", "root", LAST);
    let holder = make(&judge, "holder", "issuing", HOLDER);
    assert_eq!(holder.subject().to_string(), "C=CN, CN=holder");
    assert_eq!(holder.key_usages(), [KeyUsages::DigitalSignature]);
    assert_eq!((issuing.is_authority(), issuing.path_length()), (true, Some(0)));
    let at = holder.not_before();
    assert_eq!(read::verify_chain(&[holder, issuing], &root, at), Ok(()));
}

#[test]
fn a_holder_signs_no_certificates() {
    let judge = Judge::new("foreign_holder");
    make(&judge, "root", "root", ROOT);
    let holder = make(&judge, "holder", "root", HOLDER);
    let forged = make(&judge, "forged", "holder", HOLDER);
    assert_eq!(forged.verify_signature(holder.spki()), Ok(()), "the signature itself is good");
    assert_eq!(forged.verify(&holder), Err(ChainError::NotAnAuthority));
}

#[test]
fn an_authority_without_the_usage_signs_nothing() {
    let judge = Judge::new("foreign_usage");
    make(&judge, "root", "root", ROOT);
    let lame = make(&judge, "lame", "root", "basicConstraints=critical,CA:true\nkeyUsage=critical,cRLSign\n");
    let holder = make(&judge, "holder", "lame", HOLDER);
    assert_eq!(holder.verify(&lame), Err(ChainError::NotAnAuthority));
}

#[test]
fn the_path_length_is_kept() {
    let judge = Judge::new("foreign_path");
    let root = make(&judge, "root", "root", ROOT);
    let last = make(&judge, "last", "root", LAST);
    let beyond = make(&judge, "beyond", "last", LAST);
    let holder = make(&judge, "holder", "beyond", HOLDER);
    let at = holder.not_before();
    let chain = [holder, beyond, last];
    assert_eq!(read::verify_chain(&chain, &root, at), Err(ChainError::PathTooLong));
}

#[test]
fn an_unknown_critical_extension_is_not_passed_over() {
    let judge = Judge::new("foreign_critical");
    let root = make(&judge, "root", "root", ROOT);
    let strange = make(&judge, "strange", "root", &format!("{HOLDER}1.2.3.4=critical,ASN1:NULL\n"));
    assert_eq!(strange.verify(&root), Err(ChainError::CriticalExtension));
    let harmless = make(&judge, "harmless", "root", &format!("{HOLDER}1.2.3.4=ASN1:NULL\n"));
    assert_eq!(harmless.verify(&root), Ok(()));
    assert_eq!(harmless.extension_value("1.2.3.4"), Some(&[5, 0][..]));
}

/// Plain `openssl x509` without the identity: read, but not verified.
#[test]
fn the_empty_identity_does_not_verify() {
    let judge = Judge::new("foreign_empty_id");
    let curve = "ec_paramgen_curve:SM2";
    judge.must(&["genpkey", "-algorithm", "EC", "-pkeyopt", curve, "-out", "key"]);
    judge.must(&["req", "-x509", "-new", "-sm3", "-key", "key", "-subj", "/CN=a", "-out", "a.pem"]);
    let root = Certificate::from_pem(&String::from_utf8(judge.read("a.pem")).unwrap()).unwrap();
    assert_eq!(root.verify_signature(root.spki()), Err(ChainError::Signature));
}

/// A certificate that signs itself, made by `openssl req -x509` with these options for its key and digest.
fn old_certificate(test: &str, options: &[&str]) -> Certificate {
    let judge = Judge::new(test);
    let new = ["req", "-x509", "-nodes", "-keyout", "key", "-subj", "/CN=old", "-out", "old.pem"];
    judge.must(&[&new[..], options].concat());
    Certificate::from_pem(&String::from_utf8(judge.read("old.pem")).unwrap()).unwrap()
}

#[test]
fn rsa_and_p256_of_others_are_verified() {
    let p256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256"];
    for (test, options) in [
        ("foreign_rsa_2048", &["-newkey", "rsa:2048", "-sha256"][..]),
        ("foreign_rsa_4096", &["-newkey", "rsa:4096", "-sha256"][..]),
        ("foreign_p256", &p256[..]),
    ] {
        let old = old_certificate(test, options);
        assert_eq!(old.verify(&old), Err(ChainError::NotAnAuthority), "{test}: no key usage");
        assert_eq!(old.verify_signature(old.spki()), Ok(()), "{test}");
        assert!(old.public_key().is_err(), "{test}: not an SM2 key");
    }
}

#[test]
fn other_algorithms_are_read_but_not_verified() {
    let p384 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-sha256"];
    let pss = ["-newkey", "rsa:2048", "-sha256", "-sigopt", "rsa_padding_mode:pss"];
    for (test, options, wrong) in [
        ("foreign_ed25519", &["-newkey", "ed25519"][..], ChainError::Algorithm),
        ("foreign_p384", &p384[..], ChainError::Algorithm),
        ("foreign_sha1", &["-newkey", "rsa:2048", "-sha1"][..], ChainError::Algorithm),
        ("foreign_pss", &pss[..], ChainError::Algorithm),
        ("foreign_rsa_1024", &["-newkey", "rsa:1024", "-sha256"][..], ChainError::Signature),
    ] {
        let old = old_certificate(test, options);
        assert_eq!(old.subject().common_name(), Some("old"));
        assert_eq!(old.verify_signature(old.spki()), Err(wrong), "{test}");
    }
}
