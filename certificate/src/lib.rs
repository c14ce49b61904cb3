//! What a certificate may say, and signing it.
//!
//! Owns: SM2, SM3 and SM4 as the Chinese standards use them, P-256 and RSA for old systems, names, requests,
//!       profiles, the road `Draft` → `Linted` → `ToBeSigned` → `Signed`, envelopes and deliveries, revocation lists,
//!       OCSP, reading all of these.
//! Never: a store, a network, a clock, dice of its own. Times are Unix seconds, dice a `rand_core::TryCryptoRng`;
//!        the one exception is ring, whose ECDSA nonces and RSA blinding take the system's generator.
//! Start at: [`draft`], then follow one certificate through [`lint`] and [`sign`].

pub mod algorithm;
pub mod authority;
pub mod chain;
mod checking;
pub mod cipher;
mod curve;
pub mod delivery;
pub mod digest;
pub mod draft;
pub mod envelope;
pub mod extension;
pub mod identity;
pub mod key_kind;
pub mod lint;
pub mod name;
pub mod pair;
pub mod profile;
pub mod read;
pub mod request;
pub mod revocation;
mod rsa_key;
mod secret;
pub mod serial;
pub mod sign;
pub mod sm2;
pub mod software_key;
pub mod status;
mod tbs;
mod wire;

pub use algorithm::{Algorithm, Verifier, VerifyError, verify};
pub use authority::Authority;
pub use digest::sm3;
pub use draft::{Draft, Facts, Validity};
pub use identity::{Edition, Identity, IdentityCode};
pub use key_kind::{KeyError, KeyKind};
pub use lint::{Finding, Linted};
pub use name::{Name, NameParts};
pub use profile::Profile;
pub use rand_core;
pub use read::Certificate;
pub use request::{Request, RequestError};
pub use serial::Serial;
pub use sign::{Signed, Signer, ToBeSigned};
pub use sm2::{KeyPair, PublicKey, Sm2Error};
pub use software_key::{PrivateKeyError, SoftwareKey};

#[cfg(test)]
mod dice;
