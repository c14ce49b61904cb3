use certificate::{KeyKind, SoftwareKey};

use super::*;

fn key() -> Arc<dyn Signer> {
    Arc::new(SoftwareKey::generate(KeyKind::P256, &mut getrandom::SysRng).unwrap())
}

/// Linux tells a failed write to one caller alone: whoever waited beside it must not take the second answer for a yes.
#[test]
fn after_a_failed_sync_nobody_signs() {
    let folder = tempfile::tempdir().unwrap();
    let acts = Acts::open(&folder.path().join("acts.log"), None).unwrap();
    let mut pen = acts.pen();
    pen.write(Act::new(Deed::Certificate, 1));
    let end = pen.finish().unwrap();
    // As the other one leaves it.
    acts.state.lock().unwrap().broken = true;
    assert!(matches!(acts.sync(end), Err(ActsError::Broken)));
}

/// A power cut between the last act and its signature: the next start signs, and the one after finds nothing wrong.
#[test]
fn an_end_without_its_signature_is_signed_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("acts.log"), key());
    let acts = Acts::open(&path, Some(key.clone())).unwrap();
    acts.record(Act::new(Deed::Start, 1)).unwrap();
    acts.record(Act::new(Deed::Stop, 2)).unwrap();
    drop(acts);
    let acts = Acts::open(&path, Some(key.clone())).unwrap();
    acts.record(Act::new(Deed::Start, 3)).unwrap();
    drop(acts);
    Acts::open(&path, Some(key)).unwrap();
}

/// A key that does not sign: the lines do not pile up without end.
#[test]
fn a_log_that_cannot_be_signed_ends() {
    struct Mute(Arc<dyn Signer>);
    impl Signer for Mute {
        fn algorithm(&self) -> certificate::Algorithm {
            self.0.algorithm()
        }
        fn spki(&self) -> Vec<u8> {
            self.0.spki()
        }
        fn sign(&self, message: &[u8]) -> Result<Vec<u8>, certificate::sign::SignerError> {
            match message.starts_with(b"certhall last seal") {
                true => self.0.sign(message),
                false => Err(certificate::sign::SignerError("away".to_owned())),
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let acts = Acts::open(&folder.path().join("acts.log"), Some(Arc::new(Mute(key())))).unwrap();
    let write = |count: u64| {
        let mut pen = acts.pen();
        (0..count).for_each(|_| pen.write(Act::new(Deed::Status, 1)));
        pen.finish()
    };
    write(MOST_UNSEALED).unwrap();
    assert!(matches!(write(1), Err(ActsError::Unsealed)));
}

/// An unsigned row that is longer than any that the signer leaves, in the middle or at the end.
#[test]
fn a_long_row_without_a_signature_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("acts.log"), key());
    drop(Acts::open(&path, Some(key.clone())).unwrap());
    let (mut lines, mut chain) = (Vec::new(), [0; 32]);
    for n in 0..=MOST_UNSEALED {
        chain = line::append(&mut lines, &Act { n, ..Act::new(Deed::Status, 1) }, &chain);
    }
    std::fs::write(&path, lines).unwrap();
    let fault = Acts::open(&path, Some(key)).err().unwrap();
    assert!(matches!(fault, ActsError::Fault(LogFault::Unsealed(2001))), "{fault}");
}
