//! Random numbers, nonces and names.

use ring::rand::{SecureRandom, SystemRandom};

pub fn bytes<const N: usize>() -> [u8; N] {
    let mut drawn = [0; N];
    SystemRandom::new().fill(&mut drawn).expect("the operating system has random bytes");
    drawn
}

fn drawn_from(alphabet: &[u8], length: usize) -> String {
    // The small bias of the remainder does not matter: nothing here guards a secret longer than a day.
    (0..length).map(|_| char::from(alphabet[usize::from(bytes::<1>()[0]) % alphabet.len()])).collect()
}

pub fn digits(length: usize) -> String {
    drawn_from(b"0123456789", length)
}

pub fn letters(length: usize) -> String {
    drawn_from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length)
}

/// `8-4-4-4-12` lower-case hex, as request ids look.
pub fn uuid() -> String {
    let hex = hex::encode(bytes::<16>());
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
