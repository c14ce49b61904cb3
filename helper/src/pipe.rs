//! Messages to and from a process of ours: four bytes of length, then JSON. A message may carry a PIN: both ends wipe it.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

/// A certificate as JSON numbers is about four times its size.
const MAX: usize = 256 * 1024;

/// # Errors
/// The other side is gone.
pub fn write(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let text = Zeroizing::new(serde_json::to_vec(message)?);
    output.write_all(&(text.len() as u32).to_le_bytes())?;
    output.write_all(&text)?;
    output.flush()
}

/// # Errors
/// The other side is gone, or what it says is no message of ours.
pub fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Zeroizing::new(vec![0; length]);
    input.read_exact(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}
