//! Every profile, octet by octet. `CERTHALL_BLESS=1 cargo test -p certificate golden` writes the files anew;
//! look at the difference with `openssl x509 -text` before you commit it.

use std::path::Path;

use certificate::Profile;
use certificate::profile::{ISSUING_AUTHORITY, ROOT};

use crate::stage;

#[test]
fn every_profile_gives_the_golden_certificate() {
    let (root, issuing) = stage::authorities();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates/golden");
    for (profile, seed) in Profile::ALL.into_iter().zip(100..) {
        let certificate = match profile.name {
            name if name == ROOT.name => root.certificate.clone(),
            name if name == ISSUING_AUTHORITY.name => issuing.certificate.clone(),
            _ => stage::issue(&issuing, profile, &stage::facts(&stage::key(seed))),
        };
        let file = folder.join(format!("{}.pem", profile.name));
        if std::env::var_os("CERTHALL_BLESS").is_some() {
            std::fs::write(&file, certificate.to_pem()).unwrap();
        }
        let golden = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        assert_eq!(certificate.to_pem(), golden, "{} has changed", profile.name);
    }
}
