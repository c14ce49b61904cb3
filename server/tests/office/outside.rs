//! The outside world: the sandbox as a child process with keys of its own, and its control.

use crate::town::until;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

pub struct Outside {
    child: Child,
    folder: TempDir,
    http: String,
    client: reqwest::Client,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Sms {
    pub kind: String,
    pub params: Vec<String>,
    pub text: String,
    /// The carrier's number of it.
    pub serial: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    pub number: u64,
    pub envelope_to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    pub index: usize,
    pub name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Credit {
    pub account_name: String,
    pub fen: i64,
    pub remark: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Trade {
    pub out_trade_no: String,
    pub state: String,
    pub fen: i64,
    #[serde(default)]
    pub refunded_fen: i64,
}

/// One exchange as the outside world saw it.
#[derive(Clone, Debug, Deserialize)]
pub struct Exchange {
    pub direction: String,
    pub action: String,
    pub verdict: String,
}

impl Outside {
    /// An empty world.
    pub fn start() -> Outside {
        let folder = tempfile::tempdir().unwrap();
        copy(&keys(), folder.path());
        let (child, http) = spawn(folder.path());
        Outside { child, folder, http, client: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    /// What an operator would paste into the office's settings.
    pub fn credentials(&self) -> PathBuf {
        self.folder.path().join("credentials.toml")
    }

    /// A file of the providers' own: what only they could sign with.
    pub fn provider_file(&self, name: &str) -> PathBuf {
        self.folder.path().join("providers").join(name)
    }

    async fn control<T: DeserializeOwned>(&self, path: &str, part: &str) -> T {
        let answer = self.client.get(format!("{}/control/{path}", self.http)).send().await.unwrap();
        let mut body: Value = answer.json().await.unwrap();
        serde_json::from_value(body[part].take()).unwrap()
    }

    async fn change(&self, path: &str, body: Value) -> Result<Value, String> {
        let answer =
            self.client.post(format!("{}/control/{path}", self.http)).json(&body).send().await.unwrap();
        let good = answer.status().is_success();
        let text = answer.text().await.unwrap();
        if good { Ok(serde_json::from_str(&text).unwrap_or(Value::Null)) } else { Err(text) }
    }

    /// Every message on this phone, oldest first.
    pub async fn messages(&self, phone: &str) -> Vec<Sms> {
        self.control(&format!("sms?phone={phone}"), "messages").await
    }

    /// The messages of one kind, once there are so many.
    pub async fn messages_of(&self, phone: &str, kind: &str, count: usize) -> Vec<Sms> {
        until(&format!("{count} message(s) {kind} on {phone}"), || async {
            let mut all = self.messages(phone).await;
            all.retain(|sms| sms.kind == kind);
            (all.len() >= count).then_some(all)
        })
        .await
    }

    /// Every letter in this mailbox, oldest first.
    pub async fn mails(&self, to: &str) -> Vec<Mail> {
        self.control(&format!("mail?to={to}"), "mails").await
    }

    pub async fn mail_about(&self, to: &str, word: &str) -> Mail {
        until(&format!("a letter about {word} to {to}"), || async {
            self.mails(to).await.into_iter().find(|mail| mail.subject.contains(word))
        })
        .await
    }

    pub async fn attachment(&self, mail: &Mail, ending: &str) -> Vec<u8> {
        let part =
            mail.attachments.iter().find(|part| part.name.ends_with(ending)).expect("such an attachment");
        let url = format!("{}/control/mail/{}/{}", self.http, mail.number, part.index);
        self.client.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
    }

    /// The statement of a company's account.
    pub async fn statement(&self, account: &str) -> Vec<Credit> {
        self.control(&format!("bank?account={account}"), "lines").await
    }

    pub async fn trades(&self) -> Vec<Trade> {
        self.control("trades", "trades").await
    }

    pub async fn history(&self, about: &str) -> Vec<Exchange> {
        self.control(&format!("history?about={about}"), "entries").await
    }

    /// The whole exchange about a subject, oldest first.
    pub async fn exchanges(&self, about: &str) -> Vec<Value> {
        self.control(&format!("history?about={about}"), "entries").await
    }

    /// The parcels that the couriers' tracker was asked to follow.
    pub async fn parcels(&self) -> Vec<Value> {
        self.control("courier", "parcels").await
    }

    /// Somebody scans the parcel.
    pub async fn move_parcel(&self, number: &str, state: &str) {
        self.change("courier", json!({ "number": number, "state": state })).await.unwrap();
    }

    /// A person scans the code and pays what is asked.
    pub async fn pay(&self, code: &str) {
        self.change("pay", json!({ "code_or_out_trade_no": code })).await.unwrap();
    }

    /// Pays what is closed or expired, as when closing and paying cross on the way.
    pub async fn pay_all_the_same(&self, code: &str) {
        self.change("pay", json!({ "code_or_out_trade_no": code, "force": true })).await.unwrap();
    }

    pub async fn pay_other_amount(&self, code: &str, fen: i64) {
        self.change("pay", json!({ "code_or_out_trade_no": code, "amount_fen": fen })).await.unwrap();
    }

    /// Every notice of the trade goes out once more.
    pub async fn notices_again(&self, out_trade_no: &str) {
        let sent = self.change("notices/again", json!({ "out_trade_no": out_trade_no })).await.unwrap();
        assert_ne!(sent["sent"], 0, "there is something to repeat");
    }

    /// Sets fault switches; `{"clear": true}` first turns all off.
    pub async fn faults(&self, switches: Value) {
        self.change("faults", switches).await.unwrap();
    }

    pub async fn no_faults(&self) {
        self.faults(json!({ "clear": true })).await;
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The world's keys, made once and copied from then on: making them takes seconds, and each test may be a process.
fn keys() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-keys");
    std::fs::create_dir_all(&folder).unwrap();
    let made = folder.join("made");
    let turn = File::create(folder.join("lock")).unwrap();
    turn.lock().unwrap();
    if !made.join("credentials.toml").exists() {
        let (mut child, _) = spawn(&made);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    made
}

/// The program beside the test binaries (`target/debug/deps/office-…` → `target/debug/sandbox`), built if it is missing.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        if let Some(named) = std::env::var_os("CERTHALL_SANDBOX") {
            return named.into();
        }
        let here = std::env::current_exe().unwrap();
        let beside = here.parent().and_then(Path::parent).unwrap();
        let program = beside.join("sandbox");
        if !program.exists() {
            eprintln!("building the sandbox first: cargo build -p sandbox");
            let built = Command::new(env!("CARGO"))
                .args(["build", "-p", "sandbox", "--target-dir"])
                .arg(beside.parent().unwrap())
                .status()
                .unwrap();
            assert!(built.success(), "the sandbox can be built");
        }
        program
    })
}

fn spawn(folder: &Path) -> (Child, String) {
    let mut child = Command::new(program())
        .args(["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--clock-speed", "300", "--credentials"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let http = line.split_whitespace().find_map(|word| word.strip_prefix("http=")).map(str::to_owned);
    (child, http.unwrap_or_else(|| panic!("the sandbox did not start: {line:?}")))
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
