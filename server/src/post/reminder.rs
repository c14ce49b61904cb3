//! Reminders before a certificate ends (J34): by SMS and by mail with a calendar file, each once, and none to a holder who
//! has renewed or whose certificate is no longer good.

use super::Post;
use super::calendar_file;
use super::desk::sent;
use super::mail::{Attachment, Letter};
use super::message::Message;
use super::words;
use crate::errand::{self, Errand, Outcome};
use crate::fault::Fault;
use crate::held::{self, Held};
use crate::store::reminders;
use journey::eligibility::CertificateStatus;
use journey::moment::Moment;
use serde::Deserialize;

/// `[reminders]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReminderSettings {
    /// Days before the end at which a holder is reminded; none: nobody is.
    pub days: Vec<u16>,
}

impl Default for ReminderSettings {
    fn default() -> Self {
        ReminderSettings { days: vec![90, 30, 15, 7, 1] }
    }
}

impl Post {
    /// Orders what is due: of each certificate only the reminder of its nearest day, where the office slept over others.
    /// Gives how many certificates.
    ///
    /// # Errors
    /// The store's own; what is left is ordered the next time.
    pub async fn remind_holders(&self) -> Result<usize, Fault> {
        let (ground, mut days) = (self.ground.clone(), self.reminders.days.clone());
        days.sort_unstable();
        days.dedup();
        let ordered = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let (now, mut ordered, mut nearer) = (ground.now(), 0, 0);
                for days in days.into_iter().map(i64::from) {
                    let (from, until) = (now.plus_days(nearer), now.plus_days(days));
                    nearer = days;
                    for serial in reminders::list_due(tx, days, from, until).await? {
                        if !reminders::record(tx, &serial, days, now).await? {
                            continue;
                        }
                        let key = format!("{serial}/{days}");
                        let text = Errand::TextReminder { serial: serial.clone() };
                        errand::record(tx, &ground, &text, &key, now).await?;
                        errand::record(tx, &ground, &Errand::MailReminder { serial }, &key, now).await?;
                        ordered += 1;
                    }
                }
                Ok::<_, Fault>(ordered)
            })
        });
        ordered.await
    }

    /// # Errors
    /// The store's own.
    pub async fn text_reminder(&self, serial: &str) -> Result<Outcome, Fault> {
        let Some((held, days)) = self.ends_soon(serial).await? else { return Ok(Outcome::done()) };
        if journey::entry::mobile::parse(&held.form.agent_phone).is_err() {
            return Ok(Outcome::done());
        }
        let message = Message::Expiring { days, until: held.not_after.beijing_date().to_string() };
        Ok(sent(self.sms.send(&held.form.agent_phone, &message).await))
    }

    /// # Errors
    /// The store's own.
    pub async fn mail_reminder(&self, serial: &str, key: &str) -> Result<Outcome, Fault> {
        let Some((held, days)) = self.ends_soon(serial).await? else { return Ok(Outcome::done()) };
        if journey::entry::email::parse(&held.form.email).is_err() {
            return Ok(Outcome::done());
        }
        let day = held.not_after.beijing_date();
        let words = words::expiring(self.letterhead(), &held.form.holder_name, days, day);
        let calendar = calendar_file::of_end(serial, day, self.ground.now(), self.letterhead());
        let letter = Letter {
            to: held.form.email.clone(),
            subject: words.subject,
            text: words.text,
            attachments: vec![Attachment {
                file_name: "证书到期提醒.ics".to_owned(),
                content_type: "text/calendar; charset=utf-8; method=PUBLISH".to_owned(),
                bytes: calendar.into_bytes(),
            }],
            message_id: format!("expiring.{}", key.replace('/', ".")),
        };
        Ok(sent(self.mailer.send(&letter).await))
    }

    /// The certificate and the days that are left, where its holder still has to do something about it.
    async fn ends_soon(&self, serial: &str) -> Result<Option<(Held, u32)>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let Some(held) = held::find_by_serial(&mut reader, &self.ground, serial).await? else {
            return Ok(None);
        };
        let later = match held.key_serial.as_str() {
            "" => Vec::new(),
            key => held::list_by_key(&mut reader, &self.ground, key).await?,
        };
        let renewed = later.iter().any(|other| good(other) && other.not_after > held.not_after);
        let left = days_left(self.ground.now(), held.not_after);
        Ok(left.filter(|_| good(&held) && !renewed).map(|days| (held, days)))
    }
}

fn good(held: &Held) -> bool {
    held.status == CertificateStatus::Active
}

/// Whole days, the begun one among them; `None` once it has ended.
fn days_left(now: Moment, not_after: Moment) -> Option<u32> {
    let left = not_after.millis() - now.millis();
    (left > 0).then(|| u32::try_from((left + 86_399_999) / 86_400_000).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn j34_a_begun_day_counts_and_an_ended_certificate_reminds_nobody() {
        let end = Moment::from_millis(0).plus_days(100);
        assert_eq!(days_left(end.plus_days(-30), end), Some(30));
        assert_eq!(days_left(end.plus_days(-30).plus_minutes(1), end), Some(30));
        assert_eq!(days_left(end.plus_minutes(-1), end), Some(1));
        assert_eq!(days_left(end, end), None);
    }
}
