//! Owns: the mail sink: an SMTP door that takes every mail, and the inbox it fills.
//! Never: relays a mail anywhere.
//! Start at: `listen` in `smtp.rs`; what a mail says is read in `letter.rs`.

mod letter;
mod smtp;

use std::sync::Mutex;

use crate::world::held;

pub use letter::Letter;
pub use smtp::listen;

/// A mail as it was taken: envelope and raw bytes.
#[derive(Clone)]
pub struct Mail {
    pub number: u64,
    pub at: String,
    pub from: String,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

#[derive(Default)]
pub struct Inbox(Mutex<(u64, Vec<Mail>)>);

impl Inbox {
    pub fn clear(&self) {
        held(&self.0).1.clear();
    }

    fn put(&self, at: String, from: String, to: Vec<String>, raw: Vec<u8>) {
        let mut inbox = held(&self.0);
        inbox.0 += 1;
        let number = inbox.0;
        inbox.1.push(Mail { number, at, from, to, raw });
    }

    /// Newest last; of one recipient when given (in any letter case).
    pub fn list(&self, to: Option<&str>) -> Vec<Mail> {
        let wanted =
            |mail: &&Mail| to.is_none_or(|to| mail.to.iter().any(|one| one.eq_ignore_ascii_case(to)));
        held(&self.0).1.iter().filter(wanted).cloned().collect()
    }

    pub fn find(&self, number: u64) -> Option<Mail> {
        held(&self.0).1.iter().find(|mail| mail.number == number).cloned()
    }
}
