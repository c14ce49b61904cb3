//! `certhall-signer` as a process: an operator's commands, the office's calls, a kill in between.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use certificate::KeyKind;
use signer::{Remote, SharedSecret, SigningDesk};

use crate::chain::openssl;
use crate::house::{House, NOW, grant};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_certhall-signer");

/// Killed when dropped.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn settings_file(folder: &Path, demo: bool) -> PathBuf {
    let file = folder.join("signer.toml");
    let text = format!(
        "socket = \"signer.sock\"\nsecret_file = \"office.secret\"\n[keyring]\nkey_dir = \"authority-keys\"\n\
         passphrase_file = \"passphrase\"\nlog_file = \"acts.log\"\ndemo = {demo}\n"
    );
    fs::write(&file, text).unwrap();
    file
}

fn start(folder: &Path) -> Running {
    let mut command = Command::new(PROGRAM);
    command.arg("--settings").arg(folder.join("signer.toml")).arg("serve").stdout(Stdio::piped());
    ready(command)
}

/// Waits until it serves.
pub fn ready(mut command: Command) -> Running {
    let mut child = command.spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines();
    let running = Running(child);
    assert!(said.map_while(Result::ok).any(|line| line.starts_with("ready: ")), "it never was ready");
    running
}

/// A house whose signer is a process; its clock is the machine's.
fn house() -> (House, Remote) {
    let house = House::empty();
    let now = (signer::system_clock())();
    house.now.store(now, std::sync::atomic::Ordering::Relaxed);
    house.make(KeyKind::Sm2);
    settings_file(house.folder.path(), true);
    let secret = house.folder.path().join("office.secret");
    fs::write(&secret, house.secret.to_hex().as_bytes()).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let remote = Remote::new(house.folder.path().join("signer.sock"), &house.secret);
    (house, remote)
}

#[tokio::test]
async fn the_office_goes_on_after_the_signer_was_killed() {
    let (house, remote) = house();
    let (first, second) = (house.draft(), house.draft());
    let work = |draft: &certificate::ToBeSigned, case: &str| {
        let mut grant = grant(draft, case);
        grant.expires_at = i64::MAX;
        house.work_with(draft, grant)
    };
    let running = start(house.folder.path());
    let signature = remote.sign("issuing", vec![work(&first, "order 1")]).await.remove(0).unwrap();
    drop(running);
    let away = remote.list_keys().await.unwrap_err();
    assert_eq!((away.code(), away.is_passing()), ("signer_unreachable", true));

    let running = start(house.folder.path());
    let again = remote.sign("issuing", vec![work(&first, "order 1"), work(&second, "order 2")]).await;
    assert_eq!(again[0].as_ref().unwrap(), &signature);
    let certificate = second.attach(again[1].as_ref().unwrap()).unwrap().into_certificate();
    certificate.verify(&house.certificate("issuing")).unwrap();
    let other = remote.sign("issuing", vec![work(&house.draft(), "order 1")]).await;
    assert_eq!(other[0].as_ref().unwrap_err().code(), "signer_signed_before");
    let names: Vec<_> = remote.list_keys().await.unwrap().into_iter().map(|key| key.name).collect();
    assert_eq!(names, ["issuing", "root"]);

    let limits = fs::read_to_string(format!("/proc/{}/limits", running.0.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}

/// The checks are the same over the link: the signer believes tokens, not the office's process.
#[tokio::test]
async fn refusals_come_back_with_their_codes() {
    let (house, remote) = house();
    let _running = start(house.folder.path());
    let draft = house.draft();
    let code = async |work| remote.sign("issuing", vec![work]).await.remove(0).unwrap_err().code();
    let mut other = grant(&draft, "order 1");
    other.expires_at = i64::MAX;
    other.issuer = "root".to_owned();
    assert_eq!(code(house.work_with(&draft, other)).await, "signer_token_issuer");
    assert_eq!(
        code(house.work(&draft, "order 1")).await,
        "signer_token_expired",
        "the clock is the signer's"
    );
    let stranger = House::new(KeyKind::Sm2);
    assert_eq!(code(stranger.work(&draft, "order 1")).await, "signer_token_forged");
    let unknown = remote.sign("nobody", vec![house.work(&draft, "order 1")]).await;
    assert_eq!(unknown[0].as_ref().unwrap_err().code(), "signer_unknown_key");
}

#[tokio::test]
async fn a_long_batch_comes_back_whole_and_in_order() {
    let (house, remote) = house();
    let _running = start(house.folder.path());
    let draft = house.draft();
    let work = (0..600).map(|n| {
        let mut grant = grant(&draft, &format!("order {n}"));
        grant.expires_at = if n % 100 == 7 { NOW } else { i64::MAX };
        house.work_with(&draft, grant)
    });
    let signed = remote.sign("issuing", work.collect()).await;
    // A draft at hand crosses the border as its bytes.
    let mut linted = grant(&draft, "order 600");
    linted.expires_at = i64::MAX;
    let linted = signer::Work::certificate(&draft, house.token(linted));
    assert!(remote.sign("issuing", vec![linted]).await[0].is_ok());
    let refused: Vec<_> = (0..600).filter(|n| signed[*n].is_err()).collect();
    assert_eq!(refused, [7, 107, 207, 307, 407, 507]);
}

fn command(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let settings = folder.join("signer.toml");
    let output = Command::new(PROGRAM).arg("--settings").arg(settings).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// C19: an authority for production is made with minutes, and OpenSSL finds its chain good.
#[test]
fn an_operator_makes_an_authority_for_production() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    let good = |arguments: &[&str]| {
        let (success, said) = command(folder.path(), arguments);
        assert!(success, "{arguments:?}: {said}");
        said
    };
    settings_file(folder.path(), false);
    fs::write(place("passphrase"), "a passphrase that two people know\n").unwrap();
    fs::set_permissions(place("passphrase"), fs::Permissions::from_mode(0o600)).unwrap();
    good(&["new-secret"]);
    assert!(SharedSecret::from_file(Path::new(&place("office.secret"))).is_ok());

    let subject = |name| ["--organisation", "某某电子认证中心", "--common-name", name];
    let root = [&["new-root", "root", "--kind", "p256"][..], &subject("Root CA")].concat();
    let minutes = place("root.txt");
    let said = good(&[&root[..], &["--minutes", &minutes]].concat());
    assert!(said.contains("公钥 SM3"), "{said}");
    assert!(fs::read_to_string(&minutes).unwrap().contains("见证人"));

    // RSA comes from outside, here for an authority below a P-256 root.
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", &place("rsa.pem")]);
    let rsa = place("rsa.pem");
    let below = ["new-issuing", "issuing_rsa", "--under", "root", "--import", &rsa];
    good(
        &[&below[..], &subject("Issuing RSA CA"), &["--crl-url", "http://ca.example/issuing_rsa.crl"]]
            .concat(),
    );
    let file = |name: &str| folder.path().join("authority-keys").join(name).display().to_string();
    let (root_file, issuing) = (file("root.crt"), file("issuing_rsa.crt"));
    let verdict = openssl(&["verify", "-x509_strict", "-check_ss_sig", "-CAfile", &root_file, &issuing]);
    assert!(verdict.contains("OK"), "{verdict}");

    let (again, said) = command(folder.path(), &root);
    assert!(!again && said.contains("already"), "{said}");
    let shown = good(&["show"]);
    assert!(shown.contains("demo: no") && shown.contains("kind: rsa3072"), "{shown}");
    assert!(!fs::read_to_string(file("root.key")).unwrap().contains("DEMO"));
    let checked = good(&["verify-log"]);
    assert!(checked.contains("the chain holds") && checked.contains(" 0 lines after"), "{checked}");
    assert!(
        fs::read_to_string(place("acts.log")).unwrap().contains("already"),
        "the failure stands there too"
    );
    let (unknown, said) = command(folder.path(), &["new-issuing", "x", "--wat"]);
    assert!(!unknown && said.contains("--under"), "{said}");
}

/// It mints every order token: nobody but its owner, and the office's group where one is set, may read it.
#[test]
fn a_secret_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("office.secret");
    SharedSecret::from_file_or_new(&file).unwrap();
    let group = fs::metadata(&file).unwrap().gid();
    let set = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    for (mode, alone, with_group) in [
        (0o600, true, true),
        (0o640, false, true),
        (0o660, false, false),
        (0o644, false, false),
        (0o604, false, false),
    ] {
        set(mode);
        assert_eq!(SharedSecret::from_file(&file).is_ok(), alone, "{mode:o}");
        assert_eq!(SharedSecret::from_file_of_group(&file, Some(group)).is_ok(), with_group, "{mode:o}");
    }
    set(0o640);
    assert!(SharedSecret::from_file_of_group(&file, Some(group + 1)).is_err(), "another group's");
}

/// A ceremony holds keys as well as the process that serves: its memory is private before it asks for the passphrase.
#[test]
fn a_ceremony_keeps_its_memory_private() {
    let folder = tempfile::tempdir().unwrap();
    settings_file(folder.path(), false);
    let fifo = folder.path().join("passphrase");
    assert!(Command::new("mkfifo").args(["-m", "600"]).arg(&fifo).status().unwrap().success());
    let mut command = Command::new(PROGRAM);
    command.arg("--settings").arg(folder.path().join("signer.toml")).args(["new-key", "k", "--kind", "sm2"]);
    let running = Running(command.stdout(Stdio::null()).spawn().unwrap());
    // Opening waits for the ceremony to open its end.
    let passphrase = fs::OpenOptions::new().write(true).open(&fifo).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.0.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(5), Some("0"), "the hard limit: {core}");
    drop(passphrase);
}
