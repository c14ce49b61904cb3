//! Owns: mandates: what this office wants a helper to do with a key, signed for one request, one helper process, once.
//! Never: a step of an order (it is only read), a PIN, another key than its own.
//! Start at: `Mandates::give`, then `permit.rs`.

mod permit;

use crate::codes::network;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::pace::Pace;
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use crate::visits;
use app::desk::mandates::Purpose;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::KeyPair;
use journey::actor::StaffId;
use key::mandate::{Given, Mandate, request_digest, signed_bytes, station_digest};
use key::message::Request;
use permit::{Hand, order_sentence, without_order};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;

/// From signing to the moment when the helper begins; the person's typing does not count.
const SECONDS: i64 = 120;
const PLACE: &str = "mandate_key/1";

/// Mandates that one visit is given for one order, or one network without an order, in a window: a key is made with six,
/// renewed with ten.
pub const MANDATES: u32 = 120;
const WINDOW_MINUTES: i64 = 5;

/// Who asks: a visit, a producer who is signed in, both, or neither.
#[derive(Clone, Debug)]
pub struct Who {
    pub ip: IpAddr,
    pub visit: Option<Vec<u8>>,
    pub producer: Option<StaffId>,
}

impl Who {
    /// As the pace counts them. A visit costs nothing: without an order the network counts.
    fn asks_for(&self, purpose: &Purpose) -> String {
        let network = || format!("network {}", network(self.ip));
        let Purpose::Order { number } = purpose else { return network() };
        let who = match (&self.producer, &self.visit) {
            (Some(producer), _) => format!("staff {}", producer.0),
            (None, Some(visit)) => format!("visit {}", hex::encode(visit)),
            (None, None) => network(),
        };
        format!("{who} order {number}")
    }
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Mandates {
    ground: Ground,
    pair: Arc<KeyPair>,
    origin: String,
    pace: Arc<Pace>,
}

impl Mandates {
    /// Reads the office's key, or makes it at the first start.
    ///
    /// # Errors
    /// The store's own; the row was sealed by another office.
    pub async fn open(ground: &Ground, public_origin: &str) -> Result<Mandates, Fault> {
        let (desk, now) = (ground.clone(), ground.now());
        let pair = ground.store.write(move |tx| {
            Box::pin(async move {
                if let Some(sealed) = store::mandates::find_key(tx).await? {
                    let der = desk.sealing.open(PLACE, &sealed)?;
                    return KeyPair::from_pkcs8_der(&der).map_err(wrong);
                }
                let pair = KeyPair::generate(&mut desk.dice.clone()).map_err(wrong)?;
                let sealed = desk.sealing.seal(PLACE, &pair.to_pkcs8_der().map_err(wrong)?);
                store::mandates::record_key(tx, &sealed, now).await?;
                Ok::<_, Fault>(pair)
            })
        });
        let origin = public_origin.trim_end_matches('/').to_owned();
        let pace = Arc::new(Pace::new(MANDATES, WINDOW_MINUTES));
        Ok(Mandates { pair: Arc::new(pair.await?), origin, pace, ground: ground.clone() })
    }

    /// What `certhall-helper install --office` takes: origin, and the public key (base64 SPKI) that helpers shall obey.
    pub fn office(&self) -> String {
        let key = BASE64.encode(self.pair.public_key().to_spki_der());
        json!({ "origin": self.origin, "mandate_key": key }).to_string()
    }

    /// A mandate for this request, if the order stands where this caller may have it done.
    ///
    /// # Errors
    /// `NotFound` for a stranger's order, `Changed` where the order does not stand at such a step, `Key` for a request that
    /// carries a PIN or needs no mandate, `SlowDown` for who asks again and again.
    pub async fn give(
        &self,
        who: Who,
        purpose: Purpose,
        request: Request,
        station_key: String,
    ) -> Result<Given, Fault> {
        // A page that sends a PIN to the office is broken or not ours (R129); the answer does not repeat it.
        let station = BASE64.decode(&station_key).map_err(|_| malformed())?;
        if request.carries_pin() || !request.mandated() || station.is_empty() || station.len() > 256 {
            return Err(malformed());
        }
        let paced = self.pace.count(who.asks_for(&purpose), self.ground.now());
        paced.map_err(|retry_after_s| Fault::SlowDown { retry_after_s })?;
        let mut mandate = Mandate {
            origin: self.origin.clone(),
            order: None,
            step: None,
            purpose: String::new(),
            key_serial: None,
            request_digest: request_digest(&request),
            station: station_digest(&station),
            nonce: hex::encode(self.ground.dice.bytes::<16>()),
            expires_at: (self.ground.now().millis() / 1000 + SECONDS).unsigned_abs(),
        };
        match purpose {
            Purpose::Order { number } => self.about_order(&who, &number, &request, &mut mandate).await?,
            other => mandate.purpose = without_order(&other, request.verb()).ok_or(Fault::NotYourDesk)?,
        }
        let text = mandate.text().map_err(wrong)?;
        let signature = self.pair.sign(&signed_bytes(&text)).map_err(wrong)?;
        Ok(Given { text, signature: BASE64.encode(signature) })
    }

    async fn about_order(
        &self,
        who: &Who,
        number: &str,
        request: &Request,
        mandate: &mut Mandate,
    ) -> Result<(), Fault> {
        let mut reader = self.ground.store.read().await?;
        let (row, hand) = theirs(&mut reader, who, number).await?;
        let step = row.order.step().ok_or(Fault::Changed)?;
        if !permit::permits(request.verb(), step, hand) {
            return Err(Fault::Changed);
        }
        // What production has begun with counts: a broken key may be replaced until certificates are issued.
        let begun = match hand {
            Hand::Producer => store::productions::find(&mut reader, &row.id).await?,
            Hand::Applicant => None,
        };
        mandate.key_serial = begun.map(|begun| begun.key_serial).or(row.order.key_serial.clone());
        mandate.purpose = order_sentence(&row.order, &row.number, request.verb());
        mandate.step = Some(step.code().to_owned());
        mandate.order = Some(row.number);
        Ok(())
    }
}

/// The order as this caller may have something done for it: the job a producer has taken, or an order the visit may see.
async fn theirs(tx: &mut Tx, who: &Who, number: &str) -> Result<(OrderRow, Hand), Fault> {
    if let Some(producer) = &who.producer
        && let Some(row) = store::orders::find_by_number(tx, number).await?
        && row.order.produced_by.as_ref() == Some(producer)
    {
        return Ok((row, Hand::Producer));
    }
    match &who.visit {
        Some(visit) => Ok((visits::order_for(tx, visit, number).await?, Hand::Applicant)),
        None if who.producer.is_some() => Err(Fault::NotFound),
        None => Err(Fault::SignInAgain),
    }
}

fn malformed() -> Fault {
    Fault::Proof(app::desk::error::ProofRefusal::Malformed)
}

fn wrong(why: impl ToString) -> Fault {
    Fault::Certificate(why.to_string())
}
