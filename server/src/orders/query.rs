//! 订单查询: a holder's number and a code to the agent's phone open the agent's orders to a visit (R117–R121).
//!
//! Who asks learns nothing but what the code opens (`questions.rs`). Several agents of one holder each get a code of their
//! own, and the code that comes back tells whose orders to open; the legal person, by the phone of an order that was
//! reviewed, sees them all (A49).

use super::phone::code_sent;
use super::{Orders, Visit};
use crate::details;
use crate::errand::{CodePurpose, Errand, Outcome};
use crate::fault::Fault;
use crate::holders;
use crate::questions::{self, Asked};
use crate::store::orders::OrderRow;
use crate::store::{self, Tx};
use app::desk::error::FieldError;
use app::desk::orders::CodeSent;
use journey::details::DetailsForm;
use journey::moment::Moment;
use journey::party::Party;
use journey::secret::SmsCode;
use journey::step::Step;
use std::net::IpAddr;

const PURPOSE: CodePurpose = CodePurpose::Query;
/// Agents of one holder that are written to at most, where none is named.
const AGENTS: usize = 3;

/// What a person asks with.
pub struct Query {
    pub party: Party,
    pub id_number: String,
    /// One of several agents, or the legal person, by the whole number; empty: the agents.
    pub phone: String,
}

impl Orders {
    /// # Errors
    /// The number is not a number of its kind, or the phone none; too soon or too often. Never whether it is known.
    pub async fn ask_for_orders(&self, visit: &Visit, ip: IpAddr, query: Query) -> Result<CodeSent, Fault> {
        let Query { party, id_number, phone } = query;
        let key = holders::key(&self.ground, party, &id_number)?;
        let phone = typed_phone(&phone)?;
        let (desk, visit) = (self.clone(), visit.clone());
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let asked = Asked { purpose: PURPOSE, visit: &visit.0, party, holder_key: &key };
                let holder_key = hex::encode(&key);
                let errand =
                    |query, ends_at| Errand::SendQueryCodes { query, party, holder_key, phone, ends_at };
                questions::ask(tx, &desk.ground, &asked, ip, desk.codes, errand).await
            })
        });
        asked.await?.map_err(Fault::Code)?;
        Ok(code_sent(String::new()))
    }

    /// The errand behind a question: codes to whom it may concern, if there is anybody.
    ///
    /// # Errors
    /// The store's own.
    pub async fn send_query_codes(
        &self,
        query: String,
        party: Party,
        holder_key: String,
        phone: Option<String>,
        ends_at: Moment,
    ) -> Result<Outcome, Fault> {
        if self.ground.now() >= ends_at {
            return Ok(Outcome::done());
        }
        let key = hex::decode(&holder_key).map_err(|error| Fault::Document(error.to_string()))?;
        let mut reader = self.ground.store.read().await?;
        let phones = self.phones(&mut reader, party, &key, phone).await?;
        drop(reader);
        Ok(questions::send(&self.ground, PURPOSE, query, phones))
    }

    /// The agents' phones; or the one that was named, if it is an agent's or the legal person's.
    async fn phones(
        &self,
        tx: &mut Tx,
        party: Party,
        key: &[u8],
        named: Option<String>,
    ) -> Result<Vec<String>, Fault> {
        let (mut agents, mut legal): (Vec<String>, Vec<String>) = Default::default();
        for (row, _) in store::orders::list_for_holder(tx, party.code(), key).await? {
            // As the key of the agent's phone is made: a draft may hold it with spaces.
            let typed = details::open(&self.ground, &row)?;
            let agent = journey::entry::mobile::parse(&typed.agent_phone).ok();
            agents.extend(agent.filter(|phone| !agents.contains(phone)));
            legal.extend(legal_persons_phone(&row, &typed));
        }
        match named {
            Some(phone) if agents.contains(&phone) || legal.contains(&phone) => Ok(vec![phone]),
            Some(_) => Ok(Vec::new()),
            None => {
                agents.truncate(AGENTS);
                Ok(agents)
            }
        }
    }

    /// Opens the orders of the holder that this code's agent handles. `asking` is the visit that asked for the code,
    /// `fresh` the one that sees the orders from now on.
    ///
    /// # Errors
    /// The code is wrong, old or used up; an unknown number hears the same.
    pub async fn check_query_code(
        &self,
        asking: &Visit,
        fresh: &Visit,
        party: Party,
        id_number: String,
        code: SmsCode,
    ) -> Result<(), Fault> {
        let key = holders::key(&self.ground, party, &id_number)?;
        let (desk, asking, fresh) = (self.clone(), asking.clone(), fresh.clone());
        let opened = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let asked = Asked { purpose: PURPOSE, visit: &asking.0, party, holder_key: &key };
                let phone_key = match questions::check(tx, &desk.ground, &asked, &code).await? {
                    Ok(phone_key) => phone_key,
                    // A counted try must be committed: it is an answer, not an error.
                    Err(refusal) => return Ok::<_, Fault>(Err(refusal)),
                };
                desk.open_orders(tx, &fresh, party, &key, &phone_key).await?;
                Ok(Ok(()))
            })
        });
        opened.await?.map_err(Fault::Code)
    }

    async fn open_orders(
        &self,
        tx: &mut Tx,
        visit: &Visit,
        party: Party,
        key: &[u8],
        phone_key: &[u8],
    ) -> Result<(), Fault> {
        let rows = store::orders::list_for_holder(tx, party.code(), key).await?;
        let mut is_legal_person = false;
        for (row, _) in &rows {
            let phone = legal_persons_phone(row, &details::open(&self.ground, row)?);
            is_legal_person |=
                phone.is_some_and(|phone| self.ground.sealing.digest_matches("phone", &phone, phone_key));
        }
        for (row, agent_key) in rows {
            if is_legal_person || agent_key.as_deref() == Some(phone_key) {
                store::visits::let_see(tx, &visit.0, &row.id).await?;
            }
        }
        Ok(())
    }
}

/// The legal person's own phone, where a reviewer has passed the order that names it: a draft says what it likes.
pub(super) fn legal_persons_phone(row: &OrderRow, form: &DetailsForm) -> Option<String> {
    let reviewed = row.order.settled.contains(&Step::Review);
    reviewed.then(|| journey::entry::mobile::parse(&form.legal_person_phone).ok()).flatten()
}

fn typed_phone(phone: &str) -> Result<Option<String>, Fault> {
    if phone.trim().is_empty() {
        return Ok(None);
    }
    let wrong = |error: journey::entry::EntryError| {
        Fault::Fields(vec![FieldError { field: "phone".into(), code: error.code.into() }])
    };
    journey::entry::mobile::parse(phone).map(Some).map_err(wrong)
}
