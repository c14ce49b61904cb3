//! How the authorities come to be: imported, as they stand in the store, or made at the first start and marked "demo".

use super::places::places;
use super::{Authorities, KnownAuthority};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::wrong;
use crate::settings::{AuthoritySettings, ImportedAuthority};
use crate::store::authorities::{AuthorityRow, Purpose};
use crate::store::{self, StoreError};
use certificate::extension::Places;
use certificate::{Authority, Certificate, KeyKind, KeyPair, Name, NameParts, Signer, SoftwareKey};
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

/// Stands in the names of authorities that were made here and not imported.
pub const DEMO_MARK: &str = "Demo";

impl Authorities {
    /// Takes in what the settings import, loads what stands, or makes it at the first start. `origin` is where the office
    /// answers.
    ///
    /// # Errors
    /// A file that is no certificate or key, a key that is not the certificate's, a chain that does not verify.
    pub async fn open(
        ground: &Ground,
        settings: &AuthoritySettings,
        origin: &str,
    ) -> Result<Authorities, Fault> {
        let mut reader = ground.store.read().await?;
        let mut rows = store::authorities::list(&mut reader).await?;
        drop(reader);
        if rows.is_empty() && settings.imported.is_empty() {
            rows = first_start(ground, settings, origin).await?;
        }
        let mut keys: BTreeMap<String, Arc<dyn Signer>> = BTreeMap::new();
        for row in &rows {
            if let Some(sealed) = &row.sealed_key {
                let key = ground.sealing.open(&place(&row.name), sealed)?;
                keys.insert(row.name.clone(), open_key(&key)?);
            }
        }
        for (name, files) in &settings.imported {
            import(name, files, &mut rows, &mut keys)?;
        }
        let known = rows.into_iter().map(|row| known(settings, origin, row));
        let known: BTreeMap<_, _> = known.collect::<Result<_, Fault>>()?;
        check(&known, &keys)?;
        Ok(Authorities { known: RwLock::new(known), keys })
    }
}

fn known(
    settings: &AuthoritySettings,
    origin: &str,
    row: AuthorityRow,
) -> Result<(String, Arc<KnownAuthority>), Fault> {
    let authority = KnownAuthority {
        places: places(settings, origin, &row.name),
        certificate: Certificate::from_der(&row.certificate).map_err(wrong)?,
        purpose: row.purpose,
        issuer: row.issuer,
        demo: row.demo,
        name: row.name.clone(),
    };
    Ok((row.name, Arc::new(authority)))
}

fn import(
    name: &str,
    files: &ImportedAuthority,
    rows: &mut Vec<AuthorityRow>,
    keys: &mut BTreeMap<String, Arc<dyn Signer>>,
) -> Result<(), Fault> {
    let read = |file: &std::path::Path| {
        std::fs::read_to_string(file).map_err(|e| wrong(format!("{}: {e}", file.display())))
    };
    let certificate = Certificate::from_pem(&read(&files.certificate_file)?).map_err(wrong)?;
    if let Some(file) = &files.key_file {
        let pem = zeroize::Zeroizing::new(read(file)?);
        keys.insert(name.to_owned(), Arc::new(SoftwareKey::from_pkcs8_pem(&pem).map_err(wrong)?));
    }
    rows.retain(|row| row.name != name);
    rows.push(AuthorityRow {
        name: name.to_owned(),
        purpose: if files.issuer.is_some() { Purpose::Issuing } else { Purpose::Root },
        issuer: files.issuer.clone(),
        certificate: certificate.der().to_vec(),
        sealed_key: None,
        demo: false,
    });
    Ok(())
}

/// Every authority stands on its issuer, and every key at hand is its certificate's.
fn check(
    known: &BTreeMap<String, Arc<KnownAuthority>>,
    keys: &BTreeMap<String, Arc<dyn Signer>>,
) -> Result<(), Fault> {
    for authority in known.values() {
        let refused = |why: String| wrong(format!("authority {}: {why}", authority.name));
        let issuer = match &authority.issuer {
            None => authority,
            Some(name) => known.get(name).ok_or_else(|| refused(format!("no authority {name} above it")))?,
        };
        authority.certificate.verify(&issuer.certificate).map_err(|e| refused(e.to_string()))?;
        if let Some(key) = keys.get(&authority.name)
            && key.spki() != authority.certificate.spki()
        {
            return Err(refused("the key is not its certificate's".to_owned()));
        }
    }
    Ok(())
}

/// The chains of a demonstration. RSA authorities are imported or live in a device.
const DEMO_CHAINS: &[(KeyKind, &str, &str)] =
    &[(KeyKind::Sm2, "root", "issuing"), (KeyKind::P256, "root_p256", "issuing_p256")];

fn demo_chain(
    ground: &Ground,
    settings: &AuthoritySettings,
    origin: &str,
    kind: KeyKind,
    [above, below]: [&str; 2],
) -> Result<[AuthorityRow; 2], Fault> {
    let now = ground.now().millis() / 1000;
    let mut dice = ground.dice.clone();
    let keys = [SoftwareKey::generate(kind, &mut dice), SoftwareKey::generate(kind, &mut dice)];
    let [root_key, issuing_key] = keys.map(|key| key.map(Arc::new).map_err(wrong));
    let (root_key, issuing_key) = (root_key?, issuing_key?);
    let mark = if kind == KeyKind::Sm2 { "" } else { " P-256" };
    let root_name = name(settings, &format!("Root CA{mark}"))?;
    let root = Authority::new_root(&root_name, root_key.clone(), now, &mut dice).map_err(wrong)?;
    let issuing_name = name(settings, &format!("Issuing CA{mark}"))?;
    let places: Places = places(settings, origin, above);
    let issuing = root.new_issuing(&issuing_name, issuing_key.clone(), &places, now, &mut dice);
    let issuing = issuing.map_err(wrong)?;
    Ok([
        row(ground, above, None, &root.certificate, &root_key)?,
        row(ground, below, Some(above), &issuing.certificate, &issuing_key)?,
    ])
}

async fn first_start(
    ground: &Ground,
    settings: &AuthoritySettings,
    origin: &str,
) -> Result<Vec<AuthorityRow>, Fault> {
    let mut rows = Vec::new();
    for (kind, root, issuing) in DEMO_CHAINS {
        rows.extend(demo_chain(ground, settings, origin, *kind, [root, issuing])?);
    }
    let (at, made) = (ground.now(), rows.clone());
    ground
        .store
        .write(move |tx| {
            Box::pin(async move {
                for row in &made {
                    store::authorities::record(tx, row, at).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    tracing::warn!(
        "made demo roots and demo issuing authorities: their certificates are for trying out only"
    );
    Ok(rows)
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
    issuer: Option<&str>,
    certificate: &Certificate,
    key: &SoftwareKey,
) -> Result<AuthorityRow, Fault> {
    let key = key.to_pkcs8_der().map_err(wrong)?;
    Ok(AuthorityRow {
        name: name.to_owned(),
        purpose: if issuer.is_some() { Purpose::Issuing } else { Purpose::Root },
        issuer: issuer.map(str::to_owned),
        certificate: certificate.der().to_vec(),
        sealed_key: Some(ground.sealing.seal(&place(name), &key)),
        demo: true,
    })
}

/// PKCS#8, or the bare SM2 scalar in rows of before.
fn open_key(clear: &[u8]) -> Result<Arc<dyn Signer>, Fault> {
    if clear.len() == 32 {
        return Ok(Arc::new(KeyPair::from_bytes(clear).map_err(wrong)?));
    }
    Ok(Arc::new(SoftwareKey::from_pkcs8_der(clear).map_err(wrong)?))
}

fn place(name: &str) -> String {
    format!("authorities.sealed_key/{name}")
}
