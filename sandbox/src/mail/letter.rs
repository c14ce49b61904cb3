//! What a mail says, for the page and the control: subject, text, attachments.

use mail_parser::{Address, MessageParser, MimeHeaders};
use serde::Serialize;

use super::Mail;

#[derive(Serialize)]
pub struct Letter {
    pub number: u64,
    pub at: String,
    /// The envelope's addresses.
    pub envelope_from: String,
    pub envelope_to: Vec<String>,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub message_id: String,
    pub text: String,
    pub html: String,
    pub attachments: Vec<Part>,
    /// Headers and body as received, for those who want to parse on their own.
    pub raw: String,
}

#[derive(Serialize)]
pub struct Part {
    pub index: usize,
    pub name: String,
    pub content_type: String,
    pub bytes: usize,
    #[serde(skip)]
    pub content: Vec<u8>,
}

impl Letter {
    pub fn read(mail: &Mail) -> Self {
        let parsed = MessageParser::default().parse(&mail.raw).unwrap_or_default();
        Self {
            number: mail.number,
            at: mail.at.clone(),
            envelope_from: mail.from.clone(),
            envelope_to: mail.to.clone(),
            from: addresses(parsed.from()),
            to: addresses(parsed.to()),
            subject: parsed.subject().unwrap_or_default().to_owned(),
            message_id: parsed.message_id().unwrap_or_default().to_owned(),
            text: parsed.body_text(0).unwrap_or_default().into_owned(),
            html: parsed.body_html(0).unwrap_or_default().into_owned(),
            attachments: parsed
                .attachments()
                .enumerate()
                .map(|(index, part)| attachment(index, part))
                .collect(),
            raw: String::from_utf8_lossy(&mail.raw).into_owned(),
        }
    }
}

fn attachment(index: usize, part: &mail_parser::MessagePart<'_>) -> Part {
    let content_type = part.content_type().map_or_else(
        || "application/octet-stream".to_owned(),
        |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
    );
    let content = part.contents().to_vec();
    let name = part.attachment_name().unwrap_or("无名附件").to_owned();
    Part { index, name, content_type, bytes: content.len(), content }
}

fn addresses(list: Option<&Address<'_>>) -> String {
    let one = |address: &mail_parser::Addr<'_>| match (address.name(), address.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (_, address) => address.unwrap_or_default().to_owned(),
    };
    list.map(|list| list.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}
