//! Mandates: what the office signs so that a helper obeys. A page can ask for anything; a key is only touched for what the
//! office wanted done, here, now, once.
//!
//! What is signed is the text itself, so nobody has to write it down twice in the same way. What it says about the request
//! is a digest, taken on both sides from a canonical form without PINs.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sm3::{Digest, Sm3};

use crate::message::Request;

/// In front of every signed text: a signature over a mandate is one over nothing else.
const OPENING: &[u8] = b"certhall mandate 1\n";

/// One request may be carried out once, by one helper process, for one page of the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// The office's, as the browser knows it: `https://hall.certhall.example`.
    pub origin: String,
    /// The order's number and the code of the step where it stands; neither for what belongs to no order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What for, in a sentence that the helper's own window shows.
    pub purpose: String,
    /// The only key that may be used, where the order is bound to one (R067).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_serial: Option<String>,
    /// `request_digest` of the request.
    pub request_digest: String,
    /// `station_digest` of the helper process that may obey.
    pub station: String,
    /// Hex. Counts once.
    pub nonce: String,
    /// Unix seconds.
    pub expires_at: u64,
}

/// A mandate as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The mandate as JSON, exactly the bytes that were signed.
    pub text: String,
    /// SM2 signature (DER, base64) over `signed_bytes(text)`.
    pub signature: String,
}

/// Why a helper does not obey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MandateRefusal {
    /// The command came without one.
    Missing,
    /// This helper was not told the key of an office at this origin.
    UnknownOffice,
    /// Not signed by the office of this origin, or changed.
    Signature,
    OtherOrigin,
    OtherRequest,
    /// Given to another helper process than this one.
    OtherStation,
    /// Past its time, or the clock of this computer is wrong.
    Expired,
    /// Obeyed already.
    Replayed,
}

impl MandateRefusal {
    pub const ALL: [MandateRefusal; 8] = [
        MandateRefusal::Missing,
        MandateRefusal::UnknownOffice,
        MandateRefusal::Signature,
        MandateRefusal::OtherOrigin,
        MandateRefusal::OtherRequest,
        MandateRefusal::OtherStation,
        MandateRefusal::Expired,
        MandateRefusal::Replayed,
    ];

    pub fn code(self) -> &'static str {
        match self {
            MandateRefusal::Missing => "mandate.missing",
            MandateRefusal::UnknownOffice => "mandate.unknown_office",
            MandateRefusal::Signature => "mandate.signature",
            MandateRefusal::OtherOrigin => "mandate.other_origin",
            MandateRefusal::OtherRequest => "mandate.other_request",
            MandateRefusal::OtherStation => "mandate.other_station",
            MandateRefusal::Expired => "mandate.expired",
            MandateRefusal::Replayed => "mandate.replayed",
        }
    }
}

impl Mandate {
    /// # Errors
    /// Never for a mandate; serde's own otherwise.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Whether this is the mandate for exactly this. Which key is in hand and whether the nonce was used is for the helper
    /// to know.
    ///
    /// # Errors
    /// The first thing that is different.
    pub fn covers(
        &self,
        origin: &str,
        request: &Request,
        station_key: &[u8],
        now: u64,
    ) -> Result<(), MandateRefusal> {
        let checks = [
            (self.origin == origin, MandateRefusal::OtherOrigin),
            (self.station == station_digest(station_key), MandateRefusal::OtherStation),
            (self.request_digest == request_digest(request), MandateRefusal::OtherRequest),
            (now < self.expires_at, MandateRefusal::Expired),
        ];
        checks.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, refusal)| Err(refusal))
    }
}

#[cfg(feature = "soft")]
impl Given {
    /// The mandate, if the holder of this SM2 key (SPKI DER) signed it.
    ///
    /// # Errors
    /// `Signature`, also for a text that is no mandate.
    pub fn open(&self, office_key: &[u8]) -> Result<Mandate, MandateRefusal> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let refused = |()| MandateRefusal::Signature;
        let key = certificate::PublicKey::from_spki_der(office_key).map_err(drop).map_err(refused)?;
        let signature = STANDARD.decode(&self.signature).map_err(drop).map_err(refused)?;
        key.verify(&signed_bytes(&self.text), &signature).map_err(drop).map_err(refused)?;
        serde_json::from_str(&self.text).map_err(drop).map_err(refused)
    }
}

/// What the office signs and the helper verifies.
pub fn signed_bytes(text: &str) -> Vec<u8> {
    [OPENING, text.as_bytes()].concat()
}

/// Hex of SM3 over the request without PINs, in its canonical form: JSON without spaces, members sorted by name.
pub fn request_digest(request: &Request) -> String {
    let value = serde_json::to_value(request.clone().without_pins()).unwrap_or(Value::Null);
    let mut text = b"certhall request 1\n".to_vec();
    canonical(&value, &mut text);
    hex::encode(Sm3::digest(&text))
}

/// Hex of SM3 over the station key (SPKI DER) that a helper process gives with `Hello`.
pub fn station_digest(station_key: &[u8]) -> String {
    hex::encode(Sm3::digest(station_key))
}

fn canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            out.push(b'{');
            for (place, (name, value)) in members.into_iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(Value::from(name.as_str()).to_string().as_bytes());
                out.push(b':');
                canonical(value, out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(b',');
                }
                canonical(item, out);
            }
            out.push(b']');
        }
        plain => out.extend_from_slice(plain.to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pin, message::KeyRef};

    fn login(pin: Option<&str>, challenge: &str) -> Request {
        Request::Login { key: KeyRef("soft:A".into()), pin: pin.map(Pin::new), challenge: challenge.into() }
    }

    #[test]
    fn r129_the_digest_knows_no_pin_and_everything_else() {
        let digest = request_digest(&login(None, "00"));
        assert_eq!(digest, request_digest(&login(Some("Kx7uQ92m"), "00")));
        assert_ne!(digest, request_digest(&login(None, "01")));
        assert!(login(Some("Kx7uQ92m"), "00").carries_pin());
        assert!(!login(None, "00").carries_pin());
    }

    #[test]
    fn the_canonical_form_is_the_same_however_it_was_written() {
        let mut one = Vec::new();
        canonical(
            &serde_json::from_str(r#"{ "b": [1, {"d": null, "c": "\u8bc1\""}], "a": true }"#).unwrap(),
            &mut one,
        );
        assert_eq!(String::from_utf8(one).unwrap(), r#"{"a":true,"b":[1,{"c":"证\"","d":null}]}"#);
        // A digest that other programs can compute: this one is pinned.
        assert_eq!(
            request_digest(&login(None, "00")),
            hex::encode(Sm3::digest(
                b"certhall request 1\n{\"challenge\":\"00\",\"key\":\"soft:A\",\"verb\":\"login\"}"
            ))
        );
    }

    #[test]
    fn a_mandate_covers_this_and_nothing_else() {
        let request = login(None, "00");
        let mandate = Mandate {
            origin: "https://a".into(),
            order: None,
            step: None,
            purpose: "登录".into(),
            key_serial: None,
            request_digest: request_digest(&request),
            station: station_digest(b"station"),
            nonce: "00".repeat(16),
            expires_at: 100,
        };
        assert_eq!(mandate.covers("https://a", &request, b"station", 99), Ok(()));
        for (origin, request, station, now, refusal) in [
            ("https://b", &request, b"station", 99, MandateRefusal::OtherOrigin),
            ("https://a", &login(None, "01"), b"station", 99, MandateRefusal::OtherRequest),
            ("https://a", &request, b"another", 99, MandateRefusal::OtherStation),
            ("https://a", &request, b"station", 100, MandateRefusal::Expired),
        ] {
            assert_eq!(mandate.covers(origin, request, station, now), Err(refusal));
        }
    }
}
