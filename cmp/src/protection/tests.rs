use certificate::software_key::SoftwareKey;
use certificate::{Authority, KeyKind, NameParts};
use getrandom::SysRng;

use super::*;
use crate::message::{Header, body, kind};

const NOW: i64 = 1_790_000_000;

fn name(common_name: &str) -> Name {
    let parts = NameParts {
        country: Some("CN".to_owned()),
        organisation: Some("Upstream".to_owned()),
        common_name: Some(common_name.to_owned()),
        ..NameParts::default()
    };
    Name::from_parts(&parts).unwrap()
}

fn key() -> Arc<dyn Signer> {
    Arc::new(SoftwareKey::generate(KeyKind::P256, &mut SysRng).unwrap())
}

fn message(sender: &Name, sender_key: Option<&[u8]>) -> Message {
    let directory = |name: &Name| GeneralName::DirectoryName(Decode::from_der(name.der()).unwrap());
    let header = Header {
        version: 2,
        sender: directory(sender),
        recipient: directory(&name("Office")),
        message_time: None,
        protection: None,
        sender_key: sender_key.map(|key| OctetString::new(key).unwrap()),
        recipient_key: None,
        transaction: None,
        sender_nonce: None,
        recipient_nonce: None,
        free_text: None,
        information: None,
    };
    Message {
        header,
        body: body(kind::PKI_CONF, &[5, 0]).unwrap(),
        protection: None,
        extra_certificates: None,
    }
}

#[test]
fn the_signer_is_the_recipient_the_sender_the_named_key_and_for_signing() {
    let (server, other) = (name("Server"), name("Other"));
    let root = Authority::new_root(&name("Root"), key(), NOW, &mut SysRng).unwrap();
    // Any certificate for signatures does.
    let signer =
        root.new_responder(&server, key(), &Default::default(), NOW, &mut SysRng).unwrap().certificate;
    let own = signer.subject_key_identifier().unwrap();
    assert!(speaks_for(&signer, &server, &message(&server, None)));
    assert!(speaks_for(&signer, &server, &message(&server, Some(&own))));
    assert!(!speaks_for(&signer, &server, &message(&server, Some(&[7; 20]))), "another key is named");
    assert!(!speaks_for(&signer, &server, &message(&other, None)), "another sender is named");
    assert!(!speaks_for(&signer, &other, &message(&server, None)), "another was asked");
    assert!(!speaks_for(&signer, &other, &message(&other, None)), "another's certificate");
    let root = &root.certificate;
    assert!(
        !speaks_for(root, root.subject(), &message(root.subject(), None)),
        "it signs certificates and lists"
    );
}
