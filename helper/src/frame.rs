//! Native messaging frames: four bytes of length in the machine's order (little-endian on all we build for), then JSON.

use std::io::{self, Read, Write};

use thiserror::Error;

/// A double certificate with its envelope is about 10 KiB.
pub const MAX_IN: usize = 64 * 1024;
/// The browser kills a host that says more than 1 MiB at once.
pub const MAX_OUT: usize = 1024 * 1024 - 1;

#[derive(Debug, Error)]
pub enum FrameError {
    #[error("a message of {0} bytes is too long")]
    TooLong(usize),
    #[error("the message broke off")]
    Torn,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// The next message, wiped when dropped because it may carry a PIN; `None` when the browser has closed the pipe.
pub fn read(input: &mut impl Read) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, FrameError> {
    let mut length = [0; 4];
    match read_full(input, &mut length)? {
        0 => return Ok(None),
        4 => {}
        _ => return Err(FrameError::Torn),
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_IN {
        return Err(FrameError::TooLong(length));
    }
    let mut message = zeroize::Zeroizing::new(vec![0; length]);
    if read_full(input, &mut message)? < length {
        return Err(FrameError::Torn);
    }
    Ok(Some(message))
}

pub fn write(output: &mut impl Write, message: &[u8]) -> Result<(), FrameError> {
    if message.len() > MAX_OUT {
        return Err(FrameError::TooLong(message.len()));
    }
    output.write_all(&(message.len() as u32).to_le_bytes())?;
    output.write_all(message)?;
    Ok(output.flush()?)
}

/// As many bytes as there are, up to the buffer.
fn read_full(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
