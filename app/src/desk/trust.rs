//! 信任中心: the authorities of this house, what they publish, and what a certificate that somebody holds is worth.
//!
//! Public: whoever asks learns what the certificate says and what OCSP would answer, nothing more.

use super::DeskError;
use journey::moment::Moment;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// A file that claims to be a certificate is no longer than this.
pub const LIMIT_BYTES: usize = 64 * 1024;
/// Where the plain form of the page posts to, and the page itself.
pub const CHECK_PATH: &str = "/trust/check";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrustView {
    pub as_of: Moment,
    /// Roots, each with what stands below it.
    pub chains: Vec<AuthorityView>,
    pub statement: StatementFacts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorityPurpose {
    Root,
    Issuing,
    /// Signs OCSP answers in an issuer's name.
    Responder,
}

/// One authority's certificate, and what it publishes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuthorityView {
    /// Names its files: `/authority/{name}.crt`.
    pub name: String,
    pub purpose: AuthorityPurpose,
    pub demo: bool,
    pub common_name: String,
    /// The whole name, `C=CN, O=…, CN=…`.
    pub subject: String,
    /// Lower-case hexadecimal, like the fingerprints.
    pub serial: String,
    /// `SM2`, `P-256`, `RSA-3072`.
    pub key: String,
    pub not_before: Moment,
    pub not_after: Moment,
    pub sm3: String,
    pub sha256: String,
    /// What it says about the certificates that it signed.
    pub status: Option<StatusPlaces>,
    pub below: Vec<AuthorityView>,
}

/// Where the standing of an issuer's certificates is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusPlaces {
    pub ocsp_url: String,
    pub full: Option<ListView>,
    pub delta: Option<ListView>,
}

/// A revocation list as it was last published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListView {
    pub number: i64,
    /// Of a delta: the number of the full list that it builds on.
    pub base: Option<i64>,
    pub this_update: Moment,
    pub next_update: Moment,
    pub entries: u32,
    pub freshness: Freshness,
    pub path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    Fresh,
    /// Less than a quarter of its time is left: the next one is due.
    Ending,
    /// Its time is over: nobody may rely on it.
    Over,
}

/// 电子认证业务规则: which text stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatementFacts {
    pub version: String,
    /// `2026-11-22`
    pub effective_on: String,
    /// Of the text that is downloaded, byte for byte.
    pub sm3: String,
}

/// The text itself, in the outline of RFC 3647.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatementView {
    pub facts: StatementFacts,
    pub chapters: Vec<Chapter>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    pub title: String,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub paragraphs: Vec<String>,
}

/// What came of reading what somebody pasted or chose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    pub as_of: Moment,
    /// Holders' certificates first.
    pub certificates: Vec<CheckedCertificate>,
    /// How many more the file holds.
    pub left_off: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckedCertificate {
    pub origin: Origin,
    /// Of ours: what it is worth now.
    pub state: Option<CertificateState>,
    pub kind: CertificateKind,
    /// Masked where it is a person's.
    pub holder: String,
    /// The issuer as the certificate names it.
    pub issuer: String,
    pub serial: String,
    pub not_before: Moment,
    pub not_after: Moment,
    /// `SM2`, `P-256`, `RSA-2048`, `Ed25519` …
    pub key: String,
    pub sm3: String,
    pub sha256: String,
}

/// Whose certificate it is: by the signature, never by the name alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Origin {
    /// Signed by one of our authorities, whose common name this is.
    Ours {
        authority: String,
    },
    /// One of our authorities' own, byte for byte.
    OurAuthority,
    /// Names us, but no key of ours has signed it.
    Pretended,
    /// Signed with its own key: nobody vouches for it.
    SelfSigned,
    Foreign,
}

/// Where a certificate of ours stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum CertificateState {
    Good,
    NotYetValid,
    Expired,
    OnHold {
        since: Option<Moment>,
    },
    Revoked {
        at: Option<Moment>,
        reason: String,
    },
    /// Signed, but not yet proven on its key (R140).
    NotActive,
    /// The signature is ours, the record is not there: nobody may rely on it.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    Signing,
    Encryption,
    /// Both uses in one, for old systems.
    Both,
    Authority,
    /// Signs OCSP answers.
    Responder,
    Other,
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait TrustDesk: Send + Sync {
    async fn view(&self) -> Result<TrustView, DeskError>;
    async fn statement(&self) -> Result<StatementView, DeskError>;
    async fn check(&self, caller: super::Caller, text: String) -> Result<Checked, DeskError>;
}

#[server(prefix = "/api", endpoint = "trust/view", input = Json, output = Json)]
pub async fn view_trust() -> Result<TrustView, DeskError> {
    let (desks, _) = super::Desks::here()?;
    desks.reply(desks.trust.view().await)
}

#[server(prefix = "/api", endpoint = "trust/statement", input = Json, output = Json)]
pub async fn practice_statement() -> Result<StatementView, DeskError> {
    let (desks, _) = super::Desks::here()?;
    desks.reply(desks.trust.statement().await)
}

/// `text`: PEM, base64 or hexadecimal of DER, or a `data:` address as the browser reads a file.
#[server(prefix = "/api", endpoint = "trust/check", input = Json, output = Json)]
pub async fn check_certificate(text: String) -> Result<Checked, DeskError> {
    let (desks, caller) = super::Desks::here()?;
    desks.reply(desks.trust.check(caller, text).await)
}

/// What the office found in the plain form that was posted, for the page that answers it.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct Posted(pub Result<Checked, DeskError>);

/// The answer to the form, if this page is one.
pub async fn posted() -> Option<Result<Checked, DeskError>> {
    #[cfg(feature = "ssr")]
    return use_context::<Posted>().map(|posted| posted.0);
    #[cfg(not(feature = "ssr"))]
    None
}
