//! The beginning of a link: both sides prove that they know the shared secret, and agree on keys for this link alone.
//!
//! ```text
//! office → signer   greeting, 32 random bytes
//! signer → office   32 random bytes, proof
//! office → signer   proof
//! ```
//! Proofs and keys are codes over both random values, so nothing of one link is of use in another.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::LinkError;
use super::frame::{Direction, Link};
use crate::secret::{MacKey, SharedSecret};

const GREETING: &[u8; 18] = b"certhall signer 1\n";

/// For the whole beginning.
const TIME: Duration = Duration::from_secs(5);

pub(super) async fn as_office(stream: UnixStream, secret: &SharedSecret) -> Result<Link, LinkError> {
    timeout(TIME, office(stream, secret)).await.map_err(|_| LinkError::Slow)?
}

pub(super) async fn as_signer(stream: UnixStream, secret: &SharedSecret) -> Result<Link, LinkError> {
    timeout(TIME, signer(stream, secret)).await.map_err(|_| LinkError::Slow)?
}

async fn office(mut stream: UnixStream, secret: &SharedSecret) -> Result<Link, LinkError> {
    let ours = random()?;
    stream.write_all(&[&GREETING[..], &ours].concat()).await?;
    let (mut theirs, mut proof) = ([0; 32], [0; 32]);
    stream.read_exact(&mut theirs).await?;
    stream.read_exact(&mut proof).await?;
    let keys = Keys::new(secret, &ours, &theirs);
    if !keys.signer_proof.matches(&[], &proof) {
        return Err(LinkError::Proof);
    }
    stream.write_all(&keys.office_proof.code(&[])).await?;
    Ok(Link { stream, outward: direction(keys.to_signer), inward: direction(keys.to_office) })
}

async fn signer(mut stream: UnixStream, secret: &SharedSecret) -> Result<Link, LinkError> {
    let (mut greeting, mut theirs, mut proof) = ([0; GREETING.len()], [0; 32], [0; 32]);
    stream.read_exact(&mut greeting).await?;
    if greeting != *GREETING {
        return Err(LinkError::Language("its greeting".to_owned()));
    }
    stream.read_exact(&mut theirs).await?;
    let ours = random()?;
    let keys = Keys::new(secret, &theirs, &ours);
    stream.write_all(&[ours, keys.signer_proof.code(&[])].concat()).await?;
    stream.read_exact(&mut proof).await?;
    if !keys.office_proof.matches(&[], &proof) {
        return Err(LinkError::Proof);
    }
    Ok(Link { stream, outward: direction(keys.to_office), inward: direction(keys.to_signer) })
}

struct Keys {
    signer_proof: MacKey,
    office_proof: MacKey,
    to_signer: MacKey,
    to_office: MacKey,
}

impl Keys {
    fn new(secret: &SharedSecret, office: &[u8; 32], signer: &[u8; 32]) -> Keys {
        let key = |purpose: &[u8]| secret.key_for(&[b"certhall link 1: ", purpose, b"\0", office, signer]);
        Keys {
            signer_proof: key(b"the signer's proof"),
            office_proof: key(b"the office's proof"),
            to_signer: key(b"frames to the signer"),
            to_office: key(b"frames to the office"),
        }
    }
}

fn direction(key: MacKey) -> Direction {
    Direction { key, number: 0 }
}

fn random() -> Result<[u8; 32], LinkError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|e| LinkError::Io(std::io::Error::other(e)))?;
    Ok(bytes)
}
