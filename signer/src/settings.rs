//! What an operator sets. Paths are as the caller resolved them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// Where a ring's keys are. The same in the office's `[signer]` and in `certhall-signer`'s own file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyringSettings {
    /// `<name>.crt` (PEM) for each key, `<name>.key` for those in files. A certificate without a key is only known.
    pub key_dir: PathBuf,
    /// First line: the passphrase of the key files. A demo makes one where none stands.
    pub passphrase_file: Option<PathBuf>,
    /// The log of acts.
    pub log_file: PathBuf,
    /// Whether keys made for trying out may be used, and whether keys made here are such.
    #[serde(default)]
    pub demo: bool,
    /// By key name: what differs from what its certificate tells.
    #[serde(default)]
    pub keys: BTreeMap<String, KeySettings>,
    /// PKCS#11 devices by a name of the operator's.
    #[serde(default)]
    pub devices: BTreeMap<String, DeviceSettings>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySettings {
    /// The profiles that may be signed; by default a root signs authorities, an issuing authority everything else.
    pub profiles: Option<Vec<String>>,
    /// Its device, a name under `devices`; none: a key file.
    pub device: Option<String>,
    /// CKA_LABEL in the device; the key's name by default.
    pub label: Option<String>,
    /// CKA_ID in the device, hexadecimal, where labels are not unique.
    pub id: Option<String>,
}

/// A token behind a PKCS#11 library.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceSettings {
    /// The vendor's library, such as `/usr/lib/softhsm/libsofthsm2.so`.
    pub module: PathBuf,
    /// CK_TOKEN_INFO label.
    pub token: String,
    /// First line: the user PIN.
    pub pin_file: PathBuf,
    /// Sessions kept open, and so signatures made at the same time.
    #[serde(default = "four")]
    pub sessions: usize,
    /// CKM of the vendor's SM2 signature over a finished digest e; standard PKCS#11 knows none.
    pub sm2_sign_mechanism: Option<u64>,
    /// Whether the vendor's SM2 signature comes as DER rather than as r‖s.
    #[serde(default)]
    pub sm2_signature_is_der: bool,
}

fn four() -> usize {
    4
}
