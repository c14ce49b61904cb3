//! A running sandbox with ports and a credentials folder of its own; it ends with the test.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use ring::{rand::SystemRandom, rsa, signature};
use serde_json::{Value, json};
use tempfile::TempDir;

pub struct Outside {
    process: Child,
    pub http: String,
    pub smtp: String,
    folder: TempDir,
    pub credentials: toml::Table,
    pub client: reqwest::Client,
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Keys are made once and copied: making four RSA pairs for every test would take long.
fn keys() -> &'static Path {
    static KEYS: OnceLock<PathBuf> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sandbox-keys");
        let mut first = spawn(&folder, &[]);
        ready_line(&mut first);
        first.kill().unwrap();
        first.wait().unwrap();
        folder
    })
}

pub fn spawn(credentials: &Path, more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--credentials"])
        .arg(credentials)
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

pub fn ready_line(process: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Outside {
    pub fn start() -> Self {
        Self::start_at_speed("1000")
    }

    pub fn start_at_speed(speed: &str) -> Self {
        Self::start_with(&["--clock-speed", speed])
    }

    pub fn start_with(arguments: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        copy_folder(keys(), folder.path());
        let mut process = spawn(folder.path(), arguments);
        let line = ready_line(&mut process);
        let part =
            |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name)).unwrap().to_owned();
        let credentials = fs::read_to_string(part("credentials=")).unwrap().parse().unwrap();
        let client = reqwest::Client::builder().no_proxy().user_agent("test").build().unwrap();
        Self { process, http: part("http="), smtp: part("smtp="), folder, credentials, client }
    }

    pub fn setting(&self, path: &str) -> String {
        let mut names = path.split('.');
        let mut value = &self.credentials[names.next().unwrap()];
        for name in names {
            value = &value[name];
        }
        value.as_str().unwrap().to_owned()
    }

    /// The trimmed text of the file a setting names.
    pub fn file(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(self.setting(path))).unwrap().trim().to_owned()
    }

    pub async fn control(&self, path: &str) -> Value {
        self.client.get(format!("{}/control/{path}", self.http)).send().await.unwrap().json().await.unwrap()
    }

    pub async fn tell(&self, path: &str, body: Value) -> (u16, Value) {
        let posted =
            self.client.post(format!("{}/control/{path}", self.http)).json(&body).send().await.unwrap();
        (posted.status().as_u16(), posted.json().await.unwrap_or_default())
    }

    pub async fn faults(&self, switches: Value) {
        let (status, answer) = self.tell("faults", switches).await;
        assert_eq!(status, 200, "{answer}");
    }

    pub async fn pay(&self, code: &str) {
        let (status, answer) = self.tell("pay", json!({ "code_or_out_trade_no": code })).await;
        assert_eq!(status, 200, "{answer}");
    }
}

/// Asks again until `found` gives something, for at most ten seconds.
pub async fn until<T>(mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(it) = found().await {
            return it;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "it did not come to be in ten seconds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn der(pem: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(pem.lines().filter(|line| !line.contains("-----")).collect::<String>()).unwrap()
}

pub fn rsa_sign(private_pem: &str, text: &str) -> String {
    let key = rsa::KeyPair::from_pkcs8(&der(private_pem)).unwrap();
    let mut made = vec![0; key.public().modulus_len()];
    key.sign(&signature::RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut made).unwrap();
    BASE64_STANDARD.encode(made)
}

pub fn rsa_verifies(public_pem: &str, text: &str, made: &str) -> bool {
    // A 2048-bit SPKI is a fixed 24-byte head before the PKCS#1 key.
    let spki = der(public_pem);
    signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &spki[24..])
        .verify(text.as_bytes(), &BASE64_STANDARD.decode(made).unwrap())
        .is_ok()
}
