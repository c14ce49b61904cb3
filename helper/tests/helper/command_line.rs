//! A person at the command line, and the files by which a browser finds the helper.

use std::process::{Command, Output};

use base64::{Engine, engine::general_purpose::STANDARD};
use key::message::EXTENSION_ID;
use sha2::Digest;

use super::Desk;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certhall-helper")).args(arguments).output().unwrap()
}

fn says(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_soft_key_is_made_inserted_shown_and_removed() {
    let desk = Desk::set_up();
    let dir = desk.dir.path().to_str().unwrap();
    assert_eq!(says(&["soft", "new", "--dir", dir, "--serial", "SKNEW00001"]), "SKNEW00001\n");
    assert!(says(&["soft", "list", "--dir", dir]).contains("SKNEW00001\tremoved\tblank\t"));
    says(&["soft", "insert", "--dir", dir, "SKNEW00001"]);
    assert!(says(&["soft", "list", "--dir", dir]).contains("SKNEW00001\tinserted\tblank\t"));
    says(&["soft", "remove", "--dir", dir, "SKNEW00001"]);
    assert!(says(&["soft", "list", "--dir", dir]).contains("SKNEW00001\tremoved\tblank\t"));
    // A second one of the same serial, and one that is not there.
    assert!(!run(&["soft", "new", "--dir", dir, "--serial", "SKNEW00001"]).status.success());
    assert!(!run(&["soft", "insert", "--dir", dir, "SKNOBODY"]).status.success());
    // What it has answered so far.
    desk.helper().ask(key::message::Request::ListKeys {});
    assert!(says(&["soft", "show", "--dir", dir, &desk.serial]).starts_with("1 00 A4 04 00 lc=10 sw=9000\n"));
}

#[test]
fn the_extension_has_the_id_everybody_expects() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/extension");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(format!("{folder}/manifest.json")).unwrap()).unwrap();
    // Chromium's rule: the first 16 bytes of SHA-256 of the public key, each hex digit moved to a–p.
    let public_key = STANDARD.decode(manifest["key"].as_str().unwrap()).unwrap();
    let id: String = hex::encode(&sha2::Sha256::digest(public_key)[..16])
        .bytes()
        .map(|digit| char::from(b'a' + if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }))
        .collect();
    assert_eq!(id, EXTENSION_ID);
    // It asks for nothing but the helper, and runs in no page.
    assert_eq!(manifest["permissions"], serde_json::json!(["nativeMessaging"]));
    assert!(manifest.get("host_permissions").is_none() && manifest.get("content_scripts").is_none());
    let worker = std::fs::read_to_string(format!("{folder}/worker.js")).unwrap();
    assert!(worker.contains("'cn.certhall.helper'"));
}

#[test]
fn without_a_task_it_says_what_it_could_do() {
    let output = run(&[]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("soft new"));
    assert!(says(&["--help"]).contains("doctor"));
    assert!(!run(&["soft", "list", "--nonsense"]).status.success());
}
