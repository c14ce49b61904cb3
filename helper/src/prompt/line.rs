//! One line from a program that may say a PIN: into memory that is wiped, through no other buffer.

use std::io::{self, Read};

use zeroize::Zeroizing;

/// A PIN of 16 characters, escaped, with words around it.
const LONGEST: usize = 1024;

/// Without its line feed. An end of the stream or a longer line is an error.
pub fn read(input: &mut impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    // The room is there from the start: a vector that grew would leave copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0]);
    loop {
        input.read_exact(&mut byte[..])?;
        match byte[0] {
            b'\n' => return Ok(line),
            _ if line.len() == LONGEST => return Err(io::ErrorKind::InvalidData.into()),
            other => line.push(other),
        }
    }
}
