//! Owns: both SMS carriers' doors, their limits, the registered templates, and the phones' inboxes.
//! Never: knows what a code is for.
//! Start at: `tencent.rs` and `aliyun.rs`; both hand over to `deliver`.

pub mod aliyun;
mod aliyun_signature;
mod limits;
mod receipts;
pub mod templates;
pub mod tencent;
mod tencent_signature;

pub use tencent_signature::{check as check_tencent, error as tencent_error};

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde::Serialize;

use crate::{
    clock, dice,
    world::{World, held},
};

#[derive(Clone, Serialize)]
pub struct Sms {
    pub at: String,
    pub phone: String,
    pub carrier: &'static str,
    pub sign_name: String,
    pub kind: String,
    pub template_id: String,
    pub params: Vec<String>,
    /// `【sign】text`, as the phone shows it.
    pub text: String,
    /// The carrier's number for this message (SerialNo, BizId).
    pub serial: String,
    /// False when a fault switch lost it on the way: accepted, never in the inbox.
    pub delivered: bool,
}

pub struct Carrier {
    messages: Mutex<Vec<Sms>>,
    submissions: Mutex<Vec<limits::Submission>>,
    nonces: Mutex<HashMap<String, i64>>,
    receipts_to: Option<String>,
}

impl Carrier {
    pub fn new(receipts_to: Option<String>) -> Self {
        let (messages, submissions, nonces) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { messages, submissions, nonces, receipts_to }
    }

    pub fn clear(&self) {
        held(&self.messages).clear();
        held(&self.submissions).clear();
        held(&self.nonces).clear();
    }

    /// What the carrier accepted, newest last; of one phone when given.
    pub fn list(&self, phone: Option<&str>) -> Vec<Sms> {
        let phone = phone.map(bare_phone);
        let wanted = |sms: &&Sms| phone.as_deref().is_none_or(|number| sms.phone == number);
        held(&self.messages).iter().filter(wanted).cloned().collect()
    }

    pub fn phones(&self) -> Vec<String> {
        let mut phones: Vec<String> = held(&self.messages).iter().map(|sms| sms.phone.clone()).collect();
        phones.sort();
        phones.dedup();
        phones
    }
}

/// One message to one phone, after the request was found genuine.
pub struct Message<'a> {
    pub carrier: &'static str,
    pub phone: String,
    pub sign_name: &'a str,
    pub template: &'a templates::Template,
    pub template_id: &'a str,
    pub params: Vec<String>,
    /// Given back in receipts (SessionContext, OutId).
    pub context: String,
}

/// Eleven digits of a mainland number, without `+86`.
pub fn bare_phone(number: &str) -> String {
    let number = number.trim();
    number.strip_prefix("+86").or_else(|| number.strip_prefix("0086")).unwrap_or(number).to_owned()
}

pub fn is_mobile(number: &str) -> bool {
    number.len() == 11
        && number.starts_with('1')
        && number.bytes().all(|digit| digit.is_ascii_digit())
        && !matches!(number.as_bytes()[1], b'0' | b'1' | b'2')
}

/// Why a carrier would not take a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    Shortly,
    Hourly,
    Daily,
}

/// Accepts a message and puts it on the phone. Returns the carrier's number for it.
pub fn deliver(world: &Arc<World>, message: Message<'_>) -> Result<String, Limit> {
    let faults = world.faults.of(&message.phone).sms;
    if faults.refused {
        return Err(Limit::Daily);
    }
    let text = format!("【{}】{}", message.sign_name, message.template.render(&message.params));
    let submission = limits::Submission {
        carrier: message.carrier,
        at: world.clock.seconds(),
        phone: message.phone.clone(),
        template_kind: message.template.kind.clone(),
        verification: message.template.verification,
        text: text.clone(),
    };
    limits::submit(&mut held(&world.sms.submissions), submission, faults.limits_lifted)?;

    let sms = Sms {
        at: clock::beijing_rfc3339(),
        phone: message.phone,
        carrier: message.carrier,
        sign_name: message.sign_name.to_owned(),
        kind: message.template.kind.clone(),
        template_id: message.template_id.to_owned(),
        params: message.params,
        text,
        serial: format!("{}:{}{}", dice::digits(4), world.clock.wire_seconds(), dice::digits(12)),
        delivered: !faults.undelivered,
    };
    let serial = sms.serial.clone();
    receipts::send(world, &sms, message.context);
    held(&world.sms.messages).push(sms);
    Ok(serial)
}
