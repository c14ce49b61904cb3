//! What each verb does with a key, wherever this runs: in the helper, or in the page that reaches the key itself.
//!
//! Everything that is not base64 and bookkeeping is `production`, `statement` and the key's own.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    KeyError,
    authorisation::{self, Authorisation, Opener},
    certificate_facts,
    key::{Key, Life, PinKind, Slot},
    message::{Answer, KeyRef, KeyState, KeySummary, Request},
    production, serve_next, statement,
};

/// The ports of this computer, as far as one way reaches them, and the keys that are open.
#[allow(async_fn_in_trait)]
pub trait Ring {
    type Key: Key;

    /// What is in the ports now, in a stable order.
    async fn inserted(&mut self) -> Result<Vec<KeyRef>, KeyError>;
    /// The open key, with all that was verified on it; or opened now.
    async fn key(&mut self, name: &KeyRef) -> Result<&mut Self::Key, KeyError>;
    /// After a failure of the wire: the next call opens the key anew, and nothing is verified on it any more.
    fn forget(&mut self, name: &KeyRef);
}

/// One question, one answer. `origin` is the page's, as the browser knows it.
///
/// # Errors
/// The key's own; `Unsupported` for the verbs that only a station has (`Hello`, `Personalise`, `Resume`).
pub async fn serve<R: Ring>(ring: &mut R, origin: &str, request: Request) -> Result<Answer, KeyError> {
    match request {
        Request::ListKeys {} => list(ring).await,
        Request::Identify { key } => look(ring, &key).await,
        Request::InstallPair { .. }
        | Request::ReadBack { .. }
        | Request::MakeNext { .. }
        | Request::InstallNext { .. }
        | Request::Switch { .. }
        | Request::PreparePast { .. }
        | Request::InstallPast { .. }
        | Request::PinInfo { .. }
        | Request::VerifyPin { .. }
        | Request::Login { .. }
        | Request::ChangePin { .. } => {
            let name = request.key().ok_or(KeyError::Unsupported)?.clone();
            let key = ring.key(&name).await?;
            let answer = carry_out(key, origin, request).await;
            forget_after(ring, &name, &answer);
            answer
        }
        _ => Err(KeyError::Unsupported),
    }
}

/// `Request::Unblock`, at the station that the office has sealed its authorisation to; `now_millis` is this machine's time.
///
/// # Errors
/// The authorisation's and the key's; `Unsupported` without a PIN: whoever has a window of its own has asked by now.
pub async fn unblock<R: Ring>(
    ring: &mut R,
    station: &mut impl Opener,
    request: Request,
    now_millis: i64,
) -> Result<Answer, KeyError> {
    let Request::Unblock { key: name, sealed_authorisation, pin: Some(pin) } = request else {
        return Err(KeyError::Unsupported);
    };
    let sealed = decode("sealed_authorisation", &sealed_authorisation)?;
    let key = ring.key(&name).await?;
    let authorisation = Authorisation::take(station, &sealed, now_millis)?;
    let answer = authorisation::unblock(key, &authorisation, &pin)
        .await
        .map(|done| Answer::Unblocked { serial: done.serial, signature: STANDARD.encode(done.signature) });
    forget_after(ring, &name, &answer);
    answer
}

/// Everything that may change the key or use its secrets is done once, never again behind the page's back: a wire that
/// failed is given up.
pub fn forget_after<R: Ring>(ring: &mut R, name: &KeyRef, answer: &Result<Answer, KeyError>) {
    let failed = KeyError::is_of_the_wire;
    if answer.as_ref().is_err_and(failed) {
        ring.forget(name);
    }
}

async fn list<R: Ring>(ring: &mut R) -> Result<Answer, KeyError> {
    let mut keys = Vec::new();
    for name in ring.inserted().await? {
        match look(ring, &name).await {
            Ok(Answer::Identified { key, .. }) => keys.push(key),
            // Pulled while we looked: it is simply not there.
            Err(KeyError::Removed) | Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Answer::Keys { keys })
}

/// Reads only, so it may be tried again once when the key was pulled and put back since it was opened.
async fn look<R: Ring>(ring: &mut R, name: &KeyRef) -> Result<Answer, KeyError> {
    let first = describe(ring.key(name).await?, name).await;
    forget_after(ring, name, &first);
    match first {
        Err(KeyError::Removed) => {
            let second = describe(ring.key(name).await?, name).await;
            forget_after(ring, name, &second);
            second
        }
        other => other,
    }
}

async fn carry_out<K: Key>(key: &mut K, origin: &str, request: Request) -> Result<Answer, KeyError> {
    match request {
        Request::InstallPair { sign_certificate, encrypt_certificate, enveloped_key, .. } => {
            let sign = decode("sign_certificate", &sign_certificate)?;
            let encrypt = decode("encrypt_certificate", &encrypt_certificate)?;
            production::install(key, &sign, &encrypt, &decode("enveloped_key", &enveloped_key)?).await?;
            Ok(Answer::Installed {})
        }
        Request::ReadBack { .. }
        | Request::MakeNext { .. }
        | Request::InstallNext { .. }
        | Request::Switch { .. }
        | Request::PreparePast { .. }
        | Request::InstallPast { .. } => serve_next::carry_out(key, request).await,
        Request::PinInfo { .. } => {
            let info = key.pin_info(PinKind::User).await?;
            Ok(Answer::PinInfo { left: info.left, max: info.max })
        }
        Request::VerifyPin { pin, .. } => {
            let pin = pin.ok_or(KeyError::PinMissing)?;
            key.verify_pin(PinKind::User, &pin).await?;
            Ok(Answer::Verified {})
        }
        Request::Login { pin, challenge, .. } => {
            let pin = pin.ok_or(KeyError::PinMissing)?;
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
            let (old, new) = old.zip(new).ok_or(KeyError::PinMissing)?;
            key.change_pin(PinKind::User, &old, &new).await?;
            Ok(Answer::PinChanged {})
        }
        _ => Err(KeyError::Unsupported),
    }
}

async fn describe<K: Key>(key: &mut K, name: &KeyRef) -> Result<Answer, KeyError> {
    let identity = key.identify().await?;
    let sign_certificate = key.read_certificate(Slot::Sign).await?;
    let encrypt_certificate = key.read_certificate(Slot::Encrypt).await?;
    let pin_left = match key.pin_info(PinKind::User).await {
        Ok(info) => Some(info.left),
        // No PIN yet, or a key that does not count aloud.
        Err(KeyError::NotFound | KeyError::Unsupported) => None,
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

/// # Errors
/// `Malformed`, naming the field.
pub fn decode(field: &str, text: &str) -> Result<Vec<u8>, KeyError> {
    STANDARD.decode(text).map_err(|_| KeyError::Malformed(format!("{field} is not base64")))
}
