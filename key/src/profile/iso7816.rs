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
/// P1 = 00 ends the creation state: from now on the pairs and PINs are not made anew. P1 = 01 puts the next generation in
/// the place of the one in use.
pub const ACTIVATE: u8 = 0x44;
/// In the creation state: forgets label, PINs, pairs and certificates.
pub const DELETE: u8 = 0xE4;
pub const GET_RESPONSE: u8 = 0xC0;
/// MANAGE SECURITY ENVIRONMENT, SET: names the pair of the one security operation that comes next; without it, the pairs
/// in use.
pub const MANAGE_ENVIRONMENT: u8 = 0x22;

/// P1 P2 of the security operation: DIGITAL SIGNATURE over a hash given.
pub const SIGN_HASH: (u8, u8) = (0x9E, 0x9A);
/// P1 P2 of the security operation: plain value out, cryptogram in.
pub const DECIPHER: (u8, u8) = (0x80, 0x86);
/// P1 P2 of the environment: SET for a signature, SET for confidentiality.
pub const FOR_SIGNATURE: (u8, u8) = (0x41, 0xB6);
pub const FOR_DECIPHER: (u8, u8) = (0x41, 0xB8);
/// Key references in the environment: in use, next, and the past from 10h upwards, the newest first.
pub const IN_USE: u8 = 0x01;
pub const NEXT: u8 = 0x02;
pub const PAST: u8 = 0x10;
/// Encryption pairs of before that a key keeps.
pub const MOST_PAST: u8 = 12;

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
/// Of the next generation.
pub const NEXT_SIGN_CERTIFICATE: u16 = 0xDF33;
pub const NEXT_ENCRYPT_CERTIFICATE: u16 = 0xDF34;
pub const SIGN_POINT: u16 = 0xDF41;
pub const ENCRYPT_POINT: u16 = 0xDF42;
pub const NEXT_SIGN_POINT: u16 = 0xDF43;
pub const NEXT_ENCRYPT_POINT: u16 = 0xDF44;
/// The points of the past, 65 bytes each, the newest first; empty while there is none.
pub const PAST_POINTS: u16 = 0xDF45;
/// Places for pairs of before, 130 bytes each in the order in which they were made: the point of the signing pair that was
/// made for it, then of the pair that came under it, or zeros.
pub const PLACES: u16 = 0xDF46;
/// Write only: SM2EnvelopedKey for the encryption slot, for the next one, and for the past.
pub const ENVELOPED_PAIR: u16 = 0xDF51;
pub const NEXT_ENVELOPED_PAIR: u16 = 0xDF52;
pub const PAST_ENVELOPED_PAIR: u16 = 0xDF53;
/// The number of the place, from 0, in front of it.
pub const PLACE_ENVELOPED_PAIR: u16 = 0xDF54;
/// Two bytes: tries left, tries at most.
pub const USER_TRIES: u16 = 0xDF61;
pub const ADMIN_TRIES: u16 = 0xDF62;
/// The certificates of the past, one object each from here upwards; `NOT_FOUND` where a pair came back without one.
pub const PAST_CERTIFICATES: u16 = 0xDF70;

pub const CREATION: u8 = 0x01;
pub const OPERATIONAL: u8 = 0x05;
/// The control reference for GENERATE ASYMMETRIC KEY PAIR: the signing slot.
pub const SIGN_SLOT: [u8; 2] = [0xB6, 0x00];
/// The same for the next signing slot.
pub const NEXT_SIGN_SLOT: [u8; 5] = [0xB6, 0x03, 0x83, 0x01, NEXT];
/// The same for one more place for a pair of before.
pub const PLACE_SLOT: [u8; 5] = [0xB6, 0x03, 0x83, 0x01, PAST];
