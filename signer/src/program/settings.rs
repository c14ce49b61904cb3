//! `signer.toml`. Paths in it are relative to it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use signer::KeyringSettings;

/// ```toml
/// socket = "/run/certhall/signer.sock"
/// secret_file = "office.secret"            # shared with the office
/// # office_group = 990                     # where the office runs as another user: the socket's group
///
/// [keyring]
/// key_dir = "authority-keys"
/// passphrase_file = "/run/credentials/passphrase"
/// log_file = "acts.log"
///
/// [keyring.keys.issuing_p256]
/// device = "hsm"
/// [keyring.devices.hsm]
/// module = "/usr/lib/softhsm/libsofthsm2.so"
/// token = "certhall"
/// pin_file = "/run/credentials/pin"
/// ```
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerSettings {
    pub socket: PathBuf,
    pub secret_file: PathBuf,
    pub office_group: Option<u32>,
    /// A filter of `tracing`.
    #[serde(default = "info")]
    pub log: String,
    pub keyring: KeyringSettings,
}

fn info() -> String {
    "info".to_owned()
}

impl SignerSettings {
    pub fn load(file: &Path) -> Result<Self, String> {
        let fail = |why: String| format!("{}: {why}", file.display());
        let text = std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?;
        let mut settings: SignerSettings = toml::from_str(&text).map_err(|e| fail(e.to_string()))?;
        let folder = file.parent().unwrap_or(Path::new("."));
        let keyring = &mut settings.keyring;
        let mut paths = vec![
            &mut settings.socket,
            &mut settings.secret_file,
            &mut keyring.key_dir,
            &mut keyring.log_file,
        ];
        paths.extend(&mut keyring.passphrase_file);
        for device in keyring.devices.values_mut() {
            paths.extend([&mut device.module, &mut device.pin_file]);
        }
        for path in paths {
            *path = folder.join(&*path);
        }
        Ok(settings)
    }
}
