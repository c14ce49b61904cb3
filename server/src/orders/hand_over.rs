//! 经办人变更 (B11): the legal person approves another agent by the own phone, the agent before has a day to object, and
//! then everything that this agent handles for the holder goes over: orders, records, and the codes for both. Whoever had
//! one of those orders open is asked for a code again.

use super::phone::code_sent;
use super::query::legal_persons_phone;
use super::{Orders, Visit, order_for};
use crate::advance::advance;
use crate::codes::{self, Wanted};
use crate::details;
use crate::errand::{self, CodePurpose, Errand, Outcome};
use crate::fault::Fault;
use crate::holders;
use crate::store::hand_overs::{self, HandOverRow};
use crate::store::orders::OrderRow;
use crate::store::{self, StoreError, Tx};
use app::desk::error::{CodeRefusal, FieldError};
use app::desk::hand_over::{CodeTo, HandOverForm, HandOverView, Waiting};
use app::desk::orders::CodeSent;
use journey::actor::Actor;
use journey::details::DetailsForm;
use journey::effect::Notice;
use journey::event::Event;
use journey::mask;
use journey::party::Party;
use journey::refusal::Refusal;
use journey::secret::SmsCode;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// B11: counted by the office's clock.
const OBJECTION_HOURS: i64 = 24;

/// Who takes over, as it is kept: sealed.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    phone: String,
    /// The order that names the legal person's phone, for the notice to it.
    approved_on: String,
}

/// Whose orders go over, from one of them.
struct Holding {
    row: OrderRow,
    form: DetailsForm,
    holder_key: Vec<u8>,
    agent_key: Vec<u8>,
    /// Of the same agent, this one among them.
    all: usize,
    /// The legal person's phone and the order that names it.
    legal_person: Option<(String, String)>,
}

impl Orders {
    /// # Errors
    /// No such order for this visit; an order whose agent is not known yet.
    pub async fn view_hand_over(&self, visit: &Visit, number: &str) -> Result<HandOverView, Fault> {
        let mut reader = self.ground.store.read().await?;
        let held = self.holding(&mut reader, visit, number).await?;
        let waiting = hand_overs::find_waiting(&mut reader, &held.holder_key, &held.agent_key).await?;
        let waiting = waiting
            .map(|asked| {
                let body = self.body(&asked)?;
                let (name, phone) = (mask::name(&body.name), mask::phone(&body.phone));
                Ok::<_, Fault>(Waiting { name, phone, asked_at: asked.asked_at, ends_at: asked.ends_at })
            })
            .transpose()?;
        Ok(HandOverView {
            agent_name: mask::name(&held.form.agent_name),
            agent_phone: mask::phone(&held.form.agent_phone),
            legal_person_phone: held.legal_person.map(|(phone, _)| mask::phone(&phone)),
            orders: u32::try_from(held.all).unwrap_or(u32::MAX),
            waiting,
        })
    }

    /// # Errors
    /// The legal person's phone is not known; no phone; too soon or too often.
    pub async fn send_hand_over_code(
        &self,
        visit: &Visit,
        ip: IpAddr,
        number: String,
        to: CodeTo,
    ) -> Result<CodeSent, Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        let sent = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let held = desk.holding(tx, &visit, &number).await?;
                let (legal_person, _) = held.legal_person.clone().ok_or(Refusal::LegalPersonUnknown)?;
                let (purpose, phone) = match to {
                    CodeTo::LegalPerson => (CodePurpose::HandOver, legal_person),
                    CodeTo::NewAgent { phone } => (CodePurpose::NewAgent, other_phone(&held, &phone)?),
                };
                let wanted = Wanted { purpose, subject: &held.row.id, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let sent = codes::send(tx, &desk.ground, &wanted, &phone).await?;
                Ok::<_, Fault>(sent.map(|()| mask::phone(&phone)))
            })
        });
        Ok(code_sent(sent.await?.map_err(Fault::Code)?))
    }

    /// Both codes are right: the agent before is told, and has a day.
    ///
    /// # Errors
    /// Name or phone do not hold; a code is wrong, old or used; one waits already.
    pub async fn ask_hand_over(
        &self,
        visit: &Visit,
        number: String,
        form: HandOverForm,
    ) -> Result<(), Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        let asked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let held = desk.holding(tx, &visit, &number).await?;
                let (legal_person, approved_on) =
                    held.legal_person.clone().ok_or(Refusal::LegalPersonUnknown)?;
                let name =
                    journey::entry::person_name::parse(&form.name).map_err(|e| field("name", e.code))?;
                let phone = other_phone(&held, &form.phone)?;
                if hand_overs::find_waiting(tx, &held.holder_key, &held.agent_key).await?.is_some() {
                    return Err(Refusal::HandOverWaits.into());
                }
                // A refused code must commit its counted try: it is an answer, not an error.
                for (purpose, code, phone) in [
                    (CodePurpose::NewAgent, &form.new_agent_code, &phone),
                    (CodePurpose::HandOver, &form.legal_person_code, &legal_person),
                ] {
                    if let Err(refusal) = desk.proves(tx, &held.row, purpose, code, phone).await? {
                        return Ok::<_, Fault>(Err(refusal));
                    }
                }
                desk.wait(tx, &held, &Body { name: name.to_string(), phone, approved_on }).await?;
                Ok(Ok(()))
            })
        });
        asked.await?.map_err(Fault::Code)
    }

    /// 提出异议: nothing changes. Whoever sees the order may: the agent before, and the legal person who thinks better of it.
    ///
    /// # Errors
    /// None waits.
    pub async fn object(&self, visit: &Visit, number: String) -> Result<(), Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        let objected = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let held = desk.holding(tx, &visit, &number).await?;
                let waiting = hand_overs::find_waiting(tx, &held.holder_key, &held.agent_key).await?;
                let waiting = waiting.ok_or(Refusal::NoHandOver)?;
                if !hand_overs::decide(tx, &waiting.id, "objected", desk.ground.now()).await? {
                    return Err(Refusal::NoHandOver.into());
                }
                let approved_on = desk.body(&waiting)?.approved_on;
                desk.tell(tx, &waiting.id, approved_on, Notice::AgentKept, true).await
            })
        });
        objected.await
    }

    /// The errand at the end of the day to object.
    ///
    /// # Errors
    /// The store's own.
    pub async fn hand_over(&self, id: &str) -> Result<Outcome, Fault> {
        let mut reader = self.ground.store.read().await?;
        let asked = hand_overs::find(&mut reader, id).await?.filter(|row| row.state == "waiting");
        let Some(asked) = asked else { return Ok(Outcome::done()) };
        drop(reader);
        if self.ground.now() < asked.ends_at {
            return Ok(Outcome::Later { at: asked.ends_at, why: "there is time to object" });
        }
        let desk = self.clone();
        Ok(Outcome::write(move |tx| Box::pin(async move { desk.change_agent(tx, &asked).await })))
    }

    async fn change_agent(&self, tx: &mut Tx, asked: &HandOverRow) -> Result<(), Fault> {
        if !hand_overs::decide(tx, &asked.id, "done", self.ground.now()).await? {
            return Ok(());
        }
        let body = self.body(asked)?;
        for (row, agent_key) in store::orders::list_for_holder(tx, &asked.party, &asked.holder_key).await? {
            if agent_key.as_ref() != Some(&asked.agent_key) {
                continue;
            }
            let form = details::open(&self.ground, &row)?;
            let form = DetailsForm { agent_name: body.name.clone(), agent_phone: body.phone.clone(), ..form };
            let event = Event::AgentChanged { digest: details::digest(&form) };
            let row = advance(tx, &self.ground, row, None, event, &Actor::Office).await?;
            details::keep(tx, &self.ground, &row, &form).await?;
            store::visits::hide(tx, &row.id).await?;
        }
        self.tell(tx, &asked.id, asked.order_id.clone(), Notice::AgentChanged, false).await
    }

    async fn wait(&self, tx: &mut Tx, held: &Holding, body: &Body) -> Result<(), Fault> {
        let (id, now) = (self.ground.dice.id(), self.ground.now());
        let clear =
            serde_json::to_vec(body).map_err(|e| StoreError::impossible("hand_overs", "body", &id, e))?;
        let ends_at = now.plus_hours(OBJECTION_HOURS);
        let row = HandOverRow {
            order_id: held.row.id.clone(),
            party: held.row.order.party.code().to_owned(),
            holder_key: held.holder_key.clone(),
            agent_key: held.agent_key.clone(),
            body: self.ground.sealing.seal(&place(&id), &clear),
            state: "waiting".to_owned(),
            asked_at: now,
            ends_at,
            id: id.clone(),
        };
        hand_overs::record(tx, &row).await?;
        errand::record(tx, &self.ground, &Errand::HandOver { id: id.clone() }, &id, ends_at).await?;
        let letter = Errand::MailNotice { order_id: held.row.id.clone(), notice: Notice::AgentAsked };
        errand::record(tx, &self.ground, &letter, &format!("{id}/asked"), now).await?;
        self.tell(tx, &id, held.row.id.clone(), Notice::AgentAsked, false).await
    }

    /// A text message to the agent of the order as it is now, or to its legal person.
    async fn tell(
        &self,
        tx: &mut Tx,
        id: &str,
        order_id: String,
        notice: Notice,
        to_legal_person: bool,
    ) -> Result<(), Fault> {
        let told = Errand::TextNotice { order_id, notice, to_legal_person };
        let key = format!("{id}/{}", notice.code());
        Ok(errand::record(tx, &self.ground, &told, &key, self.ground.now()).await?)
    }

    async fn proves(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
        purpose: CodePurpose,
        code: &str,
        phone: &str,
    ) -> Result<Result<(), CodeRefusal>, Fault> {
        let code = SmsCode::new(code.trim());
        let checked = codes::check(tx, &self.ground, purpose, &row.id, &code).await?;
        // The code proves the phone that it went to.
        Ok(checked.and_then(|phone_key| {
            let same = self.ground.sealing.digest_matches("phone", phone, &phone_key);
            if same { Ok(()) } else { Err(CodeRefusal::Gone) }
        }))
    }

    async fn holding(&self, tx: &mut Tx, visit: &Visit, number: &str) -> Result<Holding, Fault> {
        let row = order_for(tx, visit, number).await?;
        let form = details::open(&self.ground, &row)?;
        if row.order.party != Party::Organisation {
            return Err(Refusal::LegalPersonUnknown.into());
        }
        let holder_key = holders::key(&self.ground, row.order.party, &form.holder_id)
            .map_err(|_| Refusal::LegalPersonUnknown)?;
        let agent = journey::entry::mobile::parse(&form.agent_phone);
        let agent = agent.map_err(|_| Refusal::LegalPersonUnknown)?;
        let agent_key = self.ground.sealing.digest("phone", &agent);
        let (mut all, mut legal_person) = (0, None);
        for (other, key) in store::orders::list_for_holder(tx, row.order.party.code(), &holder_key).await? {
            all += usize::from(key.as_ref() == Some(&agent_key));
            if legal_person.is_none() {
                let typed = details::open(&self.ground, &other)?;
                legal_person = legal_persons_phone(&other, &typed).map(|phone| (phone, other.id.clone()));
            }
        }
        Ok(Holding { row, form, holder_key, agent_key, all, legal_person })
    }

    fn body(&self, row: &HandOverRow) -> Result<Body, Fault> {
        let clear = self.ground.sealing.open(&place(&row.id), &row.body)?;
        let body = serde_json::from_slice(&clear);
        Ok(body.map_err(|e| StoreError::impossible("hand_overs", "body", &row.id, e))?)
    }
}

/// The phone of somebody else than the agent who is there.
fn other_phone(held: &Holding, typed: &str) -> Result<String, Fault> {
    let phone = journey::entry::mobile::parse(typed).map_err(|_| field("new_phone", "mobile"))?;
    let before = journey::entry::mobile::parse(&held.form.agent_phone).ok();
    if before.is_some_and(|before| before == phone) {
        return Err(field("new_phone", "agent_phone_same"));
    }
    Ok(phone)
}

fn field(field: &str, code: &str) -> Fault {
    Fault::Fields(vec![FieldError { field: field.to_owned(), code: code.to_owned() }])
}

fn place(id: &str) -> String {
    format!("hand_overs.body/{id}")
}
