//! What each verb does. Everything that is not base64 and bookkeeping is the key crate's.

use base64::{Engine, engine::general_purpose::STANDARD};
use key::{
    KeyError, certificate_facts,
    key::{Key, Life, PinKind, Slot},
    message::{Answer, KeyRef, KeyState, KeySummary, Request},
    production, statement,
    station::{Station, fresh_admin_pin, seal_pin},
};

use crate::ring::{OpenKey, Ring};

pub struct Helper {
    ring: Ring,
    station: Station,
}

impl Helper {
    pub fn start(ring: Ring) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self { ring, station: Station::start()? })
    }

    pub async fn serve(&mut self, origin: &str, request: Request) -> Result<Answer, KeyError> {
        match request {
            Request::Hello {} => Ok(Answer::Hello {
                helper_version: env!("CARGO_PKG_VERSION").into(),
                station_key: STANDARD.encode(self.station.public_key()),
            }),
            Request::ListKeys {} => self.list().await,
            Request::Identify { key } => self.look(&key).await,
            other => self.converse(origin, other).await,
        }
    }

    async fn list(&mut self) -> Result<Answer, KeyError> {
        let mut keys = Vec::new();
        for name in self.ring.inserted()? {
            match self.look(&name).await {
                Ok(Answer::Identified { key, .. }) => keys.push(key),
                // Pulled while we looked: it is simply not there.
                Err(KeyError::Removed) | Ok(_) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Answer::Keys { keys })
    }

    /// Reads only, so it may be tried again once when the key was pulled and put back since it was opened.
    async fn look(&mut self, name: &KeyRef) -> Result<Answer, KeyError> {
        match describe(self.ring.key(name).await?, name).await {
            Err(KeyError::Removed) => {
                self.ring.forget(name);
                describe(self.ring.key(name).await?, name).await
            }
            other => other,
        }
    }

    /// Everything that may change the key or use its secrets: once, never again behind the page's back.
    async fn converse(&mut self, origin: &str, request: Request) -> Result<Answer, KeyError> {
        let name = named(&request).ok_or(KeyError::Unsupported)?.clone();
        let key = self.ring.key(&name).await?;
        let answer = carry_out(key, &self.station, origin, request).await;
        if let Err(KeyError::Removed | KeyError::Timeout | KeyError::Transport(_)) = answer {
            self.ring.forget(&name);
        }
        answer
    }
}

fn named(request: &Request) -> Option<&KeyRef> {
    match request {
        Request::Personalise { key, .. }
        | Request::Resume { key, .. }
        | Request::InstallPair { key, .. }
        | Request::ReadBack { key, .. }
        | Request::PinInfo { key }
        | Request::VerifyPin { key, .. }
        | Request::Login { key, .. }
        | Request::ChangePin { key, .. } => Some(key),
        _ => None,
    }
}

async fn carry_out(
    key: &mut OpenKey,
    station: &Station,
    origin: &str,
    request: Request,
) -> Result<Answer, KeyError> {
    match request {
        Request::Personalise { label, sealed_passcode, subject, nonce, office_key, .. } => {
            let user = station.open_passcode(&decode("sealed_passcode", &sealed_passcode)?)?;
            let admin = fresh_admin_pin()?;
            // Sealed before the key is touched: a bad office key must not leave a key nobody can unblock.
            let sealed_admin_pin = match office_key {
                Some(office_key) => {
                    Some(STANDARD.encode(seal_pin(&decode("office_key", &office_key)?, &admin)?))
                }
                None => None,
            };
            let made = production::personalise(key, &label, &admin, &user, &subject, &nonce).await?;
            let (request, proof) = (STANDARD.encode(made.request), STANDARD.encode(made.proof));
            Ok(Answer::Personalised { serial: made.serial, request, proof, sealed_admin_pin })
        }
        Request::Resume { sealed_passcode, .. } => {
            let user = station.open_passcode(&decode("sealed_passcode", &sealed_passcode)?)?;
            key.verify_pin(PinKind::User, &user).await?;
            Ok(Answer::Verified {})
        }
        Request::InstallPair { sign_certificate, encrypt_certificate, enveloped_key, .. } => {
            let sign = decode("sign_certificate", &sign_certificate)?;
            let encrypt = decode("encrypt_certificate", &encrypt_certificate)?;
            production::install(key, &sign, &encrypt, &decode("enveloped_key", &enveloped_key)?).await?;
            Ok(Answer::Installed {})
        }
        Request::ReadBack { nonce, sealed_challenge, .. } => {
            let sealed = sealed_challenge.map(|sealed| decode("sealed_challenge", &sealed)).transpose()?;
            let read = production::read_back(key, &nonce, sealed.as_deref()).await?;
            Ok(Answer::ReadBack {
                serial: read.serial,
                sign_certificate: STANDARD.encode(read.sign_certificate),
                encrypt_certificate: STANDARD.encode(read.encrypt_certificate),
                signature: STANDARD.encode(read.signature),
                encryption_proof: read.encryption_proof,
            })
        }
        Request::PinInfo { .. } => {
            let info = key.pin_info(PinKind::User).await?;
            Ok(Answer::PinInfo { left: info.left, max: info.max })
        }
        Request::VerifyPin { pin, .. } => {
            key.verify_pin(PinKind::User, &pin).await?;
            Ok(Answer::Verified {})
        }
        Request::Login { pin, challenge, .. } => {
            if !statement::is_nonce(&challenge) {
                return Err(KeyError::Malformed("a challenge is hex of 16 to 64 bytes".into()));
            }
            let serial = key.identify().await?.serial;
            let certificate = key.read_certificate(Slot::Sign).await?.ok_or(KeyError::NotFound)?;
            key.verify_pin(PinKind::User, &pin).await?;
            let signature = key.sign(&statement::login(origin, &challenge)).await?;
            let (sign_certificate, signature) = (STANDARD.encode(certificate), STANDARD.encode(signature));
            Ok(Answer::LoggedIn { serial, sign_certificate, signature })
        }
        Request::ChangePin { old, new, .. } => {
            key.change_pin(PinKind::User, &old, &new).await?;
            Ok(Answer::PinChanged {})
        }
        _ => Err(KeyError::Unsupported),
    }
}

async fn describe(key: &mut OpenKey, name: &KeyRef) -> Result<Answer, KeyError> {
    let identity = key.identify().await?;
    let sign_certificate = key.read_certificate(Slot::Sign).await?;
    let encrypt_certificate = key.read_certificate(Slot::Encrypt).await?;
    let pin_left = match key.pin_info(PinKind::User).await {
        Ok(info) => Some(info.left),
        Err(KeyError::NotFound) => None,
        Err(error) => return Err(error),
    };
    let facts = sign_certificate.as_deref().and_then(certificate_facts::read);
    let summary = KeySummary {
        key: name.clone(),
        label: identity.label,
        serial: identity.serial,
        state: match identity.life {
            Life::Creation => KeyState::Blank,
            Life::Operational => KeyState::Personalised,
        },
        certificate_name: facts.and_then(|facts| facts.common_name),
        pin_left,
    };
    Ok(Answer::Identified {
        key: summary,
        sign_certificate: sign_certificate.map(|der| STANDARD.encode(der)),
        encrypt_certificate: encrypt_certificate.map(|der| STANDARD.encode(der)),
    })
}

fn decode(field: &str, text: &str) -> Result<Vec<u8>, KeyError> {
    STANDARD.decode(text).map_err(|_| KeyError::Malformed(format!("{field} is not base64")))
}
