//! SMTP by lettre. A refusal for now (4xx) is tried again; a refusal for good (5xx) is given up with the server's words.

use super::{Letter, Mailer, SendError};
use crate::outside::quote::quote;
use crate::outside::{SetupError, Surroundings, key_file};
use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Attachment as Part, Mailbox, Message as Mail, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{AsyncTransport, Tokio1Executor};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// `[mail]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    pub host: String,
    pub port: u16,
    /// `证书大厅 <noreply@certhall.example>`.
    pub from: String,
    pub tls: MailTls,
    pub user: Option<String>,
    pub password_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// In clear: for a relay on this machine or in the sandbox.
    None,
    Starttls,
    /// TLS from the first byte (port 465).
    Implicit,
}

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    around: Surroundings,
}

impl Smtp {
    /// Opens no connection yet.
    ///
    /// # Errors
    /// The sender is no mailbox, a user has no password, or the password file cannot be read.
    pub fn new(settings: &MailSettings, around: Surroundings) -> Result<Smtp, SetupError> {
        let from = settings.from.parse().map_err(|error| SetupError::new("mail.from", error))?;
        let mut builder = match settings.tls {
            MailTls::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host),
            MailTls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&settings.host)
                .map_err(|error| SetupError::new("mail.host", error))?,
            MailTls::Implicit => AsyncSmtpTransport::<Tokio1Executor>::relay(&settings.host)
                .map_err(|error| SetupError::new("mail.host", error))?,
        };
        match (&settings.user, &settings.password_file) {
            (Some(user), Some(file)) => {
                let password = key_file::read_text(file)?;
                builder = builder.credentials(Credentials::new(user.clone(), password.to_string()));
            }
            (None, None) => {}
            _ => return Err(SetupError::new("mail", "user and password_file belong together")),
        }
        let transport = builder.port(settings.port).timeout(Some(Duration::from_secs(10))).build();
        Ok(Smtp { transport, from, around })
    }

    /// The letter as it goes over the wire.
    fn compose(&self, letter: &Letter) -> Result<Mail, SendError> {
        let wrong = |error: &dyn std::fmt::Display| SendError::GiveUp(format!("letter: {error}"));
        let to: lettre::Address = letter.to.parse().map_err(|error| wrong(&error))?;
        let millis = u64::try_from(self.around.now().millis()).unwrap_or(0);
        let builder = Mail::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            .message_id(Some(format!("<{}@{}>", letter.message_id, self.from.email.domain())))
            .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis));
        let text = SinglePart::plain(letter.text.clone());
        if letter.attachments.is_empty() {
            return builder.singlepart(text).map_err(|error| wrong(&error));
        }
        let mut parts = MultiPart::mixed().singlepart(text);
        for attachment in &letter.attachments {
            let content_type = ContentType::parse(&attachment.content_type).map_err(|error| wrong(&error))?;
            let part = Part::new(attachment.file_name.clone()).body(attachment.bytes.clone(), content_type);
            parts = parts.singlepart(part);
        }
        builder.multipart(parts).map_err(|error| wrong(&error))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let mail = self.compose(letter)?;
        self.transport.send(mail).await.map(|_| ()).map_err(|error| refusal(&error))
    }
}

fn refusal(error: &SmtpError) -> SendError {
    let mut words = error.to_string();
    if let Some(cause) = std::error::Error::source(error).map(ToString::to_string)
        && !words.contains(&cause)
    {
        words = format!("{words}: {cause}");
    }
    // Servers name the mailbox that they refuse.
    let words = quote(&words);
    // 530, 534, 535, 538: we may not send at all until a person mends user, password or TLS.
    let ours = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    if error.is_permanent() && !ours { SendError::GiveUp(words) } else { SendError::Again(words) }
}
