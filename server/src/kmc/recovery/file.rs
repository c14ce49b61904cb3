//! 发起: what the authority asks, read and sealed; from here on nothing of it changes.

use super::case::{Body, Case, body_place, digest};
use super::{Recovery, record, target};
use crate::fault::Fault;
use crate::store::recoveries::{self, CaseRow};
use app::desk::error::FieldError;
use app::desk::recovery::RecoveryForm;
use journey::actor::StaffId;
use journey::moment::Moment;

impl Recovery {
    /// Opens a case and gives its number.
    ///
    /// # Errors
    /// `Fields` that do not hold; nobody's serial number among them.
    pub async fn file(&self, staff: &StaffId, form: RecoveryForm) -> Result<String, Fault> {
        let now = self.ground.now();
        let mut wrong = wrong_fields(&form, now);
        let receiver = target::receiver(&form.receiver, now);
        let mut reader = self.ground.store.read().await?;
        let pairs = target::pairs(&mut reader, &self.ground, &form.target).await?;
        let certificate = receiver.as_ref().ok().and_then(|receiver| receiver.certificate.as_ref());
        let receiver_verified = match certificate {
            Some(certificate) => target::is_ours(&mut reader, certificate, now).await?,
            None => false,
        };
        drop(reader);
        if pairs.is_empty() {
            wrong.push(field("target", "no_such_pair"));
        }
        let receiver = match (receiver, wrong.is_empty()) {
            (Ok(receiver), true) => receiver,
            (receiver, _) => {
                wrong.extend(receiver.err().map(|code| field("receiver", code)));
                return Err(Fault::Fields(wrong));
            }
        };
        let settings = &self.kmc.settings;
        let body = Body {
            filed_by: staff.0.clone(),
            filed_at: now,
            ends_at: now.plus_days(i64::from(settings.case_days)),
            needed: settings.needed(),
            authority: form.authority.trim().to_owned(),
            document_number: form.document_number.trim().to_owned(),
            document_on: form.document_on.trim().to_owned(),
            reference: form.reference.trim().to_owned(),
            target: form.target.trim().to_owned(),
            reason: form.reason.trim().to_owned(),
            receiver: hex::encode(receiver.key.to_spki_der()),
            receiver_name: receiver.name(),
            receiver_verified,
            pairs,
        };
        self.open(staff, body).await
    }

    async fn open(&self, staff: &StaffId, body: Body) -> Result<String, Fault> {
        let day = body.filed_at.beijing_date().to_string().replace('-', "");
        let number = format!("KR{day}{}", self.ground.dice.digits(6));
        let (id, desk, by, given) = (self.ground.dice.id(), self.clone(), staff.clone(), number.clone());
        let clear = zeroize::Zeroizing::new(
            serde_json::to_vec(&body).map_err(|error| Fault::Document(error.to_string()))?,
        );
        let pairs = body.pairs.len();
        let written = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let keys = desk.kmc.keys();
                let sealed = keys.seal(&body_place(&id), &clear);
                let row = CaseRow { id, number, body: sealed, package: None, filed_at: body.filed_at };
                recoveries::record_case(tx, &row).await?;
                let (digest, at) = (digest(&clear), body.filed_at);
                let mut case = Case { row, body, digest, lines: Vec::new(), whole: true };
                record::add(tx, keys, &mut case, (record::FILED, &by, ""), at).await
            })
        });
        written.await?;
        tracing::warn!(case = given, staff = %staff.0, pairs, "a judicial recovery was filed");
        Ok(given)
    }
}

fn wrong_fields(form: &RecoveryForm, now: Moment) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let texts = [
        ("authority", &form.authority, 100),
        ("document_number", &form.document_number, 100),
        ("reference", &form.reference, 300),
        ("target", &form.target, 100),
        ("reason", &form.reason, 300),
    ];
    for (name, text, most) in texts {
        match text.trim().chars().count() {
            0 => wrong.push(field(name, "empty")),
            1 => wrong.push(field(name, "too_short")),
            length if length > most => wrong.push(field(name, "too_long")),
            _ => {}
        }
    }
    match day(form.document_on.trim()) {
        None => wrong.push(field("document_on", "no_such_day")),
        Some(day) if day > now.beijing_date() => wrong.push(field("document_on", "not_yet")),
        Some(_) => {}
    }
    wrong
}

/// 2026-11-22
fn day(text: &str) -> Option<time::Date> {
    time::Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).ok()
}

fn field(field: &str, code: &str) -> FieldError {
    FieldError { field: field.to_owned(), code: code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_must_say() {
        // 2026-11-22 in Beijing.
        let now = Moment::from_millis(1_795_361_400_000);
        let form = RecoveryForm {
            authority: "某市人民法院".into(),
            document_number: "（2026）京01调证7号".into(),
            document_on: "2026-11-22".into(),
            reference: "卷宗第3页".into(),
            target: "91110108MA01ABCD1X".into(),
            receiver: String::new(),
            reason: "案件取证".into(),
        };
        assert_eq!(wrong_fields(&form, now), []);
        let later = RecoveryForm { document_on: "2026-11-23".into(), reason: " ".into(), ..form.clone() };
        assert_eq!(wrong_fields(&later, now), [field("reason", "empty"), field("document_on", "not_yet")]);
        let long = RecoveryForm { document_on: "22.11.2026".into(), authority: "院".repeat(101), ..form };
        let codes = [field("authority", "too_long"), field("document_on", "no_such_day")];
        assert_eq!(wrong_fields(&long, now), codes);
    }
}
