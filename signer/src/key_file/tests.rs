use super::*;
use certificate::KeyKind;
use std::fs;

fn key() -> SoftwareKey {
    SoftwareKey::generate(KeyKind::Sm2, &mut getrandom::SysRng).unwrap()
}

fn written(demo: bool) -> (tempfile::TempDir, std::path::PathBuf, SoftwareKey) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("issuing.key");
    let key = key();
    write(&file, "issuing", &key, demo, &Passphrase::new("correct horse"), Cost::RANDOM).unwrap();
    (folder, file, key)
}

#[test]
fn a_key_comes_back_as_it_was_and_only_with_its_passphrase() {
    let (_folder, file, key) = written(false);
    let opened = read(&file, "issuing", &Passphrase::new("correct horse"), false).unwrap();
    assert_eq!(opened.spki(), key.spki());
    assert_eq!(opened.sign(b"m").unwrap(), key.sign(b"m").unwrap());
    let other = read(&file, "issuing", &Passphrase::new("correct house"), false);
    assert!(matches!(other, Err(KeyFileError::Passphrase(_))));
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("DEMO"));
    assert_eq!(peek(&file).unwrap().kind, "sm2");
}

#[test]
fn the_file_is_its_owners_alone_and_is_never_overwritten() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, file, _) = written(false);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&file).unwrap();
    let again = write(&file, "issuing", &key(), false, &Passphrase::new("x"), Cost::RANDOM);
    assert!(matches!(again, Err(KeyFileError::Stands(_))));
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let open = read(&file, "issuing", &Passphrase::new("correct horse"), false).unwrap_err();
    assert!(open.to_string().contains("chmod 600"));
}

/// No line of the header can be changed, not even the demo mark or the cost.
#[test]
fn a_changed_header_or_key_does_not_open() {
    let (_folder, file, _) = written(true);
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("演示密钥"));
    let banner = text.lines().nth(1).unwrap().to_owned() + "\n";
    let unmarked = text.replace(&banner, "").replace("demo: yes", "demo: no");
    let renamed = text.replace("name: issuing", "name: root");
    let cheaper = text.replace("m=64 ", "m=72 ");
    let at = text.find("sealed: ").unwrap() + 12;
    let mut bytes = text.clone().into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(bytes).unwrap();
    for (text, name) in [(unmarked, "issuing"), (renamed, "root"), (cheaper, "issuing"), (changed, "issuing")]
    {
        fs::write(&file, &text).unwrap();
        let opened = read(&file, name, &Passphrase::new("correct horse"), true);
        assert!(matches!(opened, Err(KeyFileError::Passphrase(_))), "{text}");
    }
}

#[test]
fn a_demo_key_is_refused_outside_a_demo() {
    let (_folder, file, _) = written(true);
    assert!(matches!(
        read(&file, "issuing", &Passphrase::new("correct horse"), false),
        Err(KeyFileError::Demo(_))
    ));
    assert!(read(&file, "issuing", &Passphrase::new("correct horse"), true).is_ok());
}

#[test]
fn a_file_under_another_keys_name_is_refused() {
    let (_folder, file, _) = written(false);
    assert!(read(&file, "root", &Passphrase::new("correct horse"), false).is_err());
}

#[test]
fn costs_beyond_reason_and_foreign_files_are_refused() {
    let (_folder, file, _) = written(false);
    let text = fs::read_to_string(&file).unwrap().replace("m=64 ", "m=4194305 ");
    fs::write(&file, text).unwrap();
    let greedy = read(&file, "issuing", &Passphrase::new("correct horse"), false).unwrap_err();
    assert!(greedy.to_string().contains("beyond reason"));
    fs::write(&file, "-----BEGIN PRIVATE KEY-----\n").unwrap();
    assert!(peek(&file).is_err());
}

#[test]
fn nothing_secret_is_printed() {
    let (_folder, file, key) = written(false);
    let secret = hex::encode(key.to_pkcs8_der().unwrap().as_slice());
    let shown = format!("{:?} {:?} {key:?}", Passphrase::new("correct horse"), peek(&file).unwrap());
    assert!(!shown.contains("horse") && !shown.contains(&secret[40..80]));
}
