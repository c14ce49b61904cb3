//! What a certificate may say, and signing it.
//!
//! Owns: SM2, SM3 and SM4 as the Chinese standards use them, names, requests, profiles, the road
//!       `Draft` → `Linted` → `ToBeSigned` → `Signed`, envelopes for encryption keys, reading certificates.
//! Never: a store, a network, a clock, dice of its own. Times are Unix seconds, dice a `rand_core::TryCryptoRng`.
//! Start at: [`draft`], then follow one certificate through [`lint`] and [`sign`].

pub mod authority;
pub mod cipher;
pub mod digest;
pub mod draft;
pub mod envelope;
pub mod extension;
pub mod lint;
pub mod name;
pub mod profile;
pub mod read;
pub mod request;
pub mod serial;
pub mod sign;
pub mod sm2;
mod tbs;

pub use authority::Authority;
pub use digest::sm3;
pub use draft::{Draft, Facts, Validity};
pub use lint::{Finding, Linted};
pub use name::{Name, NameParts};
pub use profile::Profile;
pub use rand_core;
pub use read::Certificate;
pub use request::{Request, RequestError};
pub use serial::Serial;
pub use sign::{Signed, Signer, ToBeSigned};
pub use sm2::{KeyPair, PublicKey, Sm2Error};

#[cfg(test)]
mod dice;
