//! An office that a helper obeys: its key in the person's settings, and mandates signed with it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use certificate::KeyPair;
use getrandom::SysRng;
use key::{
    mandate::{Given, Mandate, request_digest, signed_bytes, station_digest},
    message::Request,
};
use serde_json::{Value, json};

use super::person::Person;

#[derive(Clone)]
pub struct Counter {
    pub origin: String,
    pair: Arc<KeyPair>,
}

impl Counter {
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.into(), pair: Arc::new(KeyPair::generate(&mut SysRng).unwrap()) }
    }

    /// As `GET /helper/office.json` says it.
    pub fn line(&self) -> Value {
        json!({ "origin": self.origin, "mandate_key": STANDARD.encode(self.pair.public_key().to_spki_der()) })
    }

    pub fn install(&self, folder: &Path, person: &Person) {
        write_settings(folder, &json!({ "offices": [self.line()], "prompt": { "unix": person.path } }));
    }

    /// What the office would sign for this request now.
    pub fn mandate(&self, request: &Request, station: &str) -> Mandate {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Mandate {
            origin: self.origin.clone(),
            order: Some("CH20261122".into()),
            step: Some("key_login".into()),
            purpose: "证书更新 订单CH20261122：验证证书密码".into(),
            key_serial: None,
            request_digest: request_digest(request),
            station: station_digest(&STANDARD.decode(station).unwrap()),
            nonce: hex::encode(certificate::Serial::generate(&mut SysRng).unwrap().to_hex()),
            expires_at: now + 60,
        }
    }

    pub fn sign(&self, mandate: &Mandate) -> Given {
        let text = mandate.text().unwrap();
        let signature = STANDARD.encode(self.pair.sign(&signed_bytes(&text)).unwrap());
        Given { text, signature }
    }

    pub fn give(&self, request: &Request, station: &str) -> Given {
        self.sign(&self.mandate(request, station))
    }
}

pub fn write_settings(folder: &Path, settings: &Value) {
    let file = folder.join("certhall/helper.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, settings.to_string()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
}
