//! Error codes of GM/T 0016 and what they mean to a person.

use crate::KeyError;

pub const OK: u32 = 0;
pub const FAIL: u32 = 0x0A00_0001;
pub const NOT_SUPPORTED: u32 = 0x0A00_0003;
pub const INVALID_HANDLE: u32 = 0x0A00_0005;
pub const INVALID_PARAMETER: u32 = 0x0A00_0006;
pub const NAME_LENGTH: u32 = 0x0A00_0009;
pub const TIMEOUT: u32 = 0x0A00_000F;
pub const INPUT_LENGTH: u32 = 0x0A00_0010;
pub const INPUT: u32 = 0x0A00_0011;
pub const KEY_NOT_FOUND: u32 = 0x0A00_001B;
pub const CERTIFICATE_NOT_FOUND: u32 = 0x0A00_001C;
pub const BUFFER_TOO_SMALL: u32 = 0x0A00_0020;
pub const DEVICE_REMOVED: u32 = 0x0A00_0023;
pub const PIN_INCORRECT: u32 = 0x0A00_0024;
pub const PIN_LOCKED: u32 = 0x0A00_0025;
pub const PIN_INVALID: u32 = 0x0A00_0026;
pub const PIN_LENGTH: u32 = 0x0A00_0027;
pub const APPLICATION_EXISTS: u32 = 0x0A00_002C;
pub const NOT_LOGGED_IN: u32 = 0x0A00_002D;
pub const NO_APPLICATION: u32 = 0x0A00_002E;
pub const FILE_EXISTS: u32 = 0x0A00_002F;
pub const NO_ROOM: u32 = 0x0A00_0030;
pub const NO_FILE: u32 = 0x0A00_0031;
pub const TOO_MANY_CONTAINERS: u32 = 0x0A00_0032;

/// The general meaning. A verb with a counter says `PinWrong` itself: the code does not carry the tries left.
pub fn to_error(code: u32) -> KeyError {
    match code {
        PIN_LOCKED => KeyError::PinLocked,
        PIN_INVALID | PIN_LENGTH => KeyError::PinRule,
        NOT_LOGGED_IN => KeyError::NotLoggedIn,
        // A handle goes with its device: libraries say either when a key was pulled.
        DEVICE_REMOVED | INVALID_HANDLE => KeyError::Removed,
        TIMEOUT => KeyError::Timeout,
        NO_ROOM | TOO_MANY_CONTAINERS => KeyError::NoRoom,
        KEY_NOT_FOUND | CERTIFICATE_NOT_FOUND | NO_APPLICATION | NO_FILE => KeyError::NotFound,
        NOT_SUPPORTED => KeyError::Unsupported,
        INPUT | INPUT_LENGTH | INVALID_PARAMETER | NAME_LENGTH => {
            KeyError::Malformed(format!("SKF code {code:08X}"))
        }
        // Vendors number their own above these; the low half is what their manuals list.
        other => KeyError::Status(other as u16),
    }
}
