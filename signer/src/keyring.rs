//! Keys by name, in this process.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use certificate::extension::ExtendedUsage;
use certificate::profile::Basic;
use certificate::{Certificate, Profile, Signer};

use crate::acts::{Acts, ActsError};
use crate::desk::{Duty, KeyDescription, SigningDesk, Work};
use crate::key_file::{self, KeyFileError, Passphrase};
use crate::pkcs11::{DeviceError, Devices};
use crate::refusal::SignError;
use crate::ring::Ring;
use crate::secret::SharedSecret;
use crate::settings::{KeySettings, KeyringSettings};
use crate::token::TokenMaker;

/// The name of the key that signs the log of acts; no authority has it.
pub(crate) const LOG_KEY: &str = "log";

/// The time in Unix seconds, handed in.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    })
}

/// A key with what it may be used for.
pub struct Held {
    pub name: String,
    pub duty: Duty,
    pub certificate: Certificate,
    pub key: Arc<dyn Signer>,
    pub profiles: Vec<&'static Profile>,
    pub demo: bool,
}

/// Why a ring cannot be opened. Sentences for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error("keys.{key}: {why}")]
    Settings { key: String, why: String },
    #[error("the key {0} is not that of its certificate")]
    OtherKey(String),
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Acts(#[from] ActsError),
}

/// Keys by name. Cheap to clone: all clones are one ring.
#[derive(Clone)]
pub struct Keyring(Arc<Ring>);

impl Keyring {
    /// Opens every key that the settings and the key folder name. Takes a moment for each key file (argon2id).
    ///
    /// # Errors
    /// A file that cannot be read, a wrong passphrase, a key that is not its certificate's, a demo key outside a demo, a
    /// device that is away, a log that was tampered with or is held by another process.
    pub fn open(
        settings: &KeyringSettings,
        secret: &SharedSecret,
        clock: Clock,
    ) -> Result<Keyring, OpenError> {
        let opener = Opener::new(settings)?;
        let mut keys = Vec::new();
        for name in certificates_in(&settings.key_dir)? {
            keys.extend(opener.open(&name)?);
        }
        let known = |name: &String| keys.iter().any(|held: &Held| held.name == *name);
        if let Some(key) = settings.keys.keys().find(|name| !known(name)) {
            let why = format!("{key}.crt or its key is missing in {}", settings.key_dir.display());
            return Err(OpenError::Settings { key: key.clone(), why });
        }
        Self::from_keys(keys, opener.log()?, secret, clock)
    }

    fn from_keys(
        keys: Vec<Held>,
        acts: Acts,
        secret: &SharedSecret,
        clock: Clock,
    ) -> Result<Keyring, OpenError> {
        if let Some(held) = keys.iter().find(|held| held.key.spki() != held.certificate.spki()) {
            return Err(OpenError::OtherKey(held.name.clone()));
        }
        let keys: BTreeMap<_, _> = keys.into_iter().map(|held| (held.name.clone(), held)).collect();
        let ring = Ring { keys, tokens: TokenMaker::new(secret), clock, acts };
        ring.start()?;
        Ok(Keyring(Arc::new(ring)))
    }

    /// Notes in the log that somebody came whom nobody could identify.
    pub(crate) fn note_stranger(&self, why: &str) {
        self.0.note_stranger(why);
    }
}

#[async_trait::async_trait]
impl SigningDesk for Keyring {
    async fn sign(&self, key: &str, work: Vec<Work>) -> Vec<Result<Vec<u8>, SignError>> {
        let (ring, key, count) = (self.0.clone(), key.to_owned(), work.len());
        // Arithmetic and the disk: not for the threads that serve everybody.
        let signed = tokio::task::spawn_blocking(move || ring.sign(&key, &work)).await;
        signed.unwrap_or_else(|e| vec![Err(SignError::KeyUnavailable(e.to_string())); count])
    }

    async fn list_keys(&self) -> Result<Vec<KeyDescription>, SignError> {
        Ok(self.0.describe())
    }
}

/// Opens keys one by one, with passphrase and devices at hand.
pub(crate) struct Opener<'a> {
    settings: &'a KeyringSettings,
    pub passphrase: Option<Passphrase>,
    pub devices: Devices,
}

impl<'a> Opener<'a> {
    pub fn new(settings: &'a KeyringSettings) -> Result<Self, OpenError> {
        let passphrase = settings.passphrase_file.as_deref().filter(|file| !settings.demo || file.exists());
        let passphrase = passphrase.map(Passphrase::from_file).transpose()?;
        Ok(Opener { settings, passphrase, devices: Devices::open(&settings.devices)? })
    }

    /// `None`: the certificate is known here, its key is elsewhere.
    pub fn open(&self, name: &str) -> Result<Option<Held>, OpenError> {
        let plain = KeySettings::default();
        let settings = self.settings.keys.get(name).unwrap_or(&plain);
        let certificate = self.certificate(name)?;
        let Some((key, demo)) = self.key(name)? else { return Ok(None) };
        let duty = duty(name, &certificate)?;
        let profiles = match &settings.profiles {
            Some(names) => named(name, names)?,
            None => usual(&certificate),
        };
        Ok(Some(Held { name: name.to_owned(), duty, certificate, key, profiles, demo }))
    }

    /// `None` where there is none.
    pub fn key(&self, name: &str) -> Result<Option<Found>, OpenError> {
        let settings = self.settings.keys.get(name);
        if let Some((settings, device)) = settings.and_then(|it| Some((it, it.device.as_ref()?))) {
            let label = settings.label.as_deref().unwrap_or(name);
            let key = self.devices.key(device, label, settings.id.as_deref())?;
            return Ok(Some((Arc::new(key), false)));
        }
        let file = self.settings.key_dir.join(format!("{name}.key"));
        if !file.exists() {
            return Ok(None);
        }
        let missing = || OpenError::File {
            file: file.display().to_string(),
            why: "no passphrase_file is set to open it with".to_owned(),
        };
        let passphrase = self.passphrase.as_ref().ok_or_else(missing)?;
        let key = key_file::read(&file, name, passphrase, self.settings.demo)?;
        Ok(Some((Arc::new(key), key_file::peek(&file)?.demo)))
    }

    pub fn certificate(&self, name: &str) -> Result<Certificate, OpenError> {
        let file = self.settings.key_dir.join(format!("{name}.crt"));
        let fail = |why: String| OpenError::File { file: file.display().to_string(), why };
        let text = std::fs::read_to_string(&file).map_err(|e| fail(e.to_string()))?;
        Certificate::from_pem(&text).map_err(|e| fail(e.to_string()))
    }

    /// The log, signed by the key `log` where there is one.
    pub fn log(&self) -> Result<Acts, OpenError> {
        let signer = self.key(LOG_KEY)?.map(|(key, _)| key);
        Ok(Acts::open(&self.settings.log_file, signer)?)
    }
}

/// A key, and whether it is a demo's.
pub(crate) type Found = (Arc<dyn Signer>, bool);

fn certificates_in(folder: &Path) -> Result<Vec<String>, OpenError> {
    let fail = |e: std::io::Error| OpenError::File { file: folder.display().to_string(), why: e.to_string() };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|extension| extension == "crt") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

fn named(key: &str, names: &[String]) -> Result<Vec<&'static Profile>, OpenError> {
    let find = |name: &String| {
        let why = format!("no profile is called {name}");
        Profile::find_by_name(name).ok_or(OpenError::Settings { key: key.to_owned(), why })
    };
    names.iter().map(find).collect()
}

fn duty(key: &str, certificate: &Certificate) -> Result<Duty, OpenError> {
    if certificate.is_authority() {
        return Ok(Duty::Authority);
    }
    let why = "its certificate is neither an authority's nor an OCSP responder's".to_owned();
    let responds = certificate.has_extended_usage(ExtendedUsage::OcspSigning);
    responds.then_some(Duty::Responder).ok_or(OpenError::Settings { key: key.to_owned(), why })
}

/// A root signs authorities, an issuing authority whoever is none, a responder no certificate at all.
fn usual(certificate: &Certificate) -> Vec<&'static Profile> {
    let root = certificate.issuer() == certificate.subject();
    let fits = |profile: &&'static Profile| match profile.basic {
        Basic::Authority { path_length } => root && path_length.is_some(),
        Basic::EndEntity => !root,
    };
    if !certificate.is_authority() {
        return Vec::new();
    }
    Profile::ALL.into_iter().filter(fits).collect()
}
