//! Chains before OpenSSL: link by link, since `openssl verify` hands the GM/T identity to the leaf alone.

use certificate::profile::{ISSUING_AUTHORITY, ORGANISATION_ENCRYPTION, ORGANISATION_SIGNING, ROOT};
use certificate::{Certificate, KeyPair, Profile};

use crate::judge::{DISTID, Judge, Verdict};
use crate::stage::{self, NOW, YEAR};

/// One link: is `certificate` good under `issuer`, taken as trusted, at `at`?
fn link(judge: &Judge, certificate: &Certificate, issuer: &Certificate, at: i64) -> Verdict {
    judge.write("certificate.pem", certificate.to_pem());
    judge.write("issuer.pem", issuer.to_pem());
    let at = at.to_string();
    judge.run(&[
        "verify",
        "-partial_chain",
        "-x509_strict",
        "-attime",
        &at,
        "-vfyopt",
        DISTID,
        "-trusted",
        "issuer.pem",
        "certificate.pem",
    ])
}

#[test]
fn every_link_is_good() {
    let (root, issuing) = stage::authorities();
    let judge = Judge::new("links");
    let good = |certificate: &Certificate, issuer: &Certificate| {
        let verdict = link(&judge, certificate, issuer, NOW);
        assert!(verdict.good && verdict.said.contains("certificate.pem: OK"), "{}", verdict.said);
    };
    good(&issuing.certificate, &root.certificate);
    for profile in Profile::ALL {
        if ![&ROOT, &ISSUING_AUTHORITY].contains(&profile) {
            good(&stage::holder(&issuing, profile, 3), &issuing.certificate);
        }
    }
}

/// A trusted certificate never gets the GM/T identity from `openssl verify`: the root's own signature by `dgst`.
#[test]
fn the_root_signed_itself() {
    let (root, _) = stage::authorities();
    let judge = Judge::new("root");
    judge.write("root.pem", root.certificate.to_pem());
    judge.write("public.pem", judge.must(&["x509", "-in", "root.pem", "-noout", "-pubkey"]));
    judge.write("signature.der", root.certificate.signature());
    let check = ["dgst", "-sm3", "-sigopt", DISTID, "-verify", "public.pem", "-signature", "signature.der"];
    judge.write("tbs.der", root.certificate.tbs_der());
    judge.must(&[&check[..], &["tbs.der"]].concat());
    judge.write("other.der", &root.certificate.tbs_der()[1..]);
    assert!(!judge.run(&[&check[..], &["other.der"]].concat()).good);
}

#[test]
fn wrong_links_are_bad() {
    let (root, issuing) = stage::authorities();
    let leaf = stage::issue(&issuing, &ORGANISATION_SIGNING, &stage::facts(&stage::key(3)));
    let judge = Judge::new("wrong_links");
    let bad = |certificate: &Certificate, issuer: &Certificate, at, why: &str| {
        let verdict = link(&judge, certificate, issuer, at);
        assert!(!verdict.good && verdict.said.contains(why), "{}", verdict.said);
    };
    bad(&leaf, &root.certificate, NOW, "unable to get local issuer certificate");
    bad(&leaf, &issuing.certificate, NOW + YEAR + 60, "certificate has expired");
    bad(&leaf, &issuing.certificate, NOW - 60, "certificate is not yet valid");
    let mut changed = leaf.der().to_vec();
    let at = changed.windows(18).position(|window| window == b"91110108MA01ABCD2X").unwrap();
    changed[at] = b'8';
    let changed = Certificate::from_der(&changed).unwrap();
    bad(&changed, &issuing.certificate, NOW, "certificate signature failure");
}

/// What OpenSSL reads in a certificate is what we meant.
#[test]
fn openssl_reads_what_we_wrote() {
    let (_, issuing) = stage::authorities();
    let judge = Judge::new("text");
    let text = |certificate: &Certificate| {
        judge.write("certificate.pem", certificate.to_pem());
        let shown = ["x509", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus", "-in", "certificate.pem"];
        String::from_utf8(judge.must(&shown)).unwrap()
    };
    let signing = text(&stage::issue(&issuing, &ORGANISATION_SIGNING, &stage::facts(&stage::key(3))));
    for line in [
        "Version: 3 (0x2)",
        "Signature Algorithm: SM2-with-SM3",
        "Issuer: C=CN,O=证书大厅,CN=证书大厅签发 demo",
        "Not Before: Nov  1 00:00:00 2026 GMT",
        "Not After : Nov  1 00:00:00 2027 GMT",
        "C=CN,ST=北京市,L=海淀区,O=北京示例科技有限公司,OU=财务部,serialNumber=91110108MA01ABCD2X,CN=北京示例科技有限公司",
        "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation\n",
        "X509v3 Basic Constraints: critical\n                CA:FALSE\n",
        "Policy: 1.3.6.1.4.1.32473.2.1",
        "URI:http://status.certhall.example/issuing.crl",
        "OCSP - URI:http://status.certhall.example/ocsp",
        "CA Issuers - URI:http://status.certhall.example/issuing.cer",
    ] {
        assert!(signing.contains(line), "{line:?} is not in\n{signing}");
    }
    let encryption = text(&stage::issue(&issuing, &ORGANISATION_ENCRYPTION, &stage::facts(&stage::key(4))));
    assert!(encryption.contains("Key Encipherment, Data Encipherment, Key Agreement\n"), "{encryption}");
    let authority = text(&issuing.certificate);
    assert!(authority.contains("CA:TRUE, pathlen:0\n") && authority.contains("Certificate Sign, CRL Sign\n"));
}

#[test]
fn signatures_go_both_ways() {
    let key = stage::key(3);
    let judge = Judge::new("signatures");
    judge.write("key.pem", key.to_pkcs8_pem().unwrap().as_bytes());
    judge.must(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
    judge.write("message", "挑战");
    judge.write("ours.der", key.sign("挑战".as_bytes()).unwrap());
    let verify = ["dgst", "-sm3", "-sigopt", DISTID, "-verify", "public.pem", "-signature", "ours.der"];
    judge.must(&[&verify[..], &["message"]].concat());
    judge.must(&["dgst", "-sm3", "-sigopt", DISTID, "-sign", "key.pem", "-out", "theirs.der", "message"]);
    key.public_key().verify("挑战".as_bytes(), &judge.read("theirs.der")).unwrap();
}

#[test]
fn keys_go_both_ways() {
    let judge = Judge::new("keys");
    let fresh = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "theirs.pem"];
    judge.must(&fresh);
    let theirs = KeyPair::from_pkcs8_pem(&String::from_utf8(judge.read("theirs.pem")).unwrap()).unwrap();
    let spki = judge.must(&["pkey", "-in", "theirs.pem", "-pubout", "-outform", "DER"]);
    assert_eq!(theirs.public_key().to_spki_der(), spki);
    judge.write("ours.der", theirs.to_pkcs8_der().unwrap());
    let ours = judge.must(&["pkey", "-inform", "DER", "-in", "ours.der", "-pubout", "-outform", "DER"]);
    assert_eq!(ours, spki);
    let again = KeyPair::from_pkcs8_der(&judge.read("ours.der")).unwrap();
    assert_eq!(again.to_bytes(), theirs.to_bytes());
}
