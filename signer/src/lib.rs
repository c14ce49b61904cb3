//! Where the authorities' keys live, and who may have what signed under them.
//!
//! Owns: authority keys in sealed files or behind PKCS#11, the check of every piece of work before it is signed, the log
//!       of every act, the ceremony that makes an authority, and all of it as a process of its own.
//! Never: an order, a database, a network beyond a socket file; the bytes of a private key outside this crate.
//! Start at: [`SigningDesk`], then [`Keyring`].
//!
//! The office holds a `Box<dyn SigningDesk>`: a [`Keyring`] in its own process, or a `Remote` to `certhall-signer`. Both
//! are asked the same way, and refuse the same way:
//!
//! ```text
//! let secret = SharedSecret::from_file_or_new(&file)?;        // 64 hex digits, 0600; known to office and signer alone
//! let mut ceremony = Ceremony::open(&settings, clock.clone())?; // first start of a demo: makes keys and certificates
//! ceremony.new_root("root", NewKey::File(KeyKind::Sm2), &name)?;
//! ceremony.new_issuing("issuing", "root", NewKey::File(KeyKind::Sm2), &name, &places)?;
//! drop(ceremony);                                              // lets go of the log of acts
//!
//! let maker = TokenMaker::new(&secret);                        // the office's half
//! let keyring = Keyring::open(&settings, &secret, clock)?;     // the signer's half; list_keys() gives the certificates
//!
//! let token = maker.make(Grant {
//!     issuer: "issuing".into(), profile: "organisation_signing".into(), spki_digest: spki_digest(&spki),
//!     case: "order 4711, first key".into(), slot: Slot::Sign, expires_at: now + 300,
//! });
//! let work = Work::certificate(&to_be_signed, token);          // or Work::Certificate { … } where only bytes are left
//! let answers = keyring.sign("issuing", vec![work]).await;    // one answer for each piece of work, in its order
//! let signed = to_be_signed.attach(&answers[0]?)?;            // verifies the signature
//! ```
//!
//! A case and slot are signed once: other bytes for them are refused ([`SignError::SignedBefore`]), the same bytes are
//! signed again. Whoever discards a certificate and issues anew for the same order gives the new try a case of its own.

mod acts;
mod ceremony;
mod check;
mod desk;
mod key_file;
mod keyring;
mod link;
mod memory;
mod pkcs11;
mod private_file;
mod refusal;
mod ring;
mod secret;
mod settings;
mod sm4_gcm;
mod token;

pub use acts::{LogFault, LogReport, verify as verify_log};
pub use ceremony::{Ceremony, CeremonyError, NewKey, beijing_time};
pub use desk::{Duty, KeyDescription, LintedWork, SigningDesk, Work};
pub use keyring::{Clock, Keyring, OpenError, system_clock};
pub use link::{Listening, Remote, listen};
pub use memory::keep_memory_private;
pub use refusal::SignError;
pub use secret::{SecretError, SharedSecret};
pub use settings::{DeviceSettings, KeySettings, KeyringSettings};
pub use token::{Grant, OrderToken, Slot, TokenMaker};
