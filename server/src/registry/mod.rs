//! Owns: asking the registers of organisations and of persons whether what a certificate says still holds (A19, A45), and
//! the memory of what they answered.
//! Never: what follows from an answer for an order; evidence, reviews.
//! Start at: `Registry::ask`; the registers themselves are behind `register.rs`.

pub mod register;
pub mod tencent;

use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::registry::AnswerRow;
use crate::store::{self, Tx};
use journey::IdentityDocument;
use journey::details::DetailsForm;
use journey::party::Party;
use journey::registered::RegisteredFact;
use register::{Organisation, Register};
use std::sync::Arc;

/// A register changes by the day, and every question costs.
const GOOD_HOURS: i64 = 24;
/// Questions about one holder in a day that are passed on.
const ASKED_A_DAY: i64 = 10;
/// As long as a difference is told to its holder, who may need a while to find the papers.
const TOLD_DAYS: i64 = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// All of it is so.
    Confirmed,
    /// It is otherwise there.
    Differs(RegisteredFact),
    /// There is nobody of the kind there, or nothing that could be said for certain.
    NoRecord,
    /// Nobody answered, or was asked too often.
    NoAnswer,
}

impl Answer {
    fn code(self) -> &'static str {
        match self {
            Answer::Confirmed => "confirmed",
            Answer::Differs(fact) => fact.code(),
            Answer::NoRecord => "no_record",
            Answer::NoAnswer => "no_answer",
        }
    }

    fn from_code(code: &str) -> Answer {
        match code {
            "confirmed" => Answer::Confirmed,
            "no_record" => Answer::NoRecord,
            code => RegisteredFact::from_code(code).map_or(Answer::NoAnswer, Answer::Differs),
        }
    }
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    ground: Ground,
    register: Arc<dyn Register>,
}

impl Registry {
    pub fn new(ground: Ground, register: Arc<dyn Register>) -> Registry {
        Registry { ground, register }
    }

    /// Whether the registers confirm what this form says of its holder. For this order, which keeps the answer; what was
    /// answered within a day is not asked again.
    ///
    /// # Errors
    /// The store's own: a register that is away is an answer.
    pub async fn ask(&self, order_id: &str, party: Party, form: &DetailsForm) -> Result<Answer, Fault> {
        let question = self.question(form);
        let holder = self.ground.sealing.digest("registry_holder", &form.holder_id);
        let now = self.ground.now();
        let mut reader = self.ground.store.read().await?;
        let known = store::registry::find_answer(&mut reader, &question, now.plus_hours(-GOOD_HOURS)).await?;
        let often = store::registry::count(&mut reader, &holder, now.plus_hours(-24)).await?;
        drop(reader);
        let answer = match known {
            Some(code) => Answer::from_code(&code),
            None if often >= ASKED_A_DAY => Answer::NoAnswer,
            None => self.put(order_id, party, form).await,
        };
        let (id, order_id) = (self.ground.dice.id(), order_id.to_owned());
        let kept = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let (question, holder) = (question.as_slice(), holder.as_slice());
                let row = AnswerRow {
                    id: &id,
                    order_id: &order_id,
                    question,
                    holder,
                    answer: answer.code(),
                    asked_at: now,
                };
                store::registry::record(tx, &row).await
            })
        });
        kept.await?;
        Ok(answer)
    }

    /// What a register said otherwise than this form, when it was last asked.
    ///
    /// # Errors
    /// The store's own.
    pub async fn difference(&self, tx: &mut Tx, form: &DetailsForm) -> Result<Option<RegisteredFact>, Fault> {
        let since = self.ground.now().plus_days(-TOLD_DAYS);
        let known = store::registry::find_answer(tx, &self.question(form), since).await?;
        Ok(known.and_then(|code| RegisteredFact::from_code(&code)))
    }

    fn question(&self, form: &DetailsForm) -> Vec<u8> {
        let asked = [&form.holder_id, &form.holder_name, &form.legal_person_id, &form.legal_person_name];
        self.ground.sealing.digest("registry_question", &asked.map(String::as_str).join("\n"))
    }

    async fn put(&self, order_id: &str, party: Party, form: &DetailsForm) -> Answer {
        let asked = match party {
            Party::Organisation => {
                let organisation = Organisation {
                    name: &form.holder_name,
                    credit_code: &form.holder_id,
                    legal_person: &form.legal_person_name,
                    legal_person_id: &form.legal_person_id,
                };
                self.register.organisation(&organisation).await
            }
            // Who has no identity card is in no register of ours (A50).
            Party::Person if form.holder_document != IdentityDocument::IdCard => return Answer::NoRecord,
            Party::Person => self.register.person(&form.holder_name, &form.holder_id).await,
        };
        asked.unwrap_or_else(|error| {
            tracing::warn!(order = order_id, %error, "a register did not answer");
            Answer::NoAnswer
        })
    }
}
