//! The mail inbox and one mail with its attachments.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};
use serde::Deserialize;

use super::page;
use crate::{mail::Letter, world::World};

#[derive(Deserialize)]
pub struct Recipient {
    to: Option<String>,
}

pub async fn inbox(State(world): State<Arc<World>>, Query(recipient): Query<Recipient>) -> Markup {
    let to = recipient.to.filter(|to| !to.is_empty());
    let mails = world.mail.list(to.as_deref());
    page(
        "邮件",
        html! {
            form method="get" {
                label { "收件人" input type="text" name="to" value=[to.as_deref()] placeholder="全部"; }
                button { "查看" }
            }
            br;
            @for letter in mails.iter().rev().map(Letter::read) {
                a.card.button style="display:block" href={ "/mail/" (letter.number) } {
                    strong { (letter.subject) } br;
                    span.soft { (letter.envelope_to.join("、")) " · " (letter.at) }
                    @if !letter.attachments.is_empty() { br; span.soft { "附件 " (letter.attachments.len()) " 个" } }
                }
            }
            @if mails.is_empty() { .card { "还没有邮件。" } }
        },
    )
}

pub async fn letter(State(world): State<Arc<World>>, Path(number): Path<u64>) -> Markup {
    let Some(mail) = world.mail.find(number) else {
        return page("邮件", html! { .card { "没有这封邮件。" } });
    };
    let letter = Letter::read(&mail);
    page(
        &letter.subject,
        html! {
            .card.soft { "发件人 " (letter.from) br; "收件人 " (letter.to) br; (letter.at) br; "Message-ID " (letter.message_id) }
            @for part in &letter.attachments {
                a.card.button style="display:block" href={ "/mail/" (letter.number) "/" (part.index) } {
                    "下载 " (part.name) br; span.soft { (part.content_type) " · " (part.bytes) " 字节" }
                }
            }
            .card style="white-space:pre-wrap" { (letter.text) }
            @if !letter.html.is_empty() {
                // Sandboxed: a mail's page runs nothing and reaches nothing.
                iframe sandbox="" srcdoc=(letter.html) title="邮件正文" {}
            }
            details { summary { "原文" } pre { (letter.raw) } }
        },
    )
}
