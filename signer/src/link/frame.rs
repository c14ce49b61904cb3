//! Frames: length (4 bytes, big-endian), body, and a code over number, length and body.
//!
//! Each direction has a key of its own and counts its frames from 0, so a frame that is changed, repeated, left out, sent
//! back or taken from another link ends the link.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::LinkError;
use crate::secret::MacKey;

/// A revocation list with a million entries has about 40 MB.
pub(super) const MAX_BODY: usize = 64 * 1024 * 1024;

/// A frame that has begun ends within this time.
const FRAME_TIME: Duration = Duration::from_secs(30);

/// Both ends after the proof.
pub(super) struct Link {
    pub(super) stream: UnixStream,
    pub(super) outward: Direction,
    pub(super) inward: Direction,
}

pub(super) struct Direction {
    pub key: MacKey,
    pub number: u64,
}

impl Link {
    pub async fn send(&mut self, message: &impl Serialize) -> Result<(), LinkError> {
        let body = postcard::to_allocvec(message).map_err(|e| LinkError::Language(e.to_string()))?;
        if body.len() > MAX_BODY {
            return Err(LinkError::TooLong(body.len()));
        }
        let length = (body.len() as u32).to_be_bytes();
        let code = self.outward.key.code(&[&self.outward.number.to_be_bytes(), &length, &body]);
        self.outward.number += 1;
        let frame = [&length[..], &body, &code].concat();
        let written = timeout(FRAME_TIME, self.stream.write_all(&frame)).await;
        Ok(written.map_err(|_| LinkError::Slow)??)
    }

    /// `None`: the other side hung up between two frames. Waits for a frame as long as it takes.
    pub async fn receive<T: DeserializeOwned>(&mut self) -> Result<Option<T>, LinkError> {
        let mut length = [0; 4];
        if self.stream.read(&mut length[..1]).await? == 0 {
            return Ok(None);
        }
        let rest = timeout(FRAME_TIME, self.rest(length)).await;
        let body = rest.map_err(|_| LinkError::Slow)??;
        let message = postcard::from_bytes(&body).map_err(|e| LinkError::Language(e.to_string()))?;
        Ok(Some(message))
    }

    async fn rest(&mut self, mut length: [u8; 4]) -> Result<Vec<u8>, LinkError> {
        self.stream.read_exact(&mut length[1..]).await?;
        let size = u32::from_be_bytes(length) as usize;
        if size > MAX_BODY {
            return Err(LinkError::TooLong(size));
        }
        // Grows with what comes, not with what was announced.
        let mut body = Vec::new();
        let whole = size + 32;
        (&mut self.stream).take(whole as u64).read_to_end(&mut body).await?;
        if body.len() != whole {
            return Err(LinkError::Io(std::io::ErrorKind::UnexpectedEof.into()));
        }
        let code = body.split_off(size);
        let number = self.inward.number.to_be_bytes();
        if !self.inward.key.matches(&[&number, &length, &body], &code) {
            return Err(LinkError::Frame);
        }
        self.inward.number += 1;
        Ok(body)
    }
}
