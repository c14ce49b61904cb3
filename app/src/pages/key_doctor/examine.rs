//! Gathering the facts: what this browser has, what each way sees, what lies on the key, and the office's clock.

use crate::browser;
use crate::key_access::search::{Found, Look, look, the_one};
use crate::key_access::station::{self, Station};
use crate::key_access::{AccessError, Way, holder};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use key::certificate_facts;

/// What was seen; nothing in it names a person.
#[derive(Clone, Debug)]
pub struct Facts {
    pub secure: bool,
    pub hid: bool,
    pub usb: bool,
    /// Seconds that this computer is ahead of the office; `None` when the office did not say.
    pub ahead: Option<i64>,
    pub station: Result<Station, AccessError>,
    pub looks: Vec<Look>,
    pub key: Result<Found, AccessError>,
    pub certificate: Option<Certificate>,
}

/// The signing certificate on the key, by the office's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub begins_in: i64,
    pub ends_in: i64,
}

pub async fn examine() -> Facts {
    let ahead = browser::ahead_of_office().await;
    let station = station::hello(Way::Helper).await;
    let looks = look().await;
    let key = the_one(&looks);
    let certificate = match &key {
        Ok(found) => certificate(found, ahead).await,
        Err(_) => None,
    };
    Facts {
        secure: browser::is_secure(),
        hid: Way::Hid.is_in_browser(),
        usb: Way::Usb.is_in_browser(),
        ahead,
        station,
        looks,
        key,
        certificate,
    }
}

async fn certificate(found: &Found, ahead: Option<i64>) -> Option<Certificate> {
    let der = holder::certificate(found.way, found.key.key.clone()).await.ok()?;
    let der = STANDARD.decode(der).ok()?;
    let (begin, end) = certificate_facts::read(&der)?.validity?;
    let now = browser::now().millis() / 1000 - ahead.unwrap_or_default();
    Some(Certificate { begins_in: begin - now, ends_in: end - now })
}
