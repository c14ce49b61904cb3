//! What a helper does before and beside the verbs themselves: it obeys mandates alone, asks for PINs in its own window, and
//! holds the key that passcodes are sealed to. All else is the key crate's `serve`.

use base64::{Engine, engine::general_purpose::STANDARD};
use key::{
    KeyError,
    key::{Key, PinKind},
    mandate::{Given, Mandate},
    message::{Answer, Request},
    production,
    serve::{Ring as _, decode, forget_after, serve, unblock},
    station::{Station, fresh_admin_pin, seal_pin},
    verb::Verb,
};

use helper::ring::{OpenKey, Ring};

use crate::{
    mandates::Mandates,
    prompt::{Prompt, entry},
    settings::Office,
};

pub struct Helper {
    ring: Ring,
    station: Station,
    mandates: Mandates,
    prompt: Box<dyn Prompt>,
}

impl Helper {
    pub fn start(
        ring: Ring,
        offices: Vec<Office>,
        prompt: Box<dyn Prompt>,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let station = Station::start()?;
        let mandates = Mandates::of(offices, station.public_key());
        Ok(Self { ring, station, mandates, prompt })
    }

    /// Whether a key came or went since this was last asked.
    pub fn ports_stirred(&mut self) -> bool {
        self.ring.stirred()
    }

    /// One question of a page of `origin`, as the browser knows it.
    pub async fn serve(
        &mut self,
        origin: &str,
        mut request: Request,
        given: Option<&Given>,
    ) -> Result<Answer, KeyError> {
        // Whoever sends a PIN through a page has been tricked into it, or tricks somebody (R129).
        if request.carries_pin() {
            return Err(KeyError::Malformed("a PIN is typed into the helper's window only".into()));
        }
        if request.mandated() {
            let mandate = self.mandates.accept(origin, &request, given)?;
            self.prepare(&mandate, &mut request).await?;
        } else if request.verb() != Verb::Hello {
            // Looking needs no leave, but it is for offices alone: whose keys these are is nobody else's business.
            self.mandates.knows(origin)?;
        }
        self.carry_out(origin, request).await
    }

    /// The right key, and the PINs that the person types for it.
    async fn prepare(&mut self, mandate: &Mandate, request: &mut Request) -> Result<(), KeyError> {
        let name = request.key().ok_or(KeyError::Unsupported)?.clone();
        let key = self.ring.key(&name).await?;
        let prepared = prepare(key, self.prompt.as_mut(), mandate, request).await;
        // A key that was pulled while the person typed is gone.
        if prepared.as_ref().is_err_and(KeyError::is_of_the_wire) {
            self.ring.forget(&name);
        }
        prepared
    }

    async fn carry_out(&mut self, origin: &str, request: Request) -> Result<Answer, KeyError> {
        match request {
            Request::Hello {} => Ok(Answer::Hello {
                helper_version: env!("CARGO_PKG_VERSION").into(),
                station_key: STANDARD.encode(self.station.public_key()),
            }),
            Request::Personalise { .. } | Request::Resume { .. } => self.produce(request).await,
            Request::Unblock { .. } => {
                unblock(&mut self.ring, &mut self.station, request, now_millis()).await
            }
            other => serve(&mut self.ring, origin, other).await,
        }
    }

    /// The verbs that open a passcode: once, never again behind the page's back.
    async fn produce(&mut self, request: Request) -> Result<Answer, KeyError> {
        let name = request.key().ok_or(KeyError::Unsupported)?.clone();
        let key = self.ring.key(&name).await?;
        let answer = produce(key, &self.station, request).await;
        forget_after(&mut self.ring, &name, &answer);
        answer
    }
}

async fn prepare(
    key: &mut OpenKey,
    prompt: &mut dyn Prompt,
    mandate: &Mandate,
    request: &mut Request,
) -> Result<(), KeyError> {
    if let Some(serial) = &mandate.key_serial
        && key.identify().await?.serial != *serial
    {
        return Err(KeyError::WrongKey);
    }
    entry::fill(key, prompt, mandate, request).await
}

/// By this computer's clock; the office's own is asked again when the key has spoken.
fn now_millis() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

async fn produce(key: &mut OpenKey, station: &Station, request: Request) -> Result<Answer, KeyError> {
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
        _ => Err(KeyError::Unsupported),
    }
}
