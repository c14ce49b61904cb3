//! Status words of ISO 7816-4 and what they mean to a person.

use crate::KeyError;

pub const DONE: u16 = 0x9000;
pub const WRONG_LENGTH: u16 = 0x6700;
pub const NOT_LOGGED_IN: u16 = 0x6982;
pub const LOCKED: u16 = 0x6983;
/// The life cycle forbids it: a finished key is not made anew.
pub const CONDITIONS: u16 = 0x6985;
pub const WRONG_DATA: u16 = 0x6A80;
pub const FILE_NOT_FOUND: u16 = 0x6A82;
pub const NO_ROOM: u16 = 0x6A84;
pub const WRONG_PARAMETERS: u16 = 0x6A86;
pub const NOT_FOUND: u16 = 0x6A88;
pub const UNKNOWN_INSTRUCTION: u16 = 0x6D00;
pub const UNKNOWN_CLASS: u16 = 0x6E00;
pub const BROKEN: u16 = 0x6F00;

/// 63CX: wrong, X tries left.
pub fn wrong(left: u8) -> u16 {
    0x63C0 | u16::from(left.min(0x0F))
}

/// The general meaning; a verb that knows better (an envelope, a life cycle) says so itself.
pub fn to_error(status: u16) -> KeyError {
    match status {
        0x63C0 | LOCKED => KeyError::PinLocked,
        0x63C1..=0x63CF => KeyError::PinWrong { left: (status & 0x0F) as u8 },
        NOT_LOGGED_IN => KeyError::NotLoggedIn,
        CONDITIONS => KeyError::Denied,
        FILE_NOT_FOUND | NOT_FOUND => KeyError::NotFound,
        NO_ROOM => KeyError::NoRoom,
        WRONG_LENGTH | WRONG_DATA => KeyError::Malformed(format!("status {status:04X}")),
        WRONG_PARAMETERS | UNKNOWN_INSTRUCTION | UNKNOWN_CLASS => KeyError::Unsupported,
        other => KeyError::Status(other),
    }
}
