//! The authorisation code comes back: right, it proves the check, and the order goes on (A29).

use super::ask::question;
use super::hand_over::place;
use super::{Identity, purpose};
use crate::advance::advance;
use crate::codes::{self, Wanted};
use crate::details;
use crate::fault::Fault;
use crate::store;
use crate::store::Tx;
use crate::store::identity_checks::{CheckRow, State};
use crate::store::orders::OrderRow;
use crate::visits::order_for;
use app::desk::error::CodeRefusal;
use app::desk::identity::{CheckState, IdentityView};
use app::desk::orders::CodeSent;
use journey::actor::Actor;
use journey::event::{Event, EventKind};
use journey::identity::{AuthorisationChannel, authorisation_channel};
use journey::mask;
use journey::refusal::Refusal;
use journey::secret::SmsCode;
use journey::service::Service;
use journey::step::Step;
use std::net::IpAddr;

/// R125 for the remark's code too.
const TRIES: i64 = 5;

impl Identity {
    /// Where the check of this order stands; `None` where it has none.
    ///
    /// # Errors
    /// No such order for this visit.
    pub async fn view(&self, visit: &[u8], number: &str) -> Result<Option<IdentityView>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let row = order_for(&mut reader, visit, number).await?;
        let Some(method) = row.order.method.filter(|_| row.order.step() == Some(Step::IdentityCheck)) else {
            return Ok(None);
        };
        let form = details::open(&self.ground, &row)?;
        let channel = authorisation_channel(method);
        let sent_to = match channel {
            AuthorisationChannel::CheckedPhone => mask::phone(&form.legal_person_phone),
            AuthorisationChannel::TransferRemark => mask::bank_card(&form.account_number),
        };
        let check = current(&mut reader, &row).await?;
        let (state, reason) = match &check {
            None => (CheckState::Asking, None),
            Some(check) => (
                match check.state {
                    State::Asking => CheckState::Asking,
                    State::Sending => CheckState::Sending,
                    State::Sent | State::Passed => CheckState::Sent,
                    State::Failed => CheckState::Failed,
                },
                check.reason.clone(),
            ),
        };
        let ends_at = check.and_then(|check| check.ends_at);
        Ok(Some(IdentityView { method, channel, sent_to, state, reason, ends_at }))
    }

    /// Another code to the checked phone.
    ///
    /// # Errors
    /// Nothing was sent to a phone; too soon or too often.
    pub async fn send_again(&self, visit: Vec<u8>, ip: IpAddr, number: String) -> Result<CodeSent, Fault> {
        let desk = self.clone();
        let sent = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                sent_check(tx, &row, AuthorisationChannel::CheckedPhone).await?;
                let phone = details::open(&desk.ground, &row)?.legal_person_phone.clone();
                let wanted = Wanted { purpose: purpose(row.order.service), subject: &row.id, ip };
                if let Err(refusal) = codes::ask(tx, &desk.ground, &wanted, desk.codes).await? {
                    return Ok(Err(refusal));
                }
                let sent = codes::send(tx, &desk.ground, &wanted, &phone).await?;
                Ok::<_, Fault>(sent.map(|()| mask::phone(&phone)))
            })
        });
        let masked_phone = sent.await?.map_err(Fault::Code)?;
        Ok(CodeSent {
            masked_phone,
            valid_minutes: u32::try_from(codes::VALID_MINUTES).unwrap_or(5),
            again_after_s: u32::try_from(codes::AGAIN_AFTER_S).unwrap_or(60),
        })
    }

    /// # Errors
    /// The code is wrong, old, used or burned; the order has not moved.
    pub async fn enter(&self, visit: Vec<u8>, number: String, code: SmsCode) -> Result<(), Fault> {
        let desk = self.clone();
        let entered = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let row = order_for(tx, &visit, &number).await?;
                if row.order.service == Service::Resumption {
                    // B01: approved for replacement or revoked while the check ran, it is not resumed.
                    crate::resumption::load(tx, &desk.ground, &row).await?;
                }
                let method = row.order.method.ok_or(Refusal::MethodMissing)?;
                let channel = authorisation_channel(method);
                let check = sent_check(tx, &row, channel).await?;
                // A refused code must commit its counted try: it is an answer, not an error.
                let right = match channel {
                    AuthorisationChannel::CheckedPhone => desk.by_phone(tx, &row, &code).await?,
                    AuthorisationChannel::TransferRemark => desk.by_remark(tx, &row, &check, &code).await?,
                };
                if let Err(refusal) = right {
                    return Ok(Err(refusal));
                }
                let now = desk.ground.now();
                let passed = CheckRow { state: State::Passed, code: None, reason: None, ..check };
                store::identity_checks::keep(tx, &passed, now).await?;
                let form = details::open(&desk.ground, &row)?;
                store::identity_checks::right(tx, &question(&desk, &row, &form, method).id).await?;
                advance(tx, &desk.ground, row, None, Event::IdentityPassed, &Actor::Office).await?;
                Ok::<_, Fault>(Ok(()))
            })
        });
        entered.await?.map_err(Fault::Code)
    }

    async fn by_phone(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
        code: &SmsCode,
    ) -> Result<Result<(), CodeRefusal>, Fault> {
        let checked = codes::check(tx, &self.ground, purpose(row.order.service), &row.id, code).await?;
        let phone = details::open(&self.ground, row)?.legal_person_phone.clone();
        // The code proves the phone that it went to; the form may name another one by now.
        Ok(checked.and_then(|phone_key| {
            let same = self.ground.sealing.digest_matches("phone", &phone, &phone_key);
            if same { Ok(()) } else { Err(CodeRefusal::Gone) }
        }))
    }

    async fn by_remark(
        &self,
        tx: &mut Tx,
        row: &OrderRow,
        check: &CheckRow,
        code: &SmsCode,
    ) -> Result<Result<(), CodeRefusal>, Fault> {
        let now = self.ground.now();
        if check.ends_at.is_none_or(|end| now >= end) {
            return Ok(Err(CodeRefusal::Expired));
        }
        let Some(sealed) = check.code.as_ref().filter(|_| check.tries < TRIES) else {
            return Ok(Err(CodeRefusal::Gone));
        };
        let expected = self.ground.sealing.open(&place(&row.id), sealed)?;
        // Compared as keyed digests: the time taken says nothing of the code.
        let expected = self.ground.sealing.digest("remark", &String::from_utf8_lossy(&expected));
        if self.ground.sealing.digest_matches("remark", code.expose(), &expected) {
            return Ok(Ok(()));
        }
        let tries = check.tries + 1;
        store::identity_checks::keep(tx, &CheckRow { tries, ..check.clone() }, now).await?;
        let left = u8::try_from(TRIES - tries).unwrap_or(0);
        Ok(Err(if left == 0 { CodeRefusal::Gone } else { CodeRefusal::Wrong { left } }))
    }
}

/// The check of the form as it is now.
async fn current(tx: &mut Tx, row: &OrderRow) -> Result<Option<CheckRow>, Fault> {
    let check = store::identity_checks::find(tx, &row.id).await?;
    Ok(check.filter(|check| check.entered == row.version))
}

/// The check whose code has gone out by this channel.
async fn sent_check(tx: &mut Tx, row: &OrderRow, channel: AuthorisationChannel) -> Result<CheckRow, Fault> {
    let by_it = row.order.method.is_some_and(|method| authorisation_channel(method) == channel);
    if row.order.step() != Some(Step::IdentityCheck) || !by_it {
        let event = EventKind::IdentityPassed;
        return Err(Refusal::NotHere { standing: row.order.standing, event }.into());
    }
    let check = current(tx, row).await?.filter(|check| check.state == State::Sent);
    check.ok_or(Fault::Code(CodeRefusal::Gone))
}
