//! What leaves the office for a person: codes, notices, letters, and the passcode by its channel.

use super::mail::{Letter, Mailer};
use super::message::{Message, SendError};
use super::reminder::ReminderSettings;
use super::sms::SmsSender;
use super::transfer::BankTransfer;
use super::words::{self, About, Letterhead, Words};
use crate::codes::VALID_MINUTES;
use crate::details;
use crate::errand::{self, CodePurpose, Errand, Outcome};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store;
use crate::store::orders::OrderRow;
use journey::effect::Notice;
use journey::identity::channel_text;
use journey::moment::Moment;
use journey::order::RefundState;
use journey::secret::SmsCode;
use journey::step::Step;
use std::sync::Arc;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Post {
    pub(super) ground: Ground,
    pub(super) sms: Arc<dyn SmsSender>,
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) bank: Arc<dyn BankTransfer>,
    letterhead: Arc<Letterhead>,
    pub(super) reminders: Arc<ReminderSettings>,
    pub(super) remark_also_by_sms: bool,
}

impl Post {
    pub fn new(
        ground: Ground,
        sms: Arc<dyn SmsSender>,
        mailer: Arc<dyn Mailer>,
        bank: Arc<dyn BankTransfer>,
        letterhead: Letterhead,
        reminders: ReminderSettings,
    ) -> Post {
        let (letterhead, reminders) = (Arc::new(letterhead), Arc::new(reminders));
        Post { ground, sms, mailer, bank, letterhead, reminders, remark_also_by_sms: true }
    }

    /// Whether a person's passcode that went as a remark goes by SMS too, where an identity card was shown (A08).
    pub fn with_remark_also_by_sms(self, also: bool) -> Post {
        Post { remark_also_by_sms: also, ..self }
    }

    pub fn letterhead(&self) -> &Letterhead {
        &self.letterhead
    }

    /// # Errors
    /// None of its own; the carrier's are in the outcome.
    pub async fn send_code(
        &self,
        phone: &str,
        code: &str,
        purpose: CodePurpose,
        ends_at: Moment,
    ) -> Result<Outcome, Fault> {
        if self.ground.now() >= ends_at {
            // The carrier was away too long: a message that opens nothing only confuses.
            return Ok(Outcome::give_up("the code has expired unsent"));
        }
        let message = Message::Code {
            code: SmsCode::new(code),
            purpose: purpose.title().to_owned(),
            minutes: u32::try_from(VALID_MINUTES).unwrap_or(5),
        };
        Ok(sent(self.sms.send(phone, &message).await))
    }

    /// One notice becomes a text message and a letter, each with tries of its own (A55).
    ///
    /// # Errors
    /// The store's own.
    pub async fn notice(&self, order_id: &str, notice: Notice, key: &str) -> Result<Outcome, Fault> {
        let (ground, id, key) = (self.ground.clone(), order_id.to_owned(), key.to_owned());
        Ok(Outcome::write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                let text =
                    |to_legal_person| Errand::TextNotice { order_id: id.clone(), notice, to_legal_person };
                errand::record(tx, &ground, &text(false), &key, now).await?;
                if matches!(notice, Notice::Unblocked | Notice::Resumed) {
                    errand::record(tx, &ground, &text(true), &format!("{key}/legal_person"), now).await?;
                }
                let letter = Errand::MailNotice { order_id: id.clone(), notice };
                errand::record(tx, &ground, &letter, &key, now).await?;
                Ok(())
            })
        }))
    }

    /// # Errors
    /// The store's own.
    pub async fn text_notice(
        &self,
        order_id: &str,
        notice: Notice,
        to_legal_person: bool,
    ) -> Result<Outcome, Fault> {
        let row = self.load(order_id).await?;
        let form = details::open(&self.ground, &row)?;
        let phone = if to_legal_person { &form.legal_person_phone } else { &form.agent_phone };
        // The legal person may be the agent, and the method may not have asked for their phone.
        let twice = to_legal_person && form.legal_person_phone == form.agent_phone;
        if twice || journey::entry::mobile::parse(phone).is_err() {
            return Ok(Outcome::done());
        }
        Ok(sent(self.sms.send(phone, &text(&row, notice)).await))
    }

    /// # Errors
    /// The store's own.
    pub async fn mail_notice(&self, order_id: &str, notice: Notice) -> Result<Outcome, Fault> {
        let row = self.load(order_id).await?;
        let form = details::open(&self.ground, &row)?;
        if journey::entry::email::parse(&form.email).is_err() {
            return Ok(Outcome::done());
        }
        let about = About { order: &row.number, holder: &form.holder_name };
        let words = letter(&self.letterhead, about, &row, notice);
        let letter = Letter {
            to: form.email.clone(),
            subject: words.subject,
            text: words.text,
            attachments: Vec::new(),
            message_id: format!("{}.{}.{}", row.number, notice.code(), row.order.rounds),
        };
        Ok(sent(self.mailer.send(&letter).await))
    }

    async fn load(&self, order_id: &str) -> Result<OrderRow, Fault> {
        let mut reader = self.ground.store.read().await?;
        Ok(store::orders::load(&mut reader, order_id).await?)
    }
}

/// What a sending says, as an errand's outcome.
pub(super) fn sent<T>(result: Result<T, SendError>) -> Outcome {
    match result {
        Ok(_) => Outcome::done(),
        Err(error) if error.again() => Outcome::Again { why: error.to_string() },
        Err(error) => Outcome::give_up(error),
    }
}

fn text(row: &OrderRow, notice: Notice) -> Message {
    let order = row.number.clone();
    match (notice, &row.order.parcel) {
        (Notice::Passed, _) => Message::Passed { order },
        (Notice::Returned, _) => Message::Returned { order },
        (Notice::Rejected, _) => Message::Rejected { order },
        (Notice::Shipped, Some(parcel)) => {
            Message::Shipped { courier: parcel.courier.clone(), waybill: parcel.waybill.clone() }
        }
        (Notice::Unblocked, _) => {
            let (key, at) = unblocked(row);
            Message::Unblocked { key, at }
        }
        (other, _) => Message::Progress { order, status: other.title().to_owned() },
    }
}

fn letter(head: &Letterhead, about: About, row: &OrderRow, notice: Notice) -> Words {
    let order = &row.order;
    match (notice, &order.parcel) {
        (Notice::Passed, _) => {
            if order.itinerary().contains(&Step::Loading) {
                return words::passed_on_own_key(head, about);
            }
            let channel = order.passcode_channel().map_or("", channel_text);
            words::passed(head, about, channel)
        }
        (Notice::Returned, _) => {
            let reasons: Vec<String> = order.returned.iter().map(reason).collect();
            words::returned(head, about, &reasons)
        }
        (Notice::Rejected, _) => {
            let refund = order.paid.as_ref().filter(|paid| paid.refund != RefundState::Kept);
            let reason = order.rejected_for.as_deref().unwrap_or_default();
            words::rejected(head, about, reason, refund.map(|paid| paid.amount))
        }
        (Notice::Shipped, Some(parcel)) => words::shipped(head, about, &parcel.courier, &parcel.waybill),
        (Notice::Unblocked, _) => {
            let (key, at) = unblocked(row);
            words::unblocked(head, about, &key, &at)
        }
        (Notice::Resumed, _) => words::resumed(head, about),
        (other, _) => words::progress(head, about, other.title()),
    }
}

/// The end of the key's serial, and when its order was done.
fn unblocked(row: &OrderRow) -> (String, String) {
    let serial = row.order.key_serial.as_deref().unwrap_or_default();
    let tail = serial.chars().count().saturating_sub(4);
    let at = row.changed_at.beijing();
    let at = format!("{}月{}日{}时{:02}分", u8::from(at.month()), at.day(), at.hour(), at.minute());
    (serial.chars().skip(tail).collect(), at)
}

/// One line for one thing to mend: what, why, and the reviewer's own words.
fn reason(item: &journey::event::ReturnItem) -> String {
    let what = match &item.item {
        journey::event::ReturnTarget::Field(_) => "申请信息",
        journey::event::ReturnTarget::Evidence(kind) => kind.title(),
    };
    let note = item.note.as_deref().map(|note| format!("（{note}）")).unwrap_or_default();
    format!("{what}：{}{note}", item.reason.title())
}
