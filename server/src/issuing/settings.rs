//! What an operator sets about keys, authorities and partners.

use serde::{Deserialize, Deserializer};
use signer::{DeviceSettings, KeySettings};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[signer]`: where the authorities' keys are. With `socket_file` behind `certhall-signer`, else in this process.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignerSettings {
    /// The socket of `certhall-signer`; everything below but `secret_file` is then that program's to know.
    pub socket_file: Option<PathBuf>,
    /// 64 hex digits, shared with `certhall-signer` alone.
    pub secret_file: Option<PathBuf>,
    /// Certificates and sealed keys; `<data_dir>/authority-keys` by default.
    pub key_dir: Option<PathBuf>,
    /// First line: what opens the key files. A demonstration makes one.
    pub passphrase_file: Option<PathBuf>,
    /// Every act of the signer; `acts.log` in the key folder by default.
    pub log_file: Option<PathBuf>,
    /// By authority: what differs from what its certificate tells, such as its device.
    pub keys: BTreeMap<String, KeySettings>,
    /// PKCS#11 devices.
    pub devices: BTreeMap<String, DeviceSettings>,
}

/// `[authority.imported.<name>]`: made elsewhere. PEM files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedAuthority {
    pub certificate_file: PathBuf,
    /// Unencrypted PKCS#8, taken into a sealed key file at the first start; delete it then. None where the signer has the
    /// key already, or nobody signs here (a root kept offline).
    pub key_file: Option<PathBuf>,
}

/// `[upstream]`: another authority that signs for us, asked by CMP (RFC 4210, RFC 9480).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSettings {
    /// Where its CMP messages go, such as `https://ca.example/pkix/`.
    pub url: String,
    /// What it issues instead of our own authorities, in the words of `[partners.<name>] profiles`; orders too.
    pub profiles: Vec<String>,
    /// PEM: what it issues stands under this certificate.
    pub certificate_file: PathBuf,
    /// How long one call waits for an authority that is not ready; after that it is asked again later. At most 45.
    #[serde(default = "patience", deserialize_with = "patience_up_to_45")]
    pub patience_seconds: u8,
    /// How the two sides know each other: this or the other.
    pub secret: Option<UpstreamSecret>,
    pub certificates: Option<UpstreamCertificates>,
}

/// `[upstream.secret]`: known by a shared secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSecret {
    /// Our name at the authority, a common name.
    pub sender: String,
    /// The authority's name for the secret (senderKID).
    pub reference: String,
    /// At least 16 characters.
    pub secret_file: PathBuf,
}

/// `[upstream.certificates]`: known by certificates. PEM files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamCertificates {
    /// Ours, as the authority's registration authority, and its key (unencrypted PKCS#8).
    pub certificate_file: PathBuf,
    pub key_file: PathBuf,
    /// Whose signature its answers carry; its subject is the recipient of ours. None: `[upstream] certificate_file`, which
    /// must then be for digital signatures too.
    pub trusted_file: Option<PathBuf>,
}

fn patience() -> u8 {
    20
}

/// An errand is somebody's for a minute; who waits longer may meet another run of it.
fn patience_up_to_45<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    match u8::deserialize(from)? {
        seconds @ 1..=45 => Ok(seconds),
        _ => Err(serde::de::Error::custom("patience_seconds must be 1 to 45")),
    }
}

/// `[partners.<name>]`: a partner's registration authority.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerSettings {
    /// SHA-256 of its token: `printf %s "$TOKEN" | sha256sum`.
    #[serde(deserialize_with = "digest")]
    pub token_digest: [u8; 32],
    /// What it may ask for: `organisation` and `person` are SM2 pairs, the others single certificates.
    pub profiles: Vec<String>,
    /// The longest life that it may ask for.
    #[serde(default)]
    pub max_days: Option<u32>,
}

fn digest<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
    let text = String::deserialize(from)?;
    let mut digest = [0; 32];
    let wrong = |_| serde::de::Error::custom("token_digest must be the 64 hex digits of SHA-256");
    hex::decode_to_slice(text.trim(), &mut digest).map_err(wrong)?;
    Ok(digest)
}
