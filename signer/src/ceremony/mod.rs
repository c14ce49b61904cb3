//! Owns: making keys and authorities: what an operator does with witnesses, and a demo at its first start.
//! Never: overwrites a key or a certificate, or does a step that log and minutes do not tell.
//! Start at: `Ceremony`, then [`minutes`].

mod minutes;

use std::sync::Arc;

use certificate::extension::Places;
use certificate::profile::{ISSUING_AUTHORITY, Profile, ROOT};
use certificate::{
    Certificate, Draft, Facts, KeyKind, Name, Serial, Signer, SoftwareKey, ToBeSigned, Validity,
};
use getrandom::SysRng;

use crate::acts::Acts;
use crate::key_file::{self, Cost, Passphrase};
use crate::keyring::{Clock, LOG_KEY, OpenError, Opener};
use crate::private_file;
use crate::secret::SharedSecret;
use crate::settings::KeyringSettings;
pub use minutes::beijing_time;

const DAY: i64 = 24 * 60 * 60;

/// Where a new key comes from.
pub enum NewKey {
    /// Made here, kept in a key file: SM2 or P-256.
    File(KeyKind),
    /// Made elsewhere, kept in a key file: the way for RSA (`openssl genpkey`).
    Imported(SoftwareKey),
    /// Already there: in the device that the settings name for it (`keys.<name>.device`), or in the key file of a
    /// ceremony that broke off before the certificate was made.
    InDevice,
    /// Made in that device: P-256 or RSA.
    MadeInDevice(KeyKind),
}

#[derive(Debug, thiserror::Error)]
pub enum CeremonyError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{0}: letters, digits, - and _ make a key's name, and {LOG_KEY} is taken")]
    Name(String),
    #[error("{0} has a certificate already")]
    Stands(String),
    #[error("{0} has no key here")]
    NoKey(String),
    #[error("the certificate cannot be made: {0}")]
    Certificate(String),
    #[error("the operating system gives no random bytes")]
    Dice,
}

/// The key folder under the operator's hands; nobody serves from it meanwhile, since the log of acts is held.
pub struct Ceremony<'a> {
    settings: &'a KeyringSettings,
    opener: Opener<'a>,
    acts: Acts,
    clock: Clock,
    minutes: String,
}

impl<'a> Ceremony<'a> {
    /// Opens folder and log, and makes what is missing: the folder, a demo's passphrase, the key that signs the log.
    ///
    /// # Errors
    /// What [`crate::Keyring::open`] says too.
    pub fn open(settings: &'a KeyringSettings, clock: Clock) -> Result<Ceremony<'a>, CeremonyError> {
        let folder = &settings.key_dir;
        let fail =
            |e: std::io::Error| OpenError::File { file: folder.display().to_string(), why: e.to_string() };
        private_file::create_folder(folder).map_err(fail)?;
        if let Some(file) = settings.passphrase_file.as_ref().filter(|file| settings.demo && !file.exists()) {
            let made = SharedSecret::generate().map_err(|_| CeremonyError::Dice)?;
            private_file::create(file, made.to_hex().as_bytes()).map_err(fail)?;
        }
        let mut opener = Opener::new(settings)?;
        if opener.passphrase.is_none()
            && let Some(file) = &settings.passphrase_file
        {
            opener.passphrase = Some(Passphrase::from_file(file).map_err(OpenError::from)?);
        }
        if opener.key(LOG_KEY)?.is_none() && opener.passphrase.is_some() && !settings.log_file.exists() {
            write_key(settings, &opener, LOG_KEY, &generate(KeyKind::Sm2)?)?;
        }
        let acts = opener.log()?;
        let mut ceremony = Ceremony { settings, opener, acts, clock, minutes: String::new() };
        ceremony.begin()?;
        Ok(ceremony)
    }

    /// A key for later use, without a certificate; DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// The name is taken; the key cannot be made or written.
    pub fn new_key(&mut self, name: &str, from: NewKey) -> Result<Vec<u8>, CeremonyError> {
        Ok(self.make_key(name, from)?.spki())
    }

    /// A root, self-signed.
    ///
    /// # Errors
    /// As [`Ceremony::new_key`]; a certificate that fails its lints.
    pub fn new_root(
        &mut self,
        name: &str,
        from: NewKey,
        subject: &Name,
    ) -> Result<Certificate, CeremonyError> {
        self.free(name)?;
        let key = self.make_key(name, from)?;
        let draft = draft(&ROOT, None, &*key, subject, &Places::default(), (self.clock)());
        self.sign_and_keep(name, name, draft.map_err(CeremonyError::Certificate)?, &*key)
    }

    /// An issuing authority below `under`.
    ///
    /// # Errors
    /// As [`Ceremony::new_root`]; `under` has no key here.
    pub fn new_issuing(
        &mut self,
        name: &str,
        under: &str,
        from: NewKey,
        subject: &Name,
        places: &Places,
    ) -> Result<Certificate, CeremonyError> {
        self.new_below(name, under, &ISSUING_AUTHORITY, from, subject, places)
    }

    /// Any certificate of the house below `under`, such as a responder's. It ends with its issuer at the latest;
    /// `places` are the issuer's.
    ///
    /// # Errors
    /// As [`Ceremony::new_issuing`].
    pub fn new_below(
        &mut self,
        name: &str,
        under: &str,
        profile: &'static Profile,
        from: NewKey,
        subject: &Name,
        places: &Places,
    ) -> Result<Certificate, CeremonyError> {
        self.free(name)?;
        let issuer = self.opener.certificate(under)?;
        let (issuer_key, _) =
            self.opener.key(under)?.ok_or_else(|| CeremonyError::NoKey(under.to_owned()))?;
        let key = self.make_key(name, from)?;
        let draft = draft(profile, Some(&issuer), &*key, subject, places, (self.clock)());
        self.sign_and_keep(name, under, draft.map_err(CeremonyError::Certificate)?, &*issuer_key)
    }

    fn begin(&mut self) -> Result<(), CeremonyError> {
        let folder = self.settings.key_dir.display().to_string();
        let what = if self.settings.demo { "演示 / demo" } else { "生产 / production" };
        self.note(LOG_KEY, &format!("密钥仪式开始，密钥目录 {folder}，{what}"))?;
        if let Some((key, _)) = self.opener.key(LOG_KEY)? {
            let digest = hex::encode(certificate::digest::spki_digest(&key.spki()));
            self.say(&format!("日志签名公钥 SM3：{digest}"));
        }
        Ok(())
    }

    fn free(&self, name: &str) -> Result<(), CeremonyError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name == LOG_KEY || !name.chars().all(plain) {
            return Err(CeremonyError::Name(name.to_owned()));
        }
        match self.settings.key_dir.join(format!("{name}.crt")).exists() {
            true => Err(CeremonyError::Stands(name.to_owned())),
            false => Ok(()),
        }
    }

    fn make_key(&mut self, name: &str, from: NewKey) -> Result<Arc<dyn Signer>, CeremonyError> {
        self.free(name)?;
        let here = |key: &SoftwareKey| write_key(self.settings, &self.opener, name, key);
        match from {
            NewKey::File(kind) => here(&generate(kind)?)?,
            NewKey::Imported(key) => here(&key)?,
            NewKey::InDevice => {}
            NewKey::MadeInDevice(kind) => {
                let settings = self.settings.keys.get(name);
                let device = settings.and_then(|it| it.device.as_ref());
                let device = device.ok_or_else(|| CeremonyError::NoKey(name.to_owned()))?;
                let label = settings.and_then(|it| it.label.as_deref()).unwrap_or(name);
                self.opener.devices.generate(device, label, kind).map_err(OpenError::from)?;
            }
        }
        let (key, _) = self.opener.key(name)?.ok_or_else(|| CeremonyError::NoKey(name.to_owned()))?;
        let digest = hex::encode(certificate::digest::spki_digest(&key.spki()));
        let algorithm = key.algorithm().code();
        self.note(name, &format!("密钥 {name}（{algorithm}）已就绪，公钥 SM3：{digest}"))?;
        Ok(key)
    }

    /// As with all work the line comes first: whatever this key signed stands in the log.
    fn sign_and_keep(
        &mut self,
        name: &str,
        under: &str,
        draft: ToBeSigned,
        issuer_key: &dyn Signer,
    ) -> Result<Certificate, CeremonyError> {
        let (profile, digest) = (draft.profile().name, hex::encode(certificate::sm3(draft.bytes())));
        self.note(name, &format!("证书 {name}：将由 {under} 签发，模板 {profile}，待签内容 SM3：{digest}"))?;
        let signed = draft.sign(issuer_key).map_err(|e| CeremonyError::Certificate(e.to_string()))?;
        let certificate = signed.into_certificate();
        let file = self.settings.key_dir.join(format!("{name}.crt"));
        let fail =
            |e: std::io::Error| OpenError::File { file: file.display().to_string(), why: e.to_string() };
        private_file::create(&file, certificate.to_pem().as_bytes()).map_err(fail)?;
        let (subject, serial) = (certificate.subject(), certificate.serial_hex());
        let digest = hex::encode(certificate::sm3(certificate.der()));
        let text = format!(
            "证书 {name}：主体 {subject}，由 {under} 签发，模板 {profile}，序列号 {serial}，证书 SM3：{digest}"
        );
        self.note(name, &text)?;
        Ok(certificate)
    }
}

impl Drop for Ceremony<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.acts.seal((self.clock)()) {
            tracing::error!(%error, "the ceremony's end could not be signed");
        }
    }
}

fn generate(kind: KeyKind) -> Result<SoftwareKey, CeremonyError> {
    SoftwareKey::generate(kind, &mut SysRng).map_err(|e| CeremonyError::Certificate(e.to_string()))
}

fn write_key(
    settings: &KeyringSettings,
    opener: &Opener,
    name: &str,
    key: &SoftwareKey,
) -> Result<(), CeremonyError> {
    let file = settings.key_dir.join(format!("{name}.key"));
    let missing = || OpenError::File {
        file: file.display().to_string(),
        why: "no passphrase_file is set to seal it with".to_owned(),
    };
    let passphrase = opener.passphrase.as_ref().ok_or_else(missing)?;
    let cost = if settings.demo { Cost::RANDOM } else { Cost::PEOPLE };
    key_file::write(&file, name, key, settings.demo, passphrase, cost).map_err(OpenError::from)?;
    Ok(())
}

/// `issuer` is none where the certificate's own key is to sign it.
fn draft(
    profile: &'static Profile,
    issuer: Option<&Certificate>,
    key: &dyn Signer,
    subject: &Name,
    places: &Places,
    now: i64,
) -> Result<ToBeSigned, String> {
    let latest = issuer.map_or(i64::MAX, Certificate::not_after);
    let facts = Facts {
        serial: Serial::generate(&mut SysRng).map_err(|e| e.to_string())?,
        subject: subject.clone(),
        spki: key.spki(),
        validity: Validity {
            not_before: now,
            not_after: (now + i64::from(profile.max_days) * DAY).min(latest),
        },
        identity_codes: Vec::new(),
    };
    let draft = match issuer {
        Some(issuer) => Draft::new(profile, issuer, places, &facts),
        None => Draft::self_signed(profile, &facts),
    };
    let linted = draft.map_err(|e| e.to_string())?.lint().map_err(|findings| format!("{findings:?}"))?;
    Ok(linted.to_be_signed())
}
