//! The peer: CloudFlare's cfssl as Debian packs it. It signs over HTTP with a P-256 authority and answers OCSP from a file
//! of answers signed beforehand. It keeps a record of what it issues only where it is given a database.

use crate::Failure;
use crate::load::{Target, post};
use crate::office::{free_port, until_open};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::path::Path;
use std::process::Stdio;
use tokio::process::{Child, Command};

/// A running cfssl; ends with this value.
pub struct Cfssl {
    pub target: Target,
    _child: Child,
}

const AUTHORITY: &str =
    r#"{"CN":"Bench CA","key":{"algo":"ecdsa","size":256},"names":[{"C":"CN","O":"Bench"}]}"#;

impl Cfssl {
    /// `cfssl serve` with a fresh P-256 authority; it forgets what it issued.
    pub async fn serve(folder: &Path) -> Result<Cfssl, Failure> {
        make_authority(folder).await?;
        Self::start(folder, "serve", &["-ca", "ca.pem", "-ca-key", "ca-key.pem"]).await
    }

    /// The same with its own database behind it, SQLite as ours: each certificate is on the disk before the answer leaves.
    pub async fn serve_and_record(folder: &Path) -> Result<Cfssl, Failure> {
        make_authority(folder).await?;
        make_database(&folder.join("cfssl.db")).await?;
        std::fs::write(folder.join("db.json"), r#"{"driver":"sqlite3","data_source":"cfssl.db"}"#)?;
        Self::start(folder, "serve", &["-ca", "ca.pem", "-ca-key", "ca-key.pem", "-db-config", "db.json"])
            .await
    }

    /// `cfssl ocspserve` with answers signed beforehand, DER.
    pub async fn answer(folder: &Path, answers: &[Vec<u8>]) -> Result<Cfssl, Failure> {
        use base64::Engine;
        let mut text = String::new();
        for answer in answers {
            base64::engine::general_purpose::STANDARD.encode_string(answer, &mut text);
            text.push('\n');
        }
        std::fs::write(folder.join("responses.txt"), text)?;
        Self::start(folder, "ocspserve", &["-responses", "responses.txt"]).await
    }

    async fn start(folder: &Path, what: &str, more: &[&str]) -> Result<Cfssl, Failure> {
        let port = free_port()?;
        let log = std::fs::File::create(folder.join(format!("{what}.log")))?;
        let child = Command::new("cfssl")
            .args([what, "-address", "127.0.0.1", "-port", &port.to_string(), "-loglevel", "5"])
            .args(more)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cfssl (Debian: golang-cfssl): {error}"))?;
        let address = format!("127.0.0.1:{port}");
        let process = child.id().ok_or("cfssl ended at once")?;
        until_open(&address).await?;
        Ok(Cfssl { target: Target { address, process }, _child: child })
    }
}

/// A fresh P-256 authority in `ca.pem` and `ca-key.pem`.
async fn make_authority(folder: &Path) -> Result<(), Failure> {
    std::fs::write(folder.join("authority.json"), AUTHORITY)?;
    let made = Command::new("cfssl")
        .args(["gencert", "-initca", "authority.json"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .output()
        .await
        .map_err(|error| format!("cfssl (Debian: golang-cfssl): {error}"))?;
    let made: serde_json::Value = serde_json::from_slice(&made.stdout)?;
    for (part, file) in [("cert", "ca.pem"), ("key", "ca-key.pem")] {
        std::fs::write(folder.join(file), made[part].as_str().ok_or("cfssl made no authority")?)?;
    }
    Ok(())
}

/// The tables of cfssl's own migrations, `certdb/sqlite/migrations`.
async fn make_database(file: &Path) -> Result<(), Failure> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = options.connect().await?;
    let tables = "CREATE TABLE certificates (serial_number BLOB NOT NULL, authority_key_identifier BLOB NOT NULL,
                      ca_label BLOB, status BLOB NOT NULL, reason INT, expiry TIMESTAMP, revoked_at TIMESTAMP,
                      pem BLOB NOT NULL, PRIMARY KEY (serial_number, authority_key_identifier));
                  CREATE TABLE ocsp_responses (serial_number BLOB NOT NULL, authority_key_identifier BLOB NOT NULL,
                      body BLOB NOT NULL, expiry TIMESTAMP, PRIMARY KEY (serial_number, authority_key_identifier),
                      FOREIGN KEY (serial_number, authority_key_identifier)
                          REFERENCES certificates (serial_number, authority_key_identifier))";
    sqlx::raw_sql(tables).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// `POST /api/v1/cfssl/sign` of a PEM request.
pub fn sign_call(pem: &str) -> Vec<u8> {
    let body = serde_json::json!({ "certificate_request": pem }).to_string();
    post("/api/v1/cfssl/sign", "application/json", "", body.as_bytes())
}

/// cfssl answers 200 with `"success":true` and a certificate.
pub fn signed(body: &[u8]) -> bool {
    body.starts_with(br#"{"success":true"#)
}
