//! Our office as it is delivered, in a folder of its own that goes with it: demonstration authorities, one partner, and
//! outside parties that nobody will ask for anything.

use crate::Failure;
use crate::dice::Dice;
use crate::load::{Target, get, once, post};
use crate::requests::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::{Certificate, KeyPair};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(60);
const TOKEN: &str = "bench-partner-token";
/// As much of a bundle as the office demands.
const INDEX: &str = "<!DOCTYPE html><html><head><script type=\"module\" nonce=\"{{__TRUNK NONCE__}}\"></script></head>\
    <body></body></html>";

/// An office that stands ready but is closed.
pub struct House {
    folder: PathBuf,
    server: PathBuf,
    pub address: String,
}

/// An open office; it ends with this value.
pub struct Open {
    pub target: Target,
    child: Child,
}

pub fn free_port() -> Result<u16, Failure> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until somebody listens.
pub async fn until_open(address: &str) -> Result<(), Failure> {
    let start = Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_err() {
        if start.elapsed() > PATIENCE {
            return Err(format!("nobody listens at {address}").into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

impl House {
    /// Settings, keys and an empty place for the database.
    pub fn build(server: &Path, folder: PathBuf) -> Result<House, Failure> {
        std::fs::create_dir_all(folder.join("dist"))?;
        std::fs::write(folder.join("dist/index.html"), INDEX)?;
        let pair = KeyPair::generate(&mut Dice::default())?;
        let files = [
            ("secret.txt", "0123456789abcdef0123456789abcdef".to_owned()),
            ("bank-private.txt", hex::encode(pair.to_bytes().as_ref())),
            ("bank-public.txt", hex::encode(pair.public_key().to_point())),
        ];
        for (file, text) in files {
            std::fs::write(folder.join(file), text)?;
        }
        rsa_pair(&folder)?;
        let address = format!("127.0.0.1:{}", free_port()?);
        std::fs::write(folder.join("settings.toml"), settings(&address))?;
        Ok(House { folder, server: server.to_path_buf(), address })
    }

    pub fn database(&self) -> PathBuf {
        self.folder.join("office/office.db")
    }

    /// Starts the office and waits until it is ready.
    pub async fn open(&self) -> Result<Open, Failure> {
        let log = std::fs::File::create(self.folder.join("office.log"))?;
        let child = Command::new(&self.server)
            .arg("--settings")
            .arg(self.folder.join("settings.toml"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{}: {error}", self.server.display()))?;
        let process = child.id().ok_or("the office ended at once")?;
        let mut open = Open { target: Target { address: self.address.clone(), process }, child };
        let start = Instant::now();
        loop {
            if let Ok((200, _)) = once(&self.address, &get("/readyz")).await {
                return Ok(open);
            }
            if open.child.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                return Err(format!("the office does not open:\n{}", self.log()).into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("office.log")).unwrap_or_default()
    }
}

impl Open {
    /// SIGTERM, and waits: what was acknowledged is in the file.
    pub async fn close(mut self) -> Result<(), Failure> {
        let process = self.target.process.to_string();
        Command::new("kill").arg(&process).status().await?;
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await??;
        if ended.success() { Ok(()) } else { Err(format!("the office ended with {ended}").into()) }
    }

    /// The certificate of one of its authorities.
    pub async fn authority(&self, name: &str) -> Result<Certificate, Failure> {
        match once(&self.target.address, &get(&format!("/authority/{name}.crt"))).await? {
            (200, der) => Ok(Certificate::from_der(&der)?),
            (status, _) => Err(format!("/authority/{name}.crt: {status}").into()),
        }
    }
}

/// What Alipay's console would have given out.
fn rsa_pair(folder: &Path) -> Result<(), Failure> {
    for arguments in [
        "genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out alipay-private.pem",
        "pkey -in alipay-private.pem -pubout -out alipay-public.pem",
    ] {
        let mut openssl = std::process::Command::new("openssl");
        let status = openssl.args(arguments.split(' ')).current_dir(folder).stderr(Stdio::null()).status();
        if !status.map_err(|error| format!("openssl: {error}"))?.success() {
            return Err(format!("openssl {arguments} failed").into());
        }
    }
    Ok(())
}

/// `POST /ra/v1/certificates`, under a number of its own.
pub fn issue_call(number: &str, profile: &str, request: &Request) -> Vec<u8> {
    let subject = serde_json::json!({
        "organisation": request.name.organisation,
        "common_name": request.name.common_name,
    });
    let body = serde_json::json!({
        "number": number,
        "profile": profile,
        "subject": subject,
        "request": BASE64.encode(&request.der),
    });
    let token = format!("Authorization: Bearer {TOKEN}\r\n");
    post("/ra/v1/certificates", "application/json", &token, body.to_string().as_bytes())
}

/// The office answers with certificates.
pub fn issued(body: &[u8]) -> bool {
    crate::load::find(body, b"-----BEGIN CERTIFICATE-----").is_some()
}

fn settings(address: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, TOKEN.as_bytes());
    let kinds =
        ["code", "passed", "returned", "rejected", "passcode", "shipped", "notice", "expiring", "unblocked"];
    let templates: Vec<String> = kinds.iter().map(|kind| format!("{kind} = \"1\"")).collect();
    format!(
        r#"[office]
listen = "{address}"
public_origin = "http://{address}"
data_dir = "office"
dist_dir = "dist"
demo = true

[status]
live_per_second = 1000000

[partners.bench]
token_digest = "{digest}"
profiles = ["organisation", "{P256_PROFILE}"]

[alipay]
gateway_url = "http://127.0.0.1:9/gateway.do"
app_id = "2021"
seller_id = "2088"
app_key_file = "alipay-private.pem"
alipay_key_file = "alipay-public.pem"

[sms]
provider = "tencent"
sign_name = "证书大厅"
[sms.tencent]
base_url = "http://127.0.0.1:9"
secret_id = "AKID"
secret_key_file = "secret.txt"
sdk_app_id = "1400"
region = "ap-beijing"
[sms.tencent.templates]
{templates}

[identity]
base_url = "http://127.0.0.1:9"
secret_id = "AKID"
secret_key_file = "secret.txt"
region = "ap-beijing"

[registry]
organisation_url = "http://127.0.0.1:9"
person_url = "http://127.0.0.1:9"
secret_id = "AKID"
secret_key_file = "secret.txt"
region = "ap-beijing"

[bank]
base_url = "http://127.0.0.1:9/cdcserver/api/v2"
uid = "N1"
account = "1"
sm4_key_file = "secret.txt"
private_key_file = "bank-private.txt"
bank_key_file = "bank-public.txt"

[mail]
host = "127.0.0.1"
port = 9
from = "证书大厅 <noreply@certhall.example>"
tls = "none"
"#,
        digest = hex::encode(digest),
        templates = templates.join("\n"),
    )
}

/// The partner's profile for P-256 keys.
pub const P256_PROFILE: &str = "organisation_p256";
