//! How the two sides know each other, from the settings and their files.

use crate::issuing::settings::{UpstreamCertificates, UpstreamSecret, UpstreamSettings};
use crate::outside::SetupError;
use crate::outside::key_file::{read_text, wrong};
use certificate::{Certificate, Name, NameParts, SoftwareKey};
use cmp::{Peer, Protection};
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A shared secret that is shorter can be guessed by whoever hears one message (RFC 4210, 5.1.3.1).
const SHORTEST_SECRET: usize = 16;

/// # Errors
/// A file that is none of what it should be; no secret and no certificate, or both.
pub(super) fn peer(settings: &UpstreamSettings, authority: &Certificate) -> Result<Peer, SetupError> {
    match (&settings.secret, &settings.certificates) {
        (Some(secret), None) => by_secret(secret, authority),
        (None, Some(files)) => by_certificates(files, authority),
        _ => Err(SetupError::new("[upstream]", "set either [upstream.secret] or [upstream.certificates]")),
    }
}

fn by_secret(secret: &UpstreamSecret, authority: &Certificate) -> Result<Peer, SetupError> {
    let shared = read_text(&secret.secret_file)?;
    if shared.len() < SHORTEST_SECRET {
        return Err(wrong(&secret.secret_file, "shorter than 16 characters"));
    }
    let sender = NameParts { common_name: Some(secret.sender.clone()), ..NameParts::default() };
    let sender =
        Name::from_parts(&sender).map_err(|error| SetupError::new("[upstream.secret] sender", error))?;
    let protection = Protection::Secret {
        reference: secret.reference.clone().into_bytes(),
        secret: Zeroizing::new(shared.as_bytes().to_vec()),
    };
    Ok(Peer { sender, recipient: authority.subject().clone(), protection })
}

fn by_certificates(files: &UpstreamCertificates, authority: &Certificate) -> Result<Peer, SetupError> {
    let own = read_certificate(&files.certificate_file)?;
    let key = SoftwareKey::from_pkcs8_pem(&read_text(&files.key_file)?)
        .map_err(|error| wrong(&files.key_file, error))?;
    if certificate::Signer::spki(&key) != own.spki() {
        return Err(wrong(&files.key_file, "not the key of the certificate beside it"));
    }
    let trusted = match &files.trusted_file {
        Some(file) => read_certificate(file)?,
        None => authority.clone(),
    };
    Ok(Peer {
        sender: own.subject().clone(),
        recipient: trusted.subject().clone(),
        protection: Protection::Certificates {
            own: Box::new(own),
            signer: Arc::new(key),
            trusted: vec![trusted],
        },
    })
}

pub(in crate::issuing) fn read_certificate(file: &Path) -> Result<Certificate, SetupError> {
    Certificate::from_pem(&read_text(file)?).map_err(|error| wrong(file, error))
}
