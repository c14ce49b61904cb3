//! Known by certificates.

use std::sync::Arc;

use certificate::software_key::SoftwareKey;
use cmp::{Ask, CmpError, Outcome, Peer, Protection};

use crate::mock::Mock;
use crate::openssl::Folder;

/// The office's certificate and the authority's, both under the mock's root.
fn folder() -> Folder {
    let folder = Folder::new();
    for name in ["office", "server"] {
        folder.key(name);
        folder.run(&format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr"));
        folder.issue(name);
    }
    folder
}

const SERVER: &str = "-srv_cert server.crt -srv_key server.key -srv_trusted ca.crt -rsp_cert holder.crt";

fn peer(folder: &Folder, trusted: &str) -> Arc<Peer> {
    let own = folder.certificate("office");
    let signer = Arc::new(SoftwareKey::from_pkcs8_der(&folder.private_key("office")).unwrap());
    Arc::new(Peer {
        sender: own.subject().clone(),
        recipient: folder.certificate("server").subject().clone(),
        protection: Protection::Certificates {
            own: Box::new(own),
            signer,
            trusted: vec![folder.certificate(trusted)],
        },
    })
}

fn certify(folder: &Folder) -> Ask {
    Ask::Certify { request: folder.request("holder"), spki: folder.certificate("holder").spki().to_vec() }
}

#[test]
fn both_sides_sign() {
    let folder = folder();
    let mock = Mock::start(&folder, SERVER);
    for trusted in ["server", "ca"] {
        let (outcome, _) = mock.walk(&peer(&folder, trusted), certify(&folder)).unwrap();
        match outcome {
            Outcome::Certified(certified) => assert_eq!(certified.certificate, folder.certificate("holder")),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_authority_that_is_not_trusted() {
    let folder = folder();
    let mock = Mock::start(&folder, SERVER);
    let refused = mock.walk(&peer(&folder, "holder"), certify(&folder)).unwrap_err();
    assert_eq!(refused, CmpError::Protection);
}

/// Somebody else with a certificate of the same authority: valid, and not the one that was asked.
#[test]
fn another_holder_under_the_same_root_does_not_answer_for_the_authority() {
    let folder = folder();
    let office = SERVER.replace("server.", "office.");
    let mock = Mock::start(&folder, &office);
    let refused = mock.walk(&peer(&folder, "ca"), certify(&folder)).unwrap_err();
    assert_eq!(refused, CmpError::Protection);
}
