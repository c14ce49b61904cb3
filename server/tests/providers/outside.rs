//! The sandbox as a child process: started with keys of its own, stopped with the test.

use serde::de::DeserializeOwned;
use serde_json::Value;
use server::clock::{Dice, SystemClock, SystemEntropy};
use server::outside::Surroundings;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

pub struct Outside {
    child: Child,
    dir: PathBuf,
    http: String,
    client: reqwest::Client,
}

impl Outside {
    /// A sandbox with nothing in it. Its keys are made once and copied: making them takes seconds.
    pub fn start() -> Outside {
        static KEYS: OnceLock<PathBuf> = OnceLock::new();
        let keys = KEYS.get_or_init(|| {
            let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("outside-keys");
            // Written last, so what lies beside it is whole.
            if !dir.join("credentials.toml").exists() {
                stop(&mut spawn(&dir).0);
            }
            dir
        });
        let dir = fresh_dir();
        copy(keys, &dir);
        let (child, http) = spawn(&dir);
        Outside { child, dir, http, client: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    /// A section of credentials.toml as the product's own settings: what an operator would paste.
    pub fn settings<T: DeserializeOwned>(&self, section: &str) -> T {
        let text = std::fs::read_to_string(self.dir.join("credentials.toml")).unwrap();
        let mut table: toml::Table = text.parse().unwrap();
        anchor(&mut table, &self.dir);
        table.remove(section).unwrap().try_into().unwrap()
    }

    pub async fn control(&self, path: &str) -> Value {
        let url = format!("{}/control/{path}", self.http);
        self.client.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Posts to the control and expects success.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}/control/{path}", self.http);
        let request = self.client.post(url).header("content-type", "application/json").body(body.to_string());
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// The bytes at a path below the control.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let url = format!("{}/control/{path}", self.http);
        self.client.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        stop(&mut self.child);
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// The machine's clock and dice, as the office itself has them.
pub fn surroundings() -> Surroundings {
    Surroundings::new(Arc::new(SystemClock), Dice::new(Arc::new(SystemEntropy::default()))).unwrap()
}

/// A number that no test of this run has used.
pub fn fresh(prefix: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("{prefix}{}{:04}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Asks until the answer is there, for ten seconds.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("CERTHALL_SANDBOX") {
        return named.into();
    }
    // target/debug/deps/providers-… → target/debug/sandbox
    let here = std::env::current_exe().unwrap();
    let beside = here.parent().and_then(Path::parent).unwrap().join("sandbox");
    assert!(beside.exists(), "build it first: cargo build -p sandbox (looked for {})", beside.display());
    beside
}

fn spawn(dir: &Path) -> (Child, String) {
    let mut child = Command::new(program())
        .args(["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--clock-speed", "120", "--credentials"])
        .arg(dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let http = line.split_whitespace().find_map(|word| word.strip_prefix("http=")).map(str::to_owned);
    (child, http.unwrap_or_else(|| panic!("the sandbox did not start: {line:?}")))
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn fresh_dir() -> PathBuf {
    let dir = std::env::temp_dir().join(fresh("certhall-providers-"));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn anchor(table: &mut toml::Table, dir: &Path) {
    for (key, value) in table.iter_mut() {
        match value {
            toml::Value::Table(inner) => anchor(inner, dir),
            toml::Value::String(path) if key.ends_with("_file") => {
                *path = dir.join(&*path).display().to_string()
            }
            _ => {}
        }
    }
}
