//! The agent's phone confirms the order (R023–R025).

use super::{Orders, Visit, order_for};
use crate::advance::advance;
use crate::codes::{self, Wanted};
use crate::errand::CodePurpose;
use crate::fault::Fault;
use crate::store::orders::OrderRow;
use app::desk::error::CodeRefusal;
use app::desk::orders::CodeSent;
use journey::actor::Actor;
use journey::event::Event;
use journey::refusal::Refusal;
use journey::secret::SmsCode;
use journey::service::Service;
use journey::step::Step;
use std::net::IpAddr;

impl Orders {
    /// Sends a code to the agent's phone of this order.
    ///
    /// # Errors
    /// Not at this step; too soon or too often.
    pub async fn send_phone_code(
        &self,
        visit: &Visit,
        ip: IpAddr,
        number: String,
    ) -> Result<CodeSent, Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        let sent = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                at_phone_check(&row)?;
                let phone = desk.reserved_phone(tx, &row).await?;
                let wanted = Wanted { purpose: purpose(&row), subject: &row.id, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let sent = codes::send(tx, &desk.ground, &wanted, &phone).await?;
                Ok::<_, Fault>(sent.map(|()| journey::mask::phone(&phone)))
            })
        });
        match sent.await? {
            Ok(masked_phone) => Ok(code_sent(masked_phone)),
            Err(refusal) => Err(Fault::Code(refusal)),
        }
    }

    /// # Errors
    /// The code is wrong, old, used or burned; the order has not moved (R024).
    pub async fn check_phone_code(
        &self,
        visit: &Visit,
        number: String,
        code: SmsCode,
    ) -> Result<OrderRow, Fault> {
        let (desk, visit) = (self.clone(), visit.clone());
        let checked = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                at_phone_check(&row)?;
                // A refused code must commit its counted try: it is an answer, not an error.
                let phone_key = match codes::check(tx, &desk.ground, purpose(&row), &row.id, &code).await? {
                    Ok(phone_key) => phone_key,
                    Err(refusal) => return Ok::<_, Fault>(Err(refusal)),
                };
                // The code proves the phone that it went to; the form may name another one by now.
                let phone = desk.reserved_phone(tx, &row).await?;
                if !desk.ground.sealing.digest_matches("phone", &phone, &phone_key) {
                    return Ok(Err(CodeRefusal::Gone));
                }
                let checked = advance(tx, &desk.ground, row, None, Event::PhoneChecked, &Actor::Applicant);
                Ok(Ok(checked.await?))
            })
        });
        checked.await?.map_err(Fault::Code)
    }
}

/// What the agent reads that the code is for.
fn purpose(row: &OrderRow) -> CodePurpose {
    match row.order.service {
        Service::Unblock => CodePurpose::Unblock,
        _ => CodePurpose::PhoneCheck,
    }
}

fn at_phone_check(row: &OrderRow) -> Result<(), Fault> {
    if row.order.step() == Some(Step::PhoneCheck) {
        return Ok(());
    }
    let event = journey::event::EventKind::PhoneChecked;
    Err(Refusal::NotHere { standing: row.order.standing, event }.into())
}

/// What a page hears of a code that was sent.
pub fn code_sent(masked_phone: String) -> CodeSent {
    CodeSent {
        masked_phone,
        valid_minutes: u32::try_from(codes::VALID_MINUTES).unwrap_or(5),
        again_after_s: u32::try_from(codes::AGAIN_AFTER_S).unwrap_or(60),
    }
}
