//! The command set of our own key: ISO 7816-4 and -8 as they stand, with our application and object tags.

/// SELECT by this name answers only on our key.
pub const APPLICATION: &[u8] = b"\xF0CERTHALL\x01";

pub const SELECT: u8 = 0xA4;
pub const VERIFY: u8 = 0x20;
/// P1 = 00: old then new. P1 = 01: new only, while the key is not finished.
pub const CHANGE_REFERENCE: u8 = 0x24;
/// P1 = 00: admin PIN then new user PIN.
pub const RESET_RETRY: u8 = 0x2C;
pub const GET_CHALLENGE: u8 = 0x84;
pub const GENERATE_PAIR: u8 = 0x47;
pub const SECURITY_OPERATION: u8 = 0x2A;
pub const GET_DATA: u8 = 0xCB;
pub const PUT_DATA: u8 = 0xDB;
/// Ends the creation state: from now on the pairs and PINs are not made anew.
pub const ACTIVATE: u8 = 0x44;
/// In the creation state: forgets label, PINs, pairs and certificates.
pub const DELETE: u8 = 0xE4;
pub const GET_RESPONSE: u8 = 0xC0;

/// P1 P2 of the security operation: DIGITAL SIGNATURE over a hash given.
pub const SIGN_HASH: (u8, u8) = (0x9E, 0x9A);
/// P1 P2 of the security operation: plain value out, cryptogram in.
pub const DECIPHER: (u8, u8) = (0x80, 0x86);

pub const USER: u8 = 0x81;
pub const ADMIN: u8 = 0x82;
/// PINs travel in 16 bytes, filled up with FF.
pub const PIN_BYTES: usize = 16;

/// Data objects, two-byte tags of the private class.
pub const SERIAL: u16 = 0xDF21;
pub const LABEL: u16 = 0xDF22;
/// As in GM/T 0016: ten Chinese characters.
pub const LABEL_BYTES: usize = 32;
/// One byte, coding of ISO 7816-4 table 14: 01 creation, 05 operational.
pub const LIFE: u16 = 0xDF23;
pub const SIGN_CERTIFICATE: u16 = 0xDF31;
pub const ENCRYPT_CERTIFICATE: u16 = 0xDF32;
pub const SIGN_POINT: u16 = 0xDF41;
pub const ENCRYPT_POINT: u16 = 0xDF42;
/// Write only: SM2EnvelopedKey for the encryption slot.
pub const ENVELOPED_PAIR: u16 = 0xDF51;
/// Two bytes: tries left, tries at most.
pub const USER_TRIES: u16 = 0xDF61;
pub const ADMIN_TRIES: u16 = 0xDF62;

pub const CREATION: u8 = 0x01;
pub const OPERATIONAL: u8 = 0x05;
/// The control reference for GENERATE ASYMMETRIC KEY PAIR: the signing slot.
pub const SIGN_SLOT: [u8; 2] = [0xB6, 0x00];
