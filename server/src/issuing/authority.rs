//! The root and the issuing authority: made at the first start and then marked "demo", or imported.

use super::wrong;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::settings::{AuthoritySettings, ImportedAuthority};
use crate::store::certificates::{AuthorityRow, Purpose};
use crate::store::{self, StoreError};
use certificate::extension::Places;
use certificate::{Authority, Certificate, KeyPair, Name, NameParts};
use std::sync::Arc;

/// Stands in the names of authorities that were made here and not imported.
pub const DEMO_MARK: &str = "Demo";

/// What signs, and what it stands on.
pub struct Authorities {
    pub root: Certificate,
    pub issuing: Authority,
    pub places: Places,
    pub demo: bool,
}

impl Authorities {
    /// Imports what the settings name, or loads what stands, or makes it at the first start.
    ///
    /// # Errors
    /// A file that is no certificate or key, a key that is not the certificate's, a chain that does not verify.
    pub async fn open(ground: &Ground, settings: &AuthoritySettings) -> Result<Authorities, Fault> {
        let places = Places {
            crl_urls: settings.crl_url.iter().cloned().collect(),
            ocsp_urls: settings.ocsp_url.iter().cloned().collect(),
            ..Places::default()
        };
        if let Some(imported) = &settings.imported {
            return import(imported, places);
        }
        let mut reader = ground.store.read().await?;
        let root = store::certificates::find_authority(&mut reader, "root").await?;
        let issuing = store::certificates::find_authority(&mut reader, "issuing").await?;
        drop(reader);
        match (root, issuing) {
            (Some(root), Some(issuing)) => Ok(Authorities {
                root: Certificate::from_der(&root.certificate).map_err(wrong)?,
                demo: issuing.demo,
                issuing: open_row(ground, &issuing)?,
                places,
            }),
            _ => first_start(ground, settings, places).await,
        }
    }
}

fn import(files: &ImportedAuthority, places: Places) -> Result<Authorities, Fault> {
    let read = |file: &std::path::Path| {
        std::fs::read_to_string(file).map_err(|e| wrong(format!("{}: {e}", file.display())))
    };
    let root = Certificate::from_pem(&read(&files.root_file)?).map_err(wrong)?;
    let certificate = Certificate::from_pem(&read(&files.issuing_file)?).map_err(wrong)?;
    certificate.verify(&root).map_err(wrong)?;
    let key =
        KeyPair::from_pkcs8_pem(&zeroize::Zeroizing::new(read(&files.issuing_key_file)?)).map_err(wrong)?;
    let issuing = Authority::from_parts(certificate, Arc::new(key)).map_err(wrong)?;
    Ok(Authorities { root, issuing, places, demo: false })
}

async fn first_start(
    ground: &Ground,
    settings: &AuthoritySettings,
    places: Places,
) -> Result<Authorities, Fault> {
    let now = ground.now().millis() / 1000;
    let mut dice = ground.dice.clone();
    let root_key = Arc::new(KeyPair::generate(&mut dice).map_err(wrong)?);
    let key = Arc::new(KeyPair::generate(&mut dice).map_err(wrong)?);
    let root = Authority::new_root(&name(settings, "Root CA")?, root_key.clone(), now, &mut dice);
    let root = root.map_err(wrong)?;
    let issuing = root.new_issuing(&name(settings, "Issuing CA")?, key.clone(), &places, now, &mut dice);
    let issuing = issuing.map_err(wrong)?;
    let rows = [
        row(ground, "root", Purpose::Root, None, &root.certificate, &root_key),
        row(ground, "issuing", Purpose::Issuing, Some("root"), &issuing.certificate, &key),
    ];
    let at = ground.now();
    ground
        .store
        .write(move |tx| {
            Box::pin(async move {
                for row in &rows {
                    store::certificates::record_authority(tx, row, at).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    tracing::warn!(
        "made a demo root and a demo issuing authority: their certificates are for trying out only"
    );
    Ok(Authorities { root: root.certificate, issuing, places, demo: true })
}

fn name(settings: &AuthoritySettings, what: &str) -> Result<Name, Fault> {
    let parts = NameParts {
        country: Some("CN".to_owned()),
        organisation: Some(settings.organisation.clone()),
        common_name: Some(format!("{} {DEMO_MARK} {what}", settings.organisation)),
        ..NameParts::default()
    };
    Name::from_parts(&parts).map_err(wrong)
}

fn row(
    ground: &Ground,
    name: &str,
    purpose: Purpose,
    issuer: Option<&str>,
    certificate: &Certificate,
    key: &KeyPair,
) -> AuthorityRow {
    AuthorityRow {
        name: name.to_owned(),
        purpose,
        issuer: issuer.map(str::to_owned),
        certificate: certificate.der().to_vec(),
        sealed_key: ground.sealing.seal(&place(name), key.to_bytes().as_ref()),
        demo: true,
    }
}

fn open_row(ground: &Ground, row: &AuthorityRow) -> Result<Authority, Fault> {
    let key = ground.sealing.open(&place(&row.name), &row.sealed_key)?;
    let certificate = Certificate::from_der(&row.certificate).map_err(wrong)?;
    Authority::from_parts(certificate, Arc::new(KeyPair::from_bytes(&key).map_err(wrong)?)).map_err(wrong)
}

fn place(name: &str) -> String {
    format!("authorities.sealed_key/{name}")
}
