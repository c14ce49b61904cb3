//! Which commands this helper obeys: those that the office of the page's origin signed for this process, each once.

use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};

use key::{
    KeyError,
    mandate::{Given, Mandate, MandateRefusal},
    message::Request,
};

use crate::settings::Office;

pub struct Mandates {
    offices: Vec<Office>,
    /// SPKI DER of this process's station key.
    station: Vec<u8>,
    /// Nonces obeyed, until they expire.
    obeyed: HashMap<String, u64>,
}

impl Mandates {
    pub fn of(offices: Vec<Office>, station: Vec<u8>) -> Self {
        Self { offices, station, obeyed: HashMap::new() }
    }

    /// # Errors
    /// `UnknownOffice`.
    pub fn knows(&self, origin: &str) -> Result<&Office, KeyError> {
        let office = self.offices.iter().find(|office| office.origin == origin);
        office.ok_or(KeyError::Mandate(MandateRefusal::UnknownOffice))
    }

    /// The mandate for this request of a page of `origin`. It is used up by this, whatever becomes of the request.
    pub fn accept(
        &mut self,
        origin: &str,
        request: &Request,
        given: Option<&Given>,
    ) -> Result<Mandate, KeyError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.accept_at(now, origin, request, given).map_err(KeyError::Mandate)
    }

    fn accept_at(
        &mut self,
        now: u64,
        origin: &str,
        request: &Request,
        given: Option<&Given>,
    ) -> Result<Mandate, MandateRefusal> {
        let office = self.offices.iter().find(|office| office.origin == origin);
        let office = office.ok_or(MandateRefusal::UnknownOffice)?;
        let mandate = given.ok_or(MandateRefusal::Missing)?.open(&office.key)?;
        mandate.covers(origin, request, &self.station, now)?;
        self.obeyed.retain(|_, expires_at| now < *expires_at);
        match self.obeyed.insert(mandate.nonce.clone(), mandate.expires_at) {
            None => Ok(mandate),
            Some(_) => Err(MandateRefusal::Replayed),
        }
    }
}
