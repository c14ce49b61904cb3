//! Authorities whose keys never leave a device: SoftHSM2 behind the signer's process.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use certificate::profile::ORGANISATION_SIGNING;
use certificate::{Certificate, Draft, Facts, Serial, Validity};
use signer::{Grant, Remote, SharedSecret, SigningDesk, Slot, TokenMaker, Work};

use crate::chain::openssl;
use crate::house::{DAY, name, subject_key};
use crate::process::{PROGRAM, Running, ready};

const SETTINGS: &str = r#"
socket = "signer.sock"
secret_file = "office.secret"
[keyring]
key_dir = "keys"
log_file = "acts.log"
[keyring.keys]
root = { device = "hsm" }
issuing = { device = "hsm", label = "issuing 2026" }
[keyring.devices.hsm]
module = "/usr/lib/softhsm/libsofthsm2.so"
token = "certhall"
pin_file = "pin"
"#;

fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env("SOFTHSM2_CONF", folder.join("softhsm2.conf"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    said
}

fn house() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::create_dir(place("tokens")).unwrap();
    let tokens =
        format!("directories.tokendir = {}\nobjectstore.backend = file\n", place("tokens").display());
    fs::write(place("softhsm2.conf"), tokens).unwrap();
    fs::write(place("pin"), "987654\n").unwrap();
    fs::set_permissions(place("pin"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(place("signer.toml"), SETTINGS).unwrap();
    let init = ["--init-token", "--free", "--label", "certhall", "--so-pin", "12345678", "--pin", "987654"];
    run(folder.path(), "softhsm2-util", &init);
    folder
}

/// A root with P-256 and an issuing authority with RSA-3072, and the other way round: made, served, judged by OpenSSL.
#[tokio::test]
async fn openssl_accepts_chains_from_a_device() {
    for (root, issuing) in [("p256", "rsa3072"), ("rsa3072", "p256")] {
        let folder = house();
        let signer = |arguments: &str| {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            run(folder.path(), PROGRAM, &[&["--settings", "signer.toml"][..], &arguments].concat())
        };
        signer("new-secret");
        signer(&format!("new-root root --device --kind {root} --organisation O --common-name Root"));
        signer(&format!(
            "new-issuing issuing --under root --device --kind {issuing} --organisation O --common-name Issuing"
        ));
        let shown = signer("show");
        assert!(shown.contains("issuing: in the device hsm"), "{shown}");
        let mut serving = Command::new(PROGRAM);
        serving.args(["--settings", "signer.toml", "serve"]).stdout(Stdio::piped());
        serving.current_dir(folder.path()).env("SOFTHSM2_CONF", folder.path().join("softhsm2.conf"));
        let running: Running = ready(serving);
        issue_and_judge(folder.path()).await;
        drop(running);
    }
}

async fn issue_and_judge(folder: &Path) {
    let place = |name: &str| folder.join(name);
    let secret = SharedSecret::from_file(&place("office.secret")).unwrap();
    let remote = Remote::new(place("signer.sock"), &secret);
    let keys = remote.list_keys().await.unwrap();
    let issuing = keys.iter().find(|key| key.name == "issuing").unwrap();
    assert!(!issuing.demo);
    let issuer = Certificate::from_der(&issuing.certificate).unwrap();
    let now = (signer::system_clock())();
    let facts = Facts {
        serial: Serial::generate(&mut getrandom::SysRng).unwrap(),
        subject: name("Some holder"),
        spki: subject_key(),
        validity: Validity { not_before: now, not_after: now + 30 * DAY },
        identity_codes: Vec::new(),
    };
    let draft = Draft::new(&ORGANISATION_SIGNING, &issuer, &Default::default(), &facts).unwrap();
    let draft = draft.lint().unwrap().to_be_signed();
    let profile = ORGANISATION_SIGNING.name.to_owned();
    let grant = Grant {
        issuer: "issuing".to_owned(),
        profile: profile.clone(),
        spki_digest: certificate::digest::spki_digest(&facts.spki),
        case: "order 1".to_owned(),
        slot: Slot::Sign,
        expires_at: now + 60,
    };
    let token = TokenMaker::new(&secret).make(grant);
    let work = Work::Certificate { profile, to_be_signed: draft.bytes().to_vec(), token };
    let signature = remote.sign("issuing", vec![work]).await.remove(0).unwrap();
    fs::write(place("leaf.crt"), draft.attach(&signature).unwrap().certificate().to_pem()).unwrap();
    let path = |name: &str| place(name).display().to_string();
    let (root, issuing, leaf) = (path("keys/root.crt"), path("keys/issuing.crt"), path("leaf.crt"));
    let said = openssl(&[
        "verify",
        "-x509_strict",
        "-check_ss_sig",
        "-CAfile",
        &root,
        "-untrusted",
        &issuing,
        &leaf,
    ]);
    assert!(said.contains("OK"), "{said}");
}
