//! What only a station can do: hold the key that passcodes are sealed to. All else is the key crate's `serve`.

use base64::{Engine, engine::general_purpose::STANDARD};
use key::{
    KeyError,
    key::{Key, PinKind},
    message::{Answer, Request},
    production,
    serve::{Ring as _, decode, forget_after, serve},
    station::{Station, fresh_admin_pin, seal_pin},
};

use helper::ring::{OpenKey, Ring};

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
            Request::Personalise { .. } | Request::Resume { .. } => self.produce(request).await,
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
