//! How the authorities come to be. Keys live with the signer; what it holds is known here by its certificates.

use super::keys::{Inside, open_signer};
use super::places::places;
use super::{Authorities, KnownAuthority};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::identities::Identities;
use crate::issuing::upstream::read_certificate;
use crate::issuing::wrong;
use crate::settings::{AuthoritySettings, Settings};
use crate::store::authorities::{AuthorityRow, Purpose, UPSTREAM};
use crate::store::{self, StoreError};
use certificate::Certificate;
use certificate::extension::Places;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

impl Authorities {
    /// Opens the signer, makes what a demonstration's first start wants, and checks that every authority stands on its
    /// issuer.
    ///
    /// # Errors
    /// A file that is no certificate or key, a key that is not the certificate's, a chain that does not verify, nobody to
    /// sign at all.
    pub async fn open(ground: &Ground, settings: &Settings) -> Result<Authorities, Fault> {
        let identities = Identities::new(&settings.certificates).map_err(wrong)?;
        let mut reader = ground.store.read().await?;
        let rows = store::authorities::list(&mut reader).await?;
        drop(reader);
        let inside = Inside::new(ground, settings);
        let signer = open_signer(ground, settings, inside, &rows).await?;
        let mut certificates = BTreeMap::new();
        for (name, files) in &settings.authority.imported {
            let pem = std::fs::read_to_string(&files.certificate_file)
                .map_err(|e| wrong(format!("{}: {e}", files.certificate_file.display())))?;
            certificates.insert(name.clone(), (Certificate::from_pem(&pem).map_err(wrong)?, false));
        }
        for key in signer.desk.list_keys().await.map_err(super::away)? {
            let certificate = Certificate::from_der(&key.certificate).map_err(wrong)?;
            certificates.insert(key.name, (certificate, key.demo));
        }
        for row in &rows {
            let kept = Certificate::from_der(&row.certificate).map_err(wrong)?;
            match certificates.get_mut(&row.name) {
                // A responder was certified anew here, over the key that the signer holds.
                Some((held, demo)) => {
                    *demo |= row.demo;
                    if held.spki() == kept.spki() && kept.not_after() > held.not_after() {
                        *held = kept;
                    }
                }
                None => drop(certificates.insert(row.name.clone(), (kept, row.demo))),
            }
        }
        let origin = &settings.office.public_origin;
        let mut known = know(&certificates, &settings.authority, origin)?;
        keep(ground, &rows, &known).await?;
        if let Some(upstream) = &settings.upstream {
            let certificate = read_certificate(&upstream.certificate_file).map_err(wrong)?;
            if known.insert(UPSTREAM.to_owned(), Arc::new(elsewhere(certificate))).is_some() {
                return Err(wrong("an authority here is called upstream: that name belongs to [upstream]"));
            }
        }
        Ok(Authorities {
            chains: super::chain::pem_chains(&known),
            known: RwLock::new(known),
            upstream: settings.upstream.as_ref().map(|it| it.profiles.clone()).unwrap_or_default(),
            identities,
            desk: signer.desk,
            tokens: signer.tokens,
            clock: ground.clock.clone(),
        })
    }
}

/// Puts every certificate under the one that signed it.
fn know(
    certificates: &BTreeMap<String, (Certificate, bool)>,
    settings: &AuthoritySettings,
    origin: &str,
) -> Result<BTreeMap<String, Arc<KnownAuthority>>, Fault> {
    if certificates.is_empty() {
        return Err(wrong(
            "no authority: make one with certhall-signer, import one under [authority.imported], or set [office] demo = true",
        ));
    }
    let mut known = BTreeMap::new();
    for (name, (certificate, demo)) in certificates {
        let above = certificates.iter().find(|(_, (issuer, _))| certificate.verify(issuer).is_ok());
        let Some((issuer, _)) = above else {
            return Err(wrong(format!("authority {name}: the certificate of its issuer is missing")));
        };
        certificate.expect_many_signatures();
        let purpose = match (certificate.is_authority(), issuer == name) {
            (true, true) => Purpose::Root,
            (true, false) => Purpose::Issuing,
            (false, _) => Purpose::Responder,
        };
        let authority = KnownAuthority {
            name: name.clone(),
            purpose,
            issuer: (issuer != name).then(|| issuer.clone()),
            certificate: certificate.clone(),
            places: places(settings, origin, name),
            demo: *demo,
        };
        known.insert(name.clone(), Arc::new(authority));
    }
    Ok(known)
}

/// The authority upstream: its certificate is all that is here.
fn elsewhere(certificate: Certificate) -> KnownAuthority {
    certificate.expect_many_signatures();
    KnownAuthority {
        name: UPSTREAM.to_owned(),
        purpose: Purpose::Upstream,
        issuer: None,
        certificate,
        places: Places::default(),
        demo: false,
    }
}

/// The store knows what the signer knows; keys that lay under the office's seal are with the signer now.
async fn keep(
    ground: &Ground,
    rows: &[AuthorityRow],
    known: &BTreeMap<String, Arc<KnownAuthority>>,
) -> Result<(), Fault> {
    let new = known.values().filter(|authority| !rows.iter().any(|row| row.name == authority.name));
    let new: Vec<AuthorityRow> = new.map(|authority| authority.row()).collect();
    let moved: Vec<String> =
        rows.iter().filter(|row| row.sealed_key.is_some()).map(|row| row.name.clone()).collect();
    if new.is_empty() && moved.is_empty() {
        return Ok(());
    }
    let now = ground.now();
    let write = ground.store.write(move |tx| {
        Box::pin(async move {
            for row in &new {
                store::authorities::record(tx, row, now).await?;
            }
            for name in &moved {
                store::authorities::forget_key(tx, name).await?;
            }
            Ok::<_, StoreError>(())
        })
    });
    Ok(write.await?)
}
