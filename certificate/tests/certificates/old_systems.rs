//! P-256 and RSA before OpenSSL: whole chains, strictly, as any system would check them.

use certificate::profile::{
    ISSUING_AUTHORITY, OCSP_RESPONDER, ORGANISATION_P256, ORGANISATION_RSA, PERSON_RSA,
};
use certificate::profile::{ROOT, STAFF_SIGN_IN};
use certificate::{Algorithm, Authority, Certificate, KeyKind, Profile, Signer, SoftwareKey};

use crate::judge::{Judge, Verdict};
use crate::stage::{self, NOW, YEAR};

const OLD: [Algorithm; 2] = [Algorithm::EcdsaWithSha256, Algorithm::RsaWithSha256];

fn verdict(judge: &Judge, chain: &(Authority, Authority), leaf: &Certificate, extra: &[&str]) -> Verdict {
    judge.write("root.pem", chain.0.certificate.to_pem());
    judge.write("issuing.pem", chain.1.certificate.to_pem());
    judge.write("leaf.pem", leaf.to_pem());
    let files = ["-CAfile", "root.pem", "-untrusted", "issuing.pem"];
    let strict = ["verify", "-x509_strict", "-check_ss_sig"];
    judge.run(&[&strict[..], &files, extra, &["leaf.pem"]].concat())
}

/// Holders of any kind of key, an SM2 key too: the issuer's key alone decides the signature.
#[test]
fn every_profile_is_good_in_a_whole_chain() {
    for algorithm in OLD {
        let chain = stage::authorities_of(algorithm);
        let judge = Judge::new(&format!("chain_{}", algorithm.code()));
        let at = NOW.to_string();
        for profile in Profile::ALL {
            if [&ROOT, &ISSUING_AUTHORITY].contains(&profile) {
                continue;
            }
            for kind in profile.key_kinds {
                let mut facts = stage::facts(&stage::key_of(*kind, 3));
                facts.validity.not_after = NOW + i64::from(profile.max_days.min(30)) * 24 * 60 * 60;
                let leaf = stage::issue(&chain.1, profile, &facts);
                let verdict = verdict(&judge, &chain, &leaf, &["-attime", &at]);
                let good = verdict.good && verdict.said.contains("leaf.pem: OK");
                assert!(good, "{} {kind:?} under {algorithm:?}: {}", profile.name, verdict.said);
            }
        }
    }
}

/// What a certificate may be used for is what OpenSSL lets it be used for.
#[test]
fn purposes_are_kept_apart() {
    for algorithm in OLD {
        let chain = stage::authorities_of(algorithm);
        let judge = Judge::new(&format!("purposes_{}", algorithm.code()));
        let at = NOW.to_string();
        let table = [
            (&ORGANISATION_RSA, "sslclient", true),
            (&ORGANISATION_P256, "sslclient", true),
            (&PERSON_RSA, "smimesign", true),
            (&PERSON_RSA, "smimeencrypt", true),
            (&PERSON_RSA, "sslserver", false),
            (&STAFF_SIGN_IN, "sslclient", true),
            (&STAFF_SIGN_IN, "smimesign", false),
            (&OCSP_RESPONDER, "sslclient", false),
        ];
        for (profile, purpose, good) in table {
            let leaf = stage::holder(&chain.1, profile, 3);
            let verdict = verdict(&judge, &chain, &leaf, &["-attime", &at, "-purpose", purpose]);
            assert_eq!(verdict.good, good, "{} for {purpose}: {}", profile.name, verdict.said);
        }
    }
}

#[test]
fn wrong_chains_are_bad() {
    for algorithm in OLD {
        let chain = stage::authorities_of(algorithm);
        let judge = Judge::new(&format!("wrong_{}", algorithm.code()));
        let leaf = stage::holder(&chain.1, &STAFF_SIGN_IN, 3);
        let late = (NOW + 2 * YEAR).to_string();
        let expired = verdict(&judge, &chain, &leaf, &["-attime", &late]);
        assert!(!expired.good && expired.said.contains("certificate has expired"), "{}", expired.said);
        let mut changed = leaf.der().to_vec();
        let at = changed.windows(18).position(|window| window == b"91110108MA01ABCD2X").unwrap();
        changed[at] = b'8';
        let changed = Certificate::from_der(&changed).unwrap();
        assert!(changed.verify(&chain.1.certificate).is_err());
        let changed = verdict(&judge, &chain, &changed, &["-attime", &NOW.to_string()]);
        assert!(changed.said.contains("certificate signature failure"), "{}", changed.said);
    }
}

#[test]
fn openssl_reads_what_we_wrote() {
    let (_, issuing) = stage::authorities_of(Algorithm::RsaWithSha256);
    let judge = Judge::new("old_text");
    let text = |profile| {
        judge.write("certificate.pem", stage::holder(&issuing, profile, 3).to_pem());
        String::from_utf8(judge.must(&["x509", "-noout", "-text", "-in", "certificate.pem"])).unwrap()
    };
    let single = text(&ORGANISATION_RSA);
    for line in [
        "Signature Algorithm: sha256WithRSAEncryption",
        "Public-Key: (3072 bit)",
        "Digital Signature, Non Repudiation, Key Encipherment\n",
        "X509v3 Extended Key Usage: \n                TLS Web Client Authentication, E-mail Protection\n",
        "OCSP - URI:http://status.certhall.example/ocsp",
    ] {
        assert!(single.contains(line), "{line:?} is not in\n{single}");
    }
    let responder = text(&OCSP_RESPONDER);
    assert!(responder.contains("X509v3 Extended Key Usage: \n                OCSP Signing\n"), "{responder}");
    assert!(responder.contains("OCSP No Check: \n"), "{responder}");
    assert!(responder.contains("CA Issuers - URI:") && !responder.contains("OCSP - URI:"), "{responder}");
    assert!(!responder.contains("CRL Distribution Points"), "{responder}");
}

/// Keys of `openssl genpkey` are taken, and ours are taken by OpenSSL.
#[test]
fn keys_go_both_ways() {
    let judge = Judge::new("old_keys");
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
    for (options, kind) in [(p256, KeyKind::P256), (rsa, KeyKind::Rsa3072)] {
        judge.must(&[&["genpkey"], &options[..], &["-out", "theirs.pem"]].concat());
        let pem = String::from_utf8(judge.read("theirs.pem")).unwrap();
        let key = SoftwareKey::from_pkcs8_pem(&pem).unwrap();
        assert_eq!((key.kind(), key.algorithm()), (kind, kind.algorithm()));
        let spki = judge.must(&["pkey", "-in", "theirs.pem", "-pubout", "-outform", "DER"]);
        assert_eq!(key.spki(), spki);
        judge.write("ours.der", key.to_pkcs8_der().unwrap());
        let public = ["pkey", "-inform", "DER", "-in", "ours.der", "-pubout", "-outform", "DER"];
        assert_eq!(judge.must(&public), spki);
        let again = SoftwareKey::from_pkcs8_der(&judge.read("ours.der")).unwrap();
        let signature = again.sign(b"message").unwrap();
        certificate::verify(&spki, kind.algorithm(), b"message", &signature).unwrap();
        assert!(certificate::verify(&spki, kind.algorithm(), b"another", &signature).is_err());
        judge.write("message", "message");
        judge.write("signature", signature);
        judge.must(&["pkey", "-in", "theirs.pem", "-pubout", "-out", "public.pem"]);
        judge.must(&["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"]);
    }
}

/// The promise of `Draft::from_recorded`: what a second signature over the same bytes has in common with the first.
#[test]
fn signing_again_gives_the_certificate_that_was_meant() {
    for algorithm in Algorithm::ALL {
        let (_, issuing) = stage::authorities_of(algorithm);
        let [one, two] = [(); 2].map(|()| stage::holder(&issuing, &STAFF_SIGN_IN, 3));
        assert_eq!(one.tbs_der(), two.tbs_der());
        assert_eq!(one.der() == two.der(), algorithm != Algorithm::EcdsaWithSha256, "{algorithm:?}");
    }
}

/// What is not taken as an authority's key: weak, encrypted, of another kind, or garbage. Nothing panics.
#[test]
fn keys_that_are_not_taken() {
    let judge = Judge::new("old_keys_refused");
    for options in [
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"][..],
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["-algorithm", "ED25519"],
        &["-algorithm", "RSA", "-aes128", "-pass", "pass:long enough"],
    ] {
        judge.must(&[&["genpkey", "-out", "key.pem"], options].concat());
        let pem = String::from_utf8(judge.read("key.pem")).unwrap();
        assert!(SoftwareKey::from_pkcs8_pem(&pem).is_err(), "{options:?}");
    }
    for kind in KeyKind::ALL {
        let der = stage::key_of(kind, 3).to_pkcs8_der().unwrap();
        for at in (0..der.len()).step_by(7) {
            assert!(SoftwareKey::from_pkcs8_der(&der[..at]).is_err(), "{kind:?} cut at {at}");
        }
    }
}
