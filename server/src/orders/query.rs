//! 订单查询: a holder's number and a code to the agent's phone open the agent's orders to a visit (R117–R121).
//!
//! Known and unknown numbers get the same answer (R126). Several agents of one holder each get a code of their own, and
//! the code that comes back tells whose orders to open (A49).

use super::phone::code_sent;
use super::{Orders, Visit};
use crate::codes::{self, Wanted};
use crate::details;
use crate::errand::CodePurpose;
use crate::fault::Fault;
use crate::store;
use app::desk::error::{CodeRefusal, FieldError};
use app::desk::orders::CodeSent;
use app::desk::query::OrderLine;
use journey::party::Party;
use journey::secret::SmsCode;
use journey::step::Step;
use std::net::IpAddr;

/// Agents of one holder that are written to at most.
const AGENTS: usize = 3;

impl Orders {
    /// # Errors
    /// The number is not a number of its kind; too soon or too often. Never whether it is known.
    pub async fn send_query_code(
        &self,
        ip: IpAddr,
        party: Party,
        id_number: String,
    ) -> Result<CodeSent, Fault> {
        let key = details::holder_key(&self.ground, party, &id_number)
            .ok_or_else(|| not_a_number(party, &id_number))?;
        let desk = self.clone();
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let subject = subject(party, &key);
                let wanted = Wanted { purpose: CodePurpose::Query, subject: &subject, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let mut phones: Vec<String> = Vec::new();
                for (row, _) in store::orders::list_for_holder(tx, party.code(), &key).await? {
                    // As the key of the agent's phone is made: a draft may hold it with spaces.
                    let typed = details::open(&desk.ground, &row)?;
                    let Ok(phone) = journey::entry::mobile::parse(&typed.agent_phone) else { continue };
                    let phone = phone.to_string();
                    if !phones.contains(&phone) {
                        phones.push(phone);
                    }
                }
                for phone in phones.iter().take(AGENTS) {
                    // A phone over its limit gets nothing, and the page says the same as ever.
                    let _ = codes::send(tx, &desk.ground, &wanted, phone).await?;
                }
                Ok::<_, Fault>(Ok(()))
            })
        });
        asked.await?.map_err(Fault::Code)?;
        Ok(code_sent(String::new()))
    }

    /// Opens the orders of the holder that this code's agent handles.
    ///
    /// # Errors
    /// The code is wrong, old or used up; also what an unknown number hears.
    pub async fn check_query_code(
        &self,
        visit: &Visit,
        party: Party,
        id_number: String,
        code: SmsCode,
    ) -> Result<(), Fault> {
        let key = details::holder_key(&self.ground, party, &id_number)
            .ok_or_else(|| not_a_number(party, &id_number))?;
        let (desk, visit) = (self.clone(), visit.clone());
        let opened = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let checked =
                    codes::check(tx, &desk.ground, CodePurpose::Query, &subject(party, &key), &code).await?;
                let phone_key = match checked {
                    Ok(phone_key) => phone_key,
                    // A number without orders has no codes; it hears what a wrong code hears the first time.
                    Err(refusal) => return Ok::<_, Fault>(Err(refusal)),
                };
                for (row, agent_key) in store::orders::list_for_holder(tx, party.code(), &key).await? {
                    if agent_key.as_deref() == Some(phone_key.as_slice()) {
                        store::visits::let_see(tx, &visit.0, &row.id).await?;
                    }
                }
                Ok(Ok(()))
            })
        });
        opened.await?.map_err(|refusal| Fault::Code(same_for_all(refusal)))
    }

    /// The orders this visit may see, newest first (R159).
    ///
    /// # Errors
    /// The store's own.
    pub async fn list(&self, visit: &Visit) -> Result<Vec<OrderLine>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let rows = store::orders::list_for_visit(&mut reader, &visit.0).await?;
        rows.into_iter()
            .map(|row| {
                let form = details::open(&self.ground, &row)?;
                let holder_name = match row.order.party {
                    Party::Organisation => form.holder_name.clone(),
                    Party::Person => journey::mask::name(&form.holder_name),
                };
                let waits_for_applicant = row.order.step().is_some_and(is_the_applicants);
                Ok(OrderLine {
                    service: row.order.service,
                    party: row.order.party,
                    standing: row.order.standing,
                    holder_name,
                    opened_at: row.opened_at,
                    changed_at: row.changed_at,
                    unfinished: waits_for_applicant,
                    number: row.number,
                })
            })
            .collect()
    }
}

/// The steps at which the office waits for the applicant (R121).
fn is_the_applicants(step: Step) -> bool {
    matches!(
        step,
        Step::KeyLogin
            | Step::KeyPresence
            | Step::Record
            | Step::Details
            | Step::Confirm
            | Step::Evidence
            | Step::PhoneCheck
            | Step::IdentityCheck
            | Step::Signature
            | Step::Payment
            | Step::Loading
            | Step::PinReset
            | Step::Receipt
    )
}

/// A wrong code for a known number counts down its tries; for an unknown one there is nothing to count. Both hear the
/// same, so that the countdown does not tell them apart (R126).
fn same_for_all(refusal: CodeRefusal) -> CodeRefusal {
    match refusal {
        CodeRefusal::Wrong { .. } | CodeRefusal::Expired | CodeRefusal::Gone => CodeRefusal::Gone,
        other => other,
    }
}

fn subject(party: Party, key: &[u8]) -> String {
    format!("{}/{}", party.code(), hex::encode(key))
}

/// Why what was typed is no number of its kind: a field error like those of the form.
fn not_a_number(party: Party, number: &str) -> Fault {
    let error = match party {
        Party::Organisation => journey::entry::credit_code::parse(number).err(),
        Party::Person => journey::entry::id_number::parse_text(number).err(),
    };
    let code = error.map_or("empty", |error| error.code);
    Fault::Fields(vec![FieldError { field: "id_number".into(), code: code.into() }])
}
