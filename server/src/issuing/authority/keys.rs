//! Getting to the keys: in this process, in files that a passphrase seals or in devices, or behind the socket of
//! `certhall-signer`. A demonstration makes its authorities here at the first start.

use super::places::places;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::wrong;
use crate::settings::{AuthoritySettings, ImportedAuthority, Settings};
use crate::store::authorities::AuthorityRow;
use certificate::{Certificate, KeyKind, KeyPair, Name, NameParts, Profile, SoftwareKey};
use signer::{
    Ceremony, Clock, Keyring, KeyringSettings, NewKey, Remote, SharedSecret, SigningDesk, TokenMaker,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Stands in the names of authorities that were made here and not imported.
pub const DEMO_MARK: &str = "Demo";

/// The chains of a demonstration. RSA authorities are imported or live in a device.
const DEMO_CHAINS: [(KeyKind, &str, &str); 2] =
    [(KeyKind::Sm2, "root", "issuing"), (KeyKind::P256, "root_p256", "issuing_p256")];

/// Whom to ask for signatures, and how to prove that it is the office that asks.
pub(super) struct Signer {
    pub desk: Arc<dyn SigningDesk>,
    pub tokens: TokenMaker,
}

/// Keys in this process.
pub(super) struct Inside {
    ring: KeyringSettings,
    authority: AuthoritySettings,
    origin: String,
    clock: Clock,
}

impl Inside {
    pub fn new(ground: &Ground, settings: &Settings) -> Inside {
        let (office, signer) = (&settings.office, &settings.signer);
        let folder = signer.key_dir.clone().unwrap_or_else(|| office.data_dir.join("authority-keys"));
        let clock = ground.clock.clone();
        Inside {
            ring: KeyringSettings {
                // Only a demonstration may make up a passphrase, and lay it beside what it opens.
                passphrase_file: signer
                    .passphrase_file
                    .clone()
                    .or_else(|| office.demo.then(|| folder.join("passphrase"))),
                log_file: signer.log_file.clone().unwrap_or_else(|| folder.join("acts.log")),
                key_dir: folder,
                demo: office.demo,
                keys: signer.keys.clone(),
                devices: signer.devices.clone(),
            },
            authority: settings.authority.clone(),
            origin: office.public_origin.clone(),
            clock: Arc::new(move || clock.now().millis() / 1000),
        }
    }
}

pub(super) async fn open_signer(
    ground: &Ground,
    settings: &Settings,
    inside: Inside,
    rows: &[AuthorityRow],
) -> Result<Signer, Fault> {
    let secret = match &settings.signer.secret_file {
        Some(file) => SharedSecret::from_file(file).map_err(wrong)?,
        // Nobody else need know it.
        None => SharedSecret::generate().map_err(wrong)?,
    };
    let tokens = TokenMaker::new(&secret);
    if let Some(socket) = &settings.signer.socket_file {
        if settings.signer.secret_file.is_none() {
            return Err(wrong("[signer] socket_file needs the secret_file that certhall-signer has too"));
        }
        return Ok(Signer { desk: Arc::new(Remote::new(socket.clone(), &secret)), tokens });
    }
    let mut sealed = BTreeMap::new();
    for row in rows {
        if let Some(key) = &row.sealed_key {
            let key = ground.sealing.open(&place(&row.name), key)?;
            sealed.insert(row.name.clone(), (row.certificate.clone(), key));
        }
    }
    // Opening a key file takes memory and time on purpose.
    let ring = tokio::task::spawn_blocking(move || {
        inside.prepare(sealed)?;
        Keyring::open(&inside.ring, &secret, inside.clock.clone()).map_err(wrong)
    });
    let ring = ring.await.map_err(wrong)??;
    Ok(Signer { desk: Arc::new(ring), tokens })
}

/// Certificate and sealed key of a row of before.
type Sealed = (Vec<u8>, Zeroizing<Vec<u8>>);

impl Inside {
    /// Everything that the settings, the store's old rows or a demonstration want lies in the key folder.
    fn prepare(&self, sealed: BTreeMap<String, Sealed>) -> Result<(), Fault> {
        let mut ceremony = None;
        for (name, (certificate, key)) in &sealed {
            let certificate = Certificate::from_der(certificate).map_err(wrong)?;
            if !self.has(name, "crt") {
                self.move_in(self.open(&mut ceremony)?, name, &certificate, open_key(key)?)?;
            }
        }
        for (name, files) in &self.authority.imported {
            if let Some((certificate, key)) = self.to_import(name, files)? {
                self.move_in(self.open(&mut ceremony)?, name, &certificate, key)?;
            }
        }
        if self.ring.demo && self.authority.imported.is_empty() {
            for (kind, root, issuing) in DEMO_CHAINS {
                // An office of before had the SM2 chain alone; the other is made beside it.
                if !self.has(issuing, "crt") {
                    self.make_chain(self.open(&mut ceremony)?, kind, root, issuing)?;
                }
            }
        }
        for issuer in self.issuers()? {
            let responder = format!("responder_{issuer}");
            if !self.has(&responder, "crt") {
                self.make_responder(&mut ceremony, &responder, &issuer)?;
            }
        }
        if let Some(ceremony) = ceremony {
            tracing::warn!(
                minutes = ceremony.minutes(),
                demo = self.ring.demo,
                "authority keys were made or moved"
            );
        }
        Ok(())
    }

    fn open<'a, 'c>(&'a self, ceremony: &'c mut Option<Ceremony<'a>>) -> Result<&'c mut Ceremony<'a>, Fault> {
        if ceremony.is_none() {
            *ceremony = Some(Ceremony::open(&self.ring, self.clock.clone()).map_err(wrong)?);
        }
        ceremony.as_mut().ok_or_else(|| wrong("no ceremony"))
    }

    fn file(&self, name: &str, form: &str) -> PathBuf {
        self.ring.key_dir.join(format!("{name}.{form}"))
    }

    fn has(&self, name: &str, form: &str) -> bool {
        self.file(name, form).exists()
    }

    /// A fresh key, or the one that a ceremony made which broke off.
    fn fresh(&self, name: &str, kind: KeyKind) -> NewKey {
        if self.has(name, "key") { NewKey::InDevice } else { NewKey::File(kind) }
    }

    /// Key first, certificate last: a move that broke off is taken up again.
    fn move_in(
        &self,
        ceremony: &mut Ceremony,
        name: &str,
        certificate: &Certificate,
        key: SoftwareKey,
    ) -> Result<(), Fault> {
        if certificate::Signer::spki(&key) != certificate.spki() {
            return Err(wrong(format!("authority {name}: the key is not its certificate's")));
        }
        if !self.has(name, "key") {
            ceremony.new_key(name, NewKey::Imported(key)).map_err(wrong)?;
        }
        crate::sealing::create_private(&self.file(name, "crt"), certificate.to_pem().as_bytes())?;
        Ok(())
    }

    /// `None`: it lies there already, or comes without a key.
    fn to_import(
        &self,
        name: &str,
        files: &ImportedAuthority,
    ) -> Result<Option<(Certificate, SoftwareKey)>, Fault> {
        let Some(key_file) = &files.key_file else { return Ok(None) };
        let certificate = Certificate::from_pem(&read(&files.certificate_file)?).map_err(wrong)?;
        if self.has(name, "crt") {
            let kept = Certificate::from_pem(&read(&self.file(name, "crt"))?).map_err(wrong)?;
            let same = kept.spki() == certificate.spki();
            let why = format!("authority {name}: another certificate lies in the key folder already");
            return if same { Ok(None) } else { Err(wrong(why)) };
        }
        Ok(Some((certificate, SoftwareKey::from_pkcs8_pem(&read(key_file)?).map_err(wrong)?)))
    }

    fn make_chain(
        &self,
        ceremony: &mut Ceremony,
        kind: KeyKind,
        root: &str,
        issuing: &str,
    ) -> Result<(), Fault> {
        let mark = if kind == KeyKind::Sm2 { "" } else { " P-256" };
        if !self.has(root, "crt") {
            let name = self.name(&format!("Root CA{mark}"))?;
            ceremony.new_root(root, self.fresh(root, kind), &name).map_err(wrong)?;
        }
        let name = self.name(&format!("Issuing CA{mark}"))?;
        let above = places(&self.authority, &self.origin, root);
        let key = self.fresh(issuing, kind);
        ceremony.new_issuing(issuing, root, key, &name, &above).map_err(wrong)?;
        Ok(())
    }

    /// Issuing authorities whose key lies here in a file.
    fn issuers(&self) -> Result<Vec<String>, Fault> {
        let mut issuers = Vec::new();
        if !self.ring.key_dir.exists() {
            return Ok(issuers);
        }
        for entry in std::fs::read_dir(&self.ring.key_dir)? {
            let path = entry?.path();
            let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            if path.extension().is_some_and(|form| form == "crt") && self.has(&name, "key") {
                let certificate = Certificate::from_pem(&read(&path)?).map_err(wrong)?;
                let root = certificate.subject() == certificate.issuer();
                issuers.extend((certificate.is_authority() && !root).then_some(name));
            }
        }
        issuers.sort();
        Ok(issuers)
    }

    fn make_responder<'a>(
        &'a self,
        ceremony: &mut Option<Ceremony<'a>>,
        name: &str,
        issuer: &str,
    ) -> Result<(), Fault> {
        let Some(profile) = Profile::find_by_name(super::responder::PROFILE) else { return Ok(()) };
        let certificate = Certificate::from_pem(&read(&self.file(issuer, "crt"))?).map_err(wrong)?;
        let kind = KeyKind::of_spki(certificate.spki()).map_err(wrong)?;
        // RSA keys are not made here; a P-256 key answers for such an issuer as well.
        let kind = if kind == KeyKind::Sm2 { KeyKind::Sm2 } else { KeyKind::P256 };
        let subject = super::responder::subject(&certificate)?;
        let places = places(&self.authority, &self.origin, issuer);
        let key = self.fresh(name, kind);
        let ceremony = self.open(ceremony)?;
        ceremony.new_below(name, issuer, profile, key, &subject, &places).map_err(wrong)?;
        Ok(())
    }

    fn name(&self, what: &str) -> Result<Name, Fault> {
        let organisation = &self.authority.organisation;
        let parts = NameParts {
            country: Some("CN".to_owned()),
            organisation: Some(organisation.clone()),
            common_name: Some(format!("{organisation} {DEMO_MARK} {what}")),
            ..NameParts::default()
        };
        Name::from_parts(&parts).map_err(wrong)
    }
}

fn read(file: &Path) -> Result<Zeroizing<String>, Fault> {
    let text = std::fs::read_to_string(file).map_err(|e| wrong(format!("{}: {e}", file.display())))?;
    Ok(Zeroizing::new(text))
}

/// PKCS#8, or the bare SM2 scalar in rows of before.
fn open_key(clear: &[u8]) -> Result<SoftwareKey, Fault> {
    if clear.len() == 32 {
        return Ok(SoftwareKey::Sm2(KeyPair::from_bytes(clear).map_err(wrong)?));
    }
    SoftwareKey::from_pkcs8_der(clear).map_err(wrong)
}

fn place(name: &str) -> String {
    format!("authorities.sealed_key/{name}")
}
