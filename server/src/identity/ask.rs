//! The errand `CheckIdentity`: caps, the question, and what its answer means. A failed check leaves the order where it is,
//! with the reason: its holder corrects the form or takes another method.

use super::provider::{Person, Verdict};
use super::{Identity, asks_provider, purpose};
use crate::codes::{self, Wanted};
use crate::details;
use crate::errand::Outcome;
use crate::fault::Fault;
use crate::outside::CallError;
use crate::store;
use crate::store::identity_checks::{CheckRow, State};
use crate::store::orders::OrderRow;
use journey::details::DetailsForm;
use journey::identity::IdentityMethod;
use journey::moment::Moment;
use journey::party::Party;
use journey::step::Step;
use std::net::{IpAddr, Ipv4Addr};

/// A07: wrong answers about one card (or phone, or account) in a day, and questions about one person.
const WRONG_A_DAY: i64 = 3;
const ASKED_A_DAY: i64 = 10;
/// A busy provider is asked again after this.
const BUSY_S: i64 = 20;

/// One check as it is counted (A07).
pub(super) struct Question {
    pub id: String,
    pub subject: Vec<u8>,
    pub person: Vec<u8>,
}

impl Identity {
    /// # Errors
    /// The store's own.
    pub async fn check(&self, order_id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = store::orders::load(&mut reader, order_id).await?;
        let known = store::identity_checks::find(&mut reader, order_id).await?;
        drop(reader);
        let (Some(Step::IdentityCheck), Some(method)) = (row.order.step(), row.order.method) else {
            // It went on, back or to its end.
            return Ok(Outcome::done());
        };
        let form = details::open(&self.ground, &row)?;
        let check = match known.filter(|known| known.entered == row.version) {
            Some(known) if !matches!(known.state, State::Asking | State::Sending) => {
                return Ok(Outcome::done());
            }
            Some(known) => known,
            None => {
                let begun = CheckRow::begun(&row.id, row.version);
                let question = question(self, &row, &form, method);
                if let Some(reason) = self.begin(&begun, &question).await? {
                    return Ok(self.failed(&begun, reason));
                }
                begun
            }
        };
        if asks_provider(method) {
            self.ask(&row, check, &form, method).await
        } else {
            self.transfer(&row, check, &form).await
        }
    }

    /// Counts the question before it is asked; the reason where it may not be.
    async fn begin(&self, begun: &CheckRow, question: &Question) -> Result<Option<&'static str>, Fault> {
        let (ground, begun) = (self.ground.clone(), begun.clone());
        let (id, subject, person) = (question.id.clone(), question.subject.clone(), question.person.clone());
        let counted = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                let since = now.beijing_midnight();
                let (wrong, asked) = store::identity_checks::count(tx, &id, &subject, &person, since).await?;
                store::identity_checks::keep(tx, &begun, now).await?;
                if wrong >= WRONG_A_DAY {
                    return Ok(Some("wrong_too_often"));
                }
                if asked >= ASKED_A_DAY {
                    return Ok(Some("asked_too_often"));
                }
                store::identity_checks::record_question(tx, &id, &subject, &person, false, now).await?;
                Ok::<_, Fault>(None)
            })
        });
        counted.await
    }

    async fn ask(
        &self,
        row: &OrderRow,
        check: CheckRow,
        form: &DetailsForm,
        method: IdentityMethod,
    ) -> Result<Outcome, Fault> {
        let person = person(row, form);
        let asked = match method {
            IdentityMethod::LegalPersonBankCard => self.provider.card(&person, &form.bank_card).await,
            _ => self.provider.phone(&person).await,
        };
        let question = question(self, row, form, method);
        match asked {
            Ok(Verdict::Match) => Ok(self.matched(row, check, form)),
            Ok(Verdict::Mismatch) => Ok(self.wrong(&check, question, "mismatch")),
            Ok(Verdict::BadInput(_)) => Ok(self.wrong(&check, question, "bad_input")),
            Ok(Verdict::NoRecord) => Ok(self.failed(&check, "no_record")),
            Ok(Verdict::QuotaReached) => Ok(self.failed(&check, "quota")),
            Ok(Verdict::Busy) => {
                self.waits(check, "busy").await?;
                let at = Moment::from_millis(self.ground.now().millis() + BUSY_S * 1000);
                Ok(Outcome::Later { at, why: "the provider is busy" })
            }
            Err(CallError::Refused { code, message }) => {
                tracing::warn!(order = %row.number, code, message, "the identity provider refused");
                Ok(self.failed(&check, "refused"))
            }
            Err(error) => {
                self.waits(check, "away").await?;
                Ok(Outcome::Again { why: error.to_string() })
            }
        }
    }

    /// The page says why it takes so long.
    async fn waits(&self, check: CheckRow, reason: &'static str) -> Result<(), Fault> {
        if check.reason.as_deref() == Some(reason) {
            return Ok(());
        }
        let (now, row) = (self.ground.now(), CheckRow { reason: Some(reason.to_owned()), ..check });
        let kept = self
            .ground
            .store
            .write(move |tx| Box::pin(async move { store::identity_checks::keep(tx, &row, now).await }));
        kept.await.map_err(Fault::Store)
    }

    /// The code goes to the phone that was found to be the person's.
    fn matched(&self, row: &OrderRow, check: CheckRow, form: &DetailsForm) -> Outcome {
        let (ground, service) = (self.ground.clone(), row.order.service);
        let phone = form.legal_person_phone.clone();
        Outcome::write(move |tx| {
            Box::pin(async move {
                let now = ground.now();
                // Not for an address: the office sends it by itself.
                let ip = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
                let wanted = Wanted { purpose: purpose(service), subject: &check.order_id, ip };
                let sent = codes::send(tx, &ground, &wanted, &phone).await?;
                let (state, reason) = match sent {
                    Ok(()) => (State::Sent, None),
                    Err(_) => (State::Failed, Some("code_limit".to_owned())),
                };
                Ok(store::identity_checks::keep(tx, &CheckRow { state, reason, ..check }, now).await?)
            })
        })
    }

    pub(super) fn failed(&self, check: &CheckRow, reason: &'static str) -> Outcome {
        let now = self.ground.now();
        let row =
            CheckRow { state: State::Failed, reason: Some(reason.to_owned()), code: None, ..check.clone() };
        Outcome::write(move |tx| {
            Box::pin(async move { Ok(store::identity_checks::keep(tx, &row, now).await?) })
        })
    }

    fn wrong(&self, check: &CheckRow, question: Question, reason: &'static str) -> Outcome {
        let now = self.ground.now();
        let row = CheckRow { state: State::Failed, reason: Some(reason.to_owned()), ..check.clone() };
        Outcome::write(move |tx| {
            Box::pin(async move {
                let Question { id, subject, person } = question;
                store::identity_checks::record_question(tx, &id, &subject, &person, true, now).await?;
                Ok(store::identity_checks::keep(tx, &row, now).await?)
            })
        })
    }
}

/// Whose identity it is: the legal person's of an organisation, or the holder's own.
fn person(row: &OrderRow, form: &DetailsForm) -> Person {
    let (name, id_number) = match row.order.party {
        Party::Organisation => (&form.legal_person_name, &form.legal_person_id),
        Party::Person => (&form.holder_name, &form.holder_id),
    };
    Person { name: name.clone(), id_number: id_number.clone(), phone: form.legal_person_phone.clone() }
}

/// The same form of the same order is the same question, however often a broken connection has it repeated.
pub(super) fn question(
    desk: &Identity,
    row: &OrderRow,
    form: &DetailsForm,
    method: IdentityMethod,
) -> Question {
    let subject = match method {
        IdentityMethod::LegalPersonPhone => &form.legal_person_phone,
        IdentityMethod::LegalPersonBankCard => &form.bank_card,
        IdentityMethod::CompanyTransfer => &form.account_number,
    };
    let sealing = &desk.ground.sealing;
    Question {
        // The version tells one entering of the form from the next.
        id: format!("{}/{}", row.id, row.version),
        subject: sealing.digest("identity_subject", &format!("{}/{subject}", method.code())),
        person: sealing.digest("identity_person", &person(row, form).id_number),
    }
}
