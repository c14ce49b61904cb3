//! Every profile under every algorithm, octet by octet. `CERTHALL_BLESS=1 cargo test -p certificate golden` writes the
//! files anew; look at the difference with `openssl x509 -text` before you commit it.

use std::path::{Path, PathBuf};

use certificate::profile::{ISSUING_AUTHORITY, ROOT};
use certificate::{Algorithm, Authority, Certificate, Profile};

use crate::stage;

fn file(algorithm: Algorithm, profile: &Profile) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates/golden").join(algorithm.code());
    folder.join(format!("{}.pem", profile.name))
}

/// The golden certificates with their issuers, for every test that wants all of them.
pub fn all() -> Vec<(&'static Profile, Certificate, Authority)> {
    let mut all = Vec::new();
    for algorithm in Algorithm::ALL {
        let (root, issuing) = stage::authorities_of(algorithm);
        for profile in Profile::ALL {
            let issuer = if [&ROOT, &ISSUING_AUTHORITY].contains(&profile) { &root } else { &issuing };
            let pem = std::fs::read_to_string(file(algorithm, profile)).unwrap();
            all.push((profile, Certificate::from_pem(&pem).unwrap(), issuer.clone()));
        }
    }
    all
}

#[test]
fn every_profile_gives_the_golden_certificate_under_every_algorithm() {
    for algorithm in Algorithm::ALL {
        let (root, issuing) = stage::authorities_of(algorithm);
        for profile in Profile::ALL {
            // A key of its own, whatever stands before it on the roll.
            let seed = profile.name.bytes().fold(0, |seed, byte| seed * 2 + u64::from(byte));
            let (certificate, issuer) = match profile.name {
                name if name == ROOT.name => (root.certificate.clone(), &root),
                name if name == ISSUING_AUTHORITY.name => (issuing.certificate.clone(), &root),
                _ => (stage::holder(&issuing, profile, seed), &issuing),
            };
            let file = file(algorithm, profile);
            let bless = std::env::var_os("CERTHALL_BLESS").is_some();
            let read = || std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
            // An ECDSA signature is another one each time: a file with the same signed part stays as it is.
            if bless && (!file.exists() || !same(&certificate, &read())) {
                std::fs::write(&file, certificate.to_pem()).unwrap();
            }
            assert!(same(&certificate, &read()), "{} has changed: {}", file.display(), certificate.to_pem());
            let golden = Certificate::from_pem(&read()).unwrap();
            golden.verify(&issuer.certificate).unwrap();
            assert_eq!(golden.algorithm(), Some(algorithm));
        }
    }
}

fn same(certificate: &Certificate, golden: &str) -> bool {
    match certificate.algorithm() {
        Some(Algorithm::EcdsaWithSha256) => {
            Certificate::from_pem(golden).is_ok_and(|golden| golden.tbs_der() == certificate.tbs_der())
        }
        _ => certificate.to_pem() == golden,
    }
}
