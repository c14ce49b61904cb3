//! The authorities' certificates as files.

use super::Trust;
use crate::fault::Fault;
use certificate::delivery::chain;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// DER (RFC 2585).
    Crt,
    Pem,
    /// The certificate and those above it.
    P7b,
}

impl Form {
    pub fn from_ending(ending: &str) -> Option<Form> {
        match ending {
            "crt" => Some(Form::Crt),
            "pem" => Some(Form::Pem),
            "p7b" => Some(Form::P7b),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Form::Crt => "application/pkix-cert",
            Form::Pem => "application/x-pem-file",
            Form::P7b => "application/x-pkcs7-certificates",
        }
    }
}

pub struct Download {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl Trust {
    /// # Errors
    /// `NotFound`: no authority of this name.
    pub fn authority_file(&self, name: &str, form: Form) -> Result<Download, Fault> {
        let all = self.house.authorities();
        let mut upwards = Vec::new();
        let mut next = Some(name.to_owned());
        // An authority has a root above it, or is one; a longer walk would be a circle.
        while let Some(wanted) = next.filter(|_| upwards.len() < 4) {
            let found = all.iter().find(|authority| authority.name == wanted).ok_or(Fault::NotFound)?;
            next = found.issuer.clone();
            upwards.push(found.certificate.clone());
        }
        let own = upwards.first().ok_or(Fault::NotFound)?;
        let bytes = match form {
            Form::Crt => own.der().to_vec(),
            Form::Pem => own.to_pem().into_bytes(),
            Form::P7b => chain::to_der(&upwards),
        };
        Ok(Download { media_type: form.media_type(), bytes })
    }
}
