//! 制证 and 发货: a job is taken, the key made on the producer's machine, verified by the office, and shipped.

use super::DeskError;
use super::review::QueueLine;
use journey::party::Party;
use journey::service::Service;
use key::message::{EnvelopedPast, NameParts};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// A job on the producer's desk. What is already done shows after a reload or a crash, and is not done twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    pub number: String,
    pub version: i64,
    pub service: Service,
    pub party: Party,
    pub holder_name: String,
    pub stage: JobStage,
    pub mine: bool,
    /// Set once a key has generated the pair: only this key may go on (R067).
    pub key_serial: Option<String>,
    pub sign_serial: Option<String>,
    pub encrypt_serial: Option<String>,
    pub passcode_sent: bool,
    /// Where the parcel goes; shown from dispatch on.
    pub recipient: Option<Recipient>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipient {
    pub name: String,
    pub phone: String,
    pub address: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStage {
    Waiting,
    Taken,
    /// The key holds its pair, the office has the request.
    Generated,
    /// The certificates are recorded by the office, not yet proven on the key.
    Issued,
    /// Read back from the key and verified (R140).
    Verified,
    Shipped,
}

/// What the key needs to be personalised: goes through the page to the helper as it is. Asked for again after a reload
/// (`JobStage::Generated` or `Issued`, same key): then only the passcode is sealed anew, to the helper of now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Personalisation {
    /// The initial PIN, SM2-sealed to the helper's station key (base64): the page cannot read it (R129).
    pub sealed_passcode: String,
    /// The subject of the request.
    pub subject: NameParts,
    pub label: String,
    /// Hex; the key's proof of personalisation is signed over it, so that the office knows which key holds the pair.
    pub nonce: String,
    /// SPKI (base64) that the key's random admin PIN is sealed to, if the office keeps it.
    #[serde(default)]
    pub office_key: Option<String>,
}

/// What the key answered to its personalisation: base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyRequest {
    /// PKCS#10, signed on the key.
    pub request: String,
    /// Signature over `statement::personalised(nonce, serial, request)`.
    pub proof: String,
    #[serde(default)]
    pub sealed_admin_pin: Option<String>,
}

/// The double certificate, as it goes onto the key: base64 DER.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IssuedPair {
    pub sign_certificate: String,
    pub encrypt_certificate: String,
    /// SM2EnvelopedKey (GM/T 0009), to the key's signing public key.
    pub enveloped_key: String,
    /// Hex; for the read-back.
    pub nonce: String,
    /// SM2Cipher (base64) of random bytes under the encryption key: opened on the key, it proves the second pair.
    #[serde(default)]
    pub sealed_challenge: Option<String>,
    /// Encryption pairs of before, for the key's history (A40): what a replacement brings along.
    #[serde(default)]
    pub past: Vec<PastPair>,
}

/// An encryption pair of before: base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastPair {
    /// The pair itself, once the key has said where it goes (`issue_pair`, `prepared`).
    pub enveloped: Option<EnvelopedPast>,
    /// Its public key, 04 ‖ X ‖ Y.
    pub point: String,
    /// SM2Cipher of what only this pair opens.
    pub sealed_challenge: String,
}

/// Where the key takes pairs of before: base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedPast {
    /// Public keys, 04 ‖ X ‖ Y, one for each pair; fewer where the key has no room.
    pub places: Vec<String>,
    /// Over `statement::past_prepared(nonce, serial, places)`, by the signing pair that the office certified.
    pub signature: String,
}

/// What the key says of itself after writing: base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadBackProof {
    pub key_serial: String,
    pub sign_certificate: String,
    pub encrypt_certificate: String,
    pub signature: String,
    /// Hex, where a challenge was given.
    #[serde(default)]
    pub encryption_proof: Option<String>,
    /// The same of each pair of before, in the order of `IssuedPair::past`.
    #[serde(default)]
    pub past_proofs: Vec<Option<String>>,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait ProductionDesk: Send + Sync {
    async fn queue(&self, caller: super::Caller) -> Result<Vec<QueueLine>, DeskError>;
    async fn job(&self, caller: super::Caller, number: String) -> Result<JobView, DeskError>;
    async fn take(&self, caller: super::Caller, number: String) -> Result<JobView, DeskError>;
    async fn release(&self, caller: super::Caller, number: String) -> Result<(), DeskError>;
    async fn personalise(
        &self,
        caller: super::Caller,
        number: String,
        key_serial: String,
        station_key: String,
    ) -> Result<Personalisation, DeskError>;
    async fn issue(
        &self,
        caller: super::Caller,
        number: String,
        key_serial: String,
        request: Option<KeyRequest>,
        prepared: Option<PreparedPast>,
    ) -> Result<IssuedPair, DeskError>;
    async fn verify(
        &self,
        caller: super::Caller,
        number: String,
        proof: ReadBackProof,
    ) -> Result<JobView, DeskError>;
    async fn ship(
        &self,
        caller: super::Caller,
        number: String,
        courier: String,
        waybill: String,
    ) -> Result<(), DeskError>;
    async fn dispatch_queue(&self, caller: super::Caller) -> Result<Vec<QueueLine>, DeskError>;
}

#[server(prefix = "/api", endpoint = "production/queue", input = Json, output = Json)]
pub async fn production_queue() -> Result<Vec<QueueLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.queue(caller).await)
}

#[server(prefix = "/api", endpoint = "production/job", input = Json, output = Json)]
pub async fn production_job(number: String) -> Result<JobView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.job(caller, number).await)
}

#[server(prefix = "/api", endpoint = "production/take", input = Json, output = Json)]
pub async fn take_job(number: String) -> Result<JobView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.take(caller, number).await)
}

#[server(prefix = "/api", endpoint = "production/release", input = Json, output = Json)]
pub async fn release_job(number: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.release(caller, number).await)
}

/// `station_key`: the helper's public key of this run (base64 SPKI). May be repeated: `Request::Resume` after a reload
/// wants the passcode sealed to the helper that runs now.
#[server(prefix = "/api", endpoint = "production/personalise", input = Json, output = Json)]
pub async fn personalise_key(
    number: String,
    key_serial: String,
    station_key: String,
) -> Result<Personalisation, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.personalise(caller, number, key_serial, station_key).await)
}

/// Issues the pair for the request that the key signed, or gives the one already issued for it. `None` after a reload:
/// give again what stands, the office has the request since `JobStage::Generated`. With `prepared` the pairs of before come
/// with it, each for a place on the key.
#[server(prefix = "/api", endpoint = "production/issue", input = Json, output = Json)]
pub async fn issue_pair(
    number: String,
    key_serial: String,
    request: Option<KeyRequest>,
    prepared: Option<PreparedPast>,
) -> Result<IssuedPair, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.issue(caller, number, key_serial, request, prepared).await)
}

#[server(prefix = "/api", endpoint = "production/verify", input = Json, output = Json)]
pub async fn verify_key(number: String, proof: ReadBackProof) -> Result<JobView, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.verify(caller, number, proof).await)
}

#[server(prefix = "/api", endpoint = "dispatch/queue", input = Json, output = Json)]
pub async fn dispatch_queue() -> Result<Vec<QueueLine>, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.dispatch_queue(caller).await)
}

#[server(prefix = "/api", endpoint = "dispatch/ship", input = Json, output = Json)]
pub async fn ship_order(number: String, courier: String, waybill: String) -> Result<(), DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.production.ship(caller, number, courier, waybill).await)
}
