//! The command set of GM/T 0017, as far as it is public.
//!
//! The standard's text is for sale, and no key of a maker has answered us yet. So each entry says how it is known, and
//! whoever speaks this set to a key must ask [`Entry::verified`] first: what is from memory may name another command, and
//! on a key that counts PINs or makes pairs a wrong command is not harmless.
//!
//! Class 80, extended lengths always, integers big-endian (in SKF's structures they are little-endian). PINs never travel in
//! clear: a key derived from the PIN enciphers a challenge; the exact block is not public, so there is no entry for it.

/// How an entry came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Written in a third party's program that works against such keys.
    SeenInUse,
    /// Remembered, and fits the scheme of those seen: to be compared with the text or a key before it is sent.
    Unverified,
}

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    instruction: u8,
    source: Source,
}

impl Entry {
    const fn seen(instruction: u8) -> Entry {
        Entry { instruction, source: Source::SeenInUse }
    }

    const fn unverified(instruction: u8) -> Entry {
        Entry { instruction, source: Source::Unverified }
    }

    /// The instruction byte, if it was seen in use; `None` for what nobody has confirmed.
    pub const fn verified(self) -> Option<u8> {
        match self.source {
            Source::SeenInUse => Some(self.instruction),
            Source::Unverified => None,
        }
    }

    /// The instruction byte, however it is known: to be tried by a person with a key that may be lost.
    pub const fn unconfirmed(self) -> (u8, Source) {
        (self.instruction, self.source)
    }
}

pub const CLASS: u8 = 0x80;

pub const SET_LABEL: Entry = Entry::unverified(0x02);
pub const DEVICE_INFO: Entry = Entry::seen(0x04);
pub const DEVICE_AUTH: Entry = Entry::seen(0x10);
pub const CHANGE_DEVICE_KEY: Entry = Entry::unverified(0x12);
pub const PIN_INFO: Entry = Entry::unverified(0x14);
pub const CHANGE_PIN: Entry = Entry::unverified(0x16);
/// P2: 0 admin, 1 user.
pub const VERIFY_PIN: Entry = Entry::seen(0x18);
pub const UNBLOCK_PIN: Entry = Entry::unverified(0x1A);
pub const CLEAR_SECURE_STATE: Entry = Entry::seen(0x1C);
pub const CREATE_APPLICATION: Entry = Entry::unverified(0x20);
pub const LIST_APPLICATIONS: Entry = Entry::unverified(0x22);
pub const DELETE_APPLICATION: Entry = Entry::unverified(0x24);
/// Answers rights (4 octets), most containers, certificates, files (1, 1, 2) and the application's number (2).
pub const OPEN_APPLICATION: Entry = Entry::seen(0x26);
pub const CLOSE_APPLICATION: Entry = Entry::seen(0x28);
pub const CREATE_CONTAINER: Entry = Entry::unverified(0x40);
/// The application's number and the name; answers the container's number (2).
pub const OPEN_CONTAINER: Entry = Entry::seen(0x42);
pub const CLOSE_CONTAINER: Entry = Entry::unverified(0x44);
pub const LIST_CONTAINERS: Entry = Entry::unverified(0x46);
pub const DELETE_CONTAINER: Entry = Entry::unverified(0x48);
pub const CONTAINER_INFO: Entry = Entry::unverified(0x4A);
pub const IMPORT_CERTIFICATE: Entry = Entry::unverified(0x4C);
pub const EXPORT_CERTIFICATE: Entry = Entry::unverified(0x4E);
pub const RANDOM: Entry = Entry::seen(0x50);
pub const GENERATE_PAIR: Entry = Entry::unverified(0x70);
pub const IMPORT_PAIR: Entry = Entry::unverified(0x72);
/// P1 = 02: over a hash given. Application, container, hash; answers a length (4), r and s.
pub const SIGN: Entry = Entry::seen(0x74);
pub const VERIFY: Entry = Entry::unverified(0x76);
pub const EXPORT_PUBLIC_KEY: Entry = Entry::seen(0x88);

/// P1 of `SIGN`.
pub const SIGN_HASH: u8 = 0x02;

/// All of them, by the name of the SKF function that they carry out.
pub const TABLE: [(&str, Entry); 28] = [
    ("SKF_SetLabel", SET_LABEL),
    ("SKF_GetDevInfo", DEVICE_INFO),
    ("SKF_DevAuth", DEVICE_AUTH),
    ("SKF_ChangeDevAuthKey", CHANGE_DEVICE_KEY),
    ("SKF_GetPINInfo", PIN_INFO),
    ("SKF_ChangePIN", CHANGE_PIN),
    ("SKF_VerifyPIN", VERIFY_PIN),
    ("SKF_UnblockPIN", UNBLOCK_PIN),
    ("SKF_ClearSecureState", CLEAR_SECURE_STATE),
    ("SKF_CreateApplication", CREATE_APPLICATION),
    ("SKF_EnumApplication", LIST_APPLICATIONS),
    ("SKF_DeleteApplication", DELETE_APPLICATION),
    ("SKF_OpenApplication", OPEN_APPLICATION),
    ("SKF_CloseApplication", CLOSE_APPLICATION),
    ("SKF_CreateContainer", CREATE_CONTAINER),
    ("SKF_OpenContainer", OPEN_CONTAINER),
    ("SKF_CloseContainer", CLOSE_CONTAINER),
    ("SKF_EnumContainer", LIST_CONTAINERS),
    ("SKF_DeleteContainer", DELETE_CONTAINER),
    ("SKF_GetContainerType", CONTAINER_INFO),
    ("SKF_ImportCertificate", IMPORT_CERTIFICATE),
    ("SKF_ExportCertificate", EXPORT_CERTIFICATE),
    ("SKF_GenRandom", RANDOM),
    ("SKF_GenECCKeyPair", GENERATE_PAIR),
    ("SKF_ImportECCKeyPair", IMPORT_PAIR),
    ("SKF_ECCSignData", SIGN),
    ("SKF_ECCVerify", VERIFY),
    ("SKF_ExportPublicKey", EXPORT_PUBLIC_KEY),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_commands_were_seen_and_no_two_share_a_byte() {
        let seen = TABLE.iter().filter(|(_, entry)| entry.verified().is_some()).count();
        assert_eq!(seen, 10);
        let mut bytes: Vec<u8> = TABLE.iter().map(|(_, entry)| entry.unconfirmed().0).collect();
        bytes.sort_unstable();
        bytes.dedup();
        assert_eq!(bytes.len(), TABLE.len());
        // The scheme that those remembered were checked against: even numbers throughout.
        assert!(bytes.iter().all(|byte| byte % 2 == 0));
    }
}
