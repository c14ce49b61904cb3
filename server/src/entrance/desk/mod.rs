//! Owns: the ports of `app::desk`, one file each: who is the caller, ask the desk, answer.
//! Never: a rule or a row; a desk decides, this only finds out who asks.
//! Start at: `orders.rs`.

mod finance;
mod follow_up;
mod hand_over;
mod held;
mod identity;
mod loading;
mod lost;
mod mandates;
mod orders;
mod parcels;
mod payments;
mod phone;
mod privacy;
mod production;
pub mod query;
mod recovery;
mod registrar;
mod replacement;
mod review;
mod staff;
mod trust;
mod unblock;

use super::answer::Answer;
use super::session::{Cookie, Cookies};
use crate::fault::Fault;
use crate::office::Office;
use crate::orders::Visit;
use crate::visits::{Fresh, Visits};
use app::desk::staff::Role;
use app::desk::{Caller, DeskError, Desks};
use axum::http::HeaderValue;
use journey::actor::StaffId;
use std::sync::Arc;

/// What the ports share: visits begin and end here, and faults become answers.
#[derive(Clone)]
pub struct Reception {
    pub visits: Visits,
    pub cookies: Cookies,
    pub answer: Answer,
}

impl Reception {
    /// After what was done under a fresh visit: when it went well, the fresh one takes over from the caller's own and its
    /// cookie is given; otherwise nothing of it stays.
    ///
    /// # Errors
    /// What `done` says.
    pub async fn settle<T>(
        &self,
        caller: &Caller,
        fresh: Fresh,
        done: Result<T, Fault>,
    ) -> Result<(T, HeaderValue), DeskError> {
        if done.is_err() {
            self.answer.give(self.visits.end(&fresh.digest).await)?;
        }
        let done = self.answer.give(done)?;
        if let Ok(old) = visit(caller) {
            self.answer.give(self.visits.take_over(&old.0, &fresh).await)?;
        }
        Ok((done, self.cookies.give(Cookie::Visit, &fresh.token)))
    }
}

/// The visit that asks.
///
/// # Errors
/// `SignInAgain`: it has ended, or there never was one.
pub fn visit(caller: &Caller) -> Result<Visit, DeskError> {
    let digest = caller.visit.as_ref().and_then(|visit| hex::decode(visit).ok());
    digest.map(Visit).ok_or(DeskError::SignInAgain)
}

/// The visit that asks for this order, or the one that a phone stands in for (B26). For what a phone may do, and nothing
/// else: everything that moves an order takes `visit`.
///
/// # Errors
/// As `visit`.
pub fn at_hand(caller: &Caller, number: &str) -> Result<Visit, DeskError> {
    match &caller.phone {
        Some(phone) if phone.number == number => {
            hex::decode(&phone.visit).map(Visit).map_err(|_| DeskError::SignInAgain)
        }
        _ => visit(caller),
    }
}

/// The member of staff who asks, if they have this role.
///
/// # Errors
/// Nobody is signed in, or somebody whose desk this is not.
pub fn member(caller: &Caller, role: Role) -> Result<StaffId, DeskError> {
    let staff = caller.staff.as_ref().ok_or(DeskError::SignInAgain)?;
    if staff.roles.contains(&role) { Ok(staff.id.clone()) } else { Err(DeskError::NotYourDesk) }
}

/// Every port, for the server functions.
pub fn desks(office: &Office, reception: &Reception, query: &query::Query) -> Desks {
    let answer = &reception.answer;
    Desks {
        orders: Arc::new(orders::Port { orders: office.orders.clone(), reception: reception.clone() }),
        loading: Arc::new(loading::Port {
            loading: office.loading.clone(),
            orders: office.orders.clone(),
            reception: reception.clone(),
        }),
        held: Arc::new(held::Port { key_in: office.key_in.clone(), reception: reception.clone() }),
        lost: Arc::new(lost::Port {
            lost: office.lost.clone(),
            orders: office.orders.clone(),
            reception: reception.clone(),
        }),
        hand_over: Arc::new(hand_over::Port { orders: office.orders.clone(), answer: answer.clone() }),
        follow_up: Arc::new(follow_up::Port::of(office, answer)),
        privacy: Arc::new(privacy::Port { orders: office.orders.clone(), answer: answer.clone() }),
        phone: Arc::new(phone::Port {
            second_screen: office.second_screen.clone(),
            reception: reception.clone(),
        }),
        parcels: Arc::new(parcels::Port::of(office, answer)),
        replacement: Arc::new(replacement::Port {
            replacements: office.replacements.clone(),
            orders: office.orders.clone(),
            reception: reception.clone(),
        }),
        finance: Arc::new(finance::Port { finance: office.finance.clone(), answer: answer.clone() }),
        payments: Arc::new(payments::Port {
            till: office.till.clone(),
            orders: office.orders.clone(),
            answer: answer.clone(),
        }),
        query: Arc::new(query.clone()),
        staff: Arc::new(staff::Port {
            staff: office.staff.clone(),
            cookies: reception.cookies,
            answer: answer.clone(),
        }),
        review: Arc::new(review::Port { review: office.review.clone(), answer: answer.clone() }),
        production: Arc::new(production::Port::of(office, answer)),
        registrar: Arc::new(registrar::Port {
            registrar: office.registrar.clone(),
            staff: office.staff.clone(),
            answer: answer.clone(),
        }),
        identity: Arc::new(identity::Port {
            identity: office.identity.clone(),
            orders: office.orders.clone(),
            reception: reception.clone(),
        }),
        unblock: Arc::new(unblock::Port {
            unblocking: office.unblocking.clone(),
            orders: office.orders.clone(),
            reception: reception.clone(),
        }),
        trust: Arc::new(trust::Port { trust: office.trust.clone(), answer: answer.clone() }),
        recovery: Arc::new(recovery::Port { recovery: office.recovery.clone(), answer: answer.clone() }),
        mandates: Arc::new(mandates::Port { mandates: office.mandates.clone(), answer: answer.clone() }),
        answer: super::answer::on_the_wire,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::desk::StaffMember;

    fn caller(roles: &[Role]) -> Caller {
        let member = StaffMember {
            id: StaffId("7".into()),
            session: String::new(),
            name: "shenhe".into(),
            roles: roles.to_vec(),
        };
        let staff = (!roles.is_empty()).then_some(member);
        Caller { visit: None, staff, phone: None, ip: [127, 0, 0, 1].into() }
    }

    #[test]
    fn a_desk_is_for_its_own_role() {
        assert_eq!(member(&caller(&[]), Role::Reviewer), Err(DeskError::SignInAgain));
        assert_eq!(
            member(&caller(&[Role::Producer, Role::Finance]), Role::Reviewer),
            Err(DeskError::NotYourDesk)
        );
        assert_eq!(
            member(&caller(&[Role::Finance, Role::Reviewer]), Role::Reviewer),
            Ok(StaffId("7".into()))
        );
    }

    #[test]
    fn without_a_visit_there_is_nothing_to_see() {
        let mut caller = caller(&[Role::Reviewer]);
        assert_eq!(visit(&caller), Err(DeskError::SignInAgain));
        caller.visit = Some("0aff".into());
        assert_eq!(visit(&caller), Ok(Visit(vec![0x0a, 0xff])));
    }
}
