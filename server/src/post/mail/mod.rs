//! Owns: one letter by SMTP, with its attachments.
//! Never: its words (`post/words`), or whether it was already sent.
//! Start at: `Mailer`.

mod smtp;

pub use smtp::{MailSettings, MailTls, Smtp};

use super::message::SendError;
use async_trait::async_trait;

#[async_trait]
pub trait Mailer: Send + Sync {
    async fn send(&self, letter: &Letter) -> Result<(), SendError>;
}

/// One letter. It prints no content.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    /// Plain text.
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// What makes the Message-ID, e.g. `20261122-0007.invoice`: the same for every try, so that a reader's mailbox shows
    /// a letter that went twice only once. Letters, digits, `.`, `-`, `_`.
    pub message_id: String,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// May be Chinese.
    pub file_name: String,
    /// e.g. `application/pdf`.
    pub content_type: String,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({}, {} attachments)", self.message_id, self.attachments.len())
    }
}
