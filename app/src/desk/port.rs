//! How a server function reaches the office: the desks and the caller stand in the request's context.

use super::DeskError;
use super::{
    held::HeldDesk, orders::OrdersDesk, payments::PaymentsDesk, production::ProductionDesk, query::QueryDesk,
    recovery::RecoveryDesk, review::ReviewDesk, staff::StaffDesk, trust::TrustDesk,
};
use leptos::prelude::use_context;
use std::net::IpAddr;
use std::sync::Arc;

/// Who asks. Made by the office's guard from the cookies of the request; never from its body.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The visit (an applicant's browser session) that the cookie names, if it is alive.
    pub visit: Option<String>,
    pub staff: Option<StaffMember>,
    /// This is a phone that holds one order's step for a visit elsewhere (B26).
    pub phone: Option<PhoneCaller>,
    pub ip: IpAddr,
}

/// What a phone that is the second screen may stand in for: the visit that made its link, for one order.
#[derive(Clone, Debug)]
pub struct PhoneCaller {
    /// The opaque handle of the link, for ending it.
    pub token: String,
    pub visit: String,
    pub order_id: String,
    pub number: String,
}

/// A member of staff who is signed in.
#[derive(Clone, Debug)]
pub struct StaffMember {
    pub id: journey::actor::StaffId,
    /// The opaque handle of the staff session, for signing out.
    pub session: String,
    pub name: String,
    pub roles: Vec<super::staff::Role>,
}

/// Every desk of the office, one port each, and how an error becomes a status line.
#[derive(Clone)]
pub struct Desks {
    pub orders: Arc<dyn OrdersDesk>,
    pub held: Arc<dyn HeldDesk>,
    pub loading: Arc<dyn super::loading::LoadingDesk>,
    pub lost: Arc<dyn super::lost::LostDesk>,
    pub hand_over: Arc<dyn super::hand_over::HandOverDesk>,
    pub follow_up: Arc<dyn super::follow_up::FollowUpDesk>,
    pub privacy: Arc<dyn super::privacy::PrivacyDesk>,
    pub phone: Arc<dyn super::phone::PhoneDesk>,
    pub parcels: Arc<dyn super::parcels::ParcelsDesk>,
    pub replacement: Arc<dyn super::replacement::ReplacementDesk>,
    pub finance: Arc<dyn super::finance::FinanceDesk>,
    pub payments: Arc<dyn PaymentsDesk>,
    pub query: Arc<dyn QueryDesk>,
    pub staff: Arc<dyn StaffDesk>,
    pub review: Arc<dyn ReviewDesk>,
    pub production: Arc<dyn ProductionDesk>,
    pub trust: Arc<dyn TrustDesk>,
    pub registrar: Arc<dyn super::registrar::RegistrarDesk>,
    pub recovery: Arc<dyn RecoveryDesk>,
    pub mandates: Arc<dyn super::mandates::MandatesDesk>,
    pub identity: Arc<dyn super::identity::IdentityDesk>,
    pub unblock: Arc<dyn super::unblock::UnblockDesk>,
    /// Sets the HTTP status of the answer (server functions say 500 for every error otherwise).
    pub answer: fn(&DeskError),
}

impl Desks {
    /// The desks and the caller of the request that is being answered.
    ///
    /// # Errors
    /// `Broken` when the office did not provide them: a wiring fault, never the caller's.
    pub fn here() -> Result<(Desks, Caller), DeskError> {
        match (use_context::<Desks>(), use_context::<Caller>()) {
            (Some(desks), Some(caller)) => Ok((desks, caller)),
            _ => Err(DeskError::Broken { incident: "desks-not-provided".into() }),
        }
    }

    pub fn reply<T>(&self, result: Result<T, DeskError>) -> Result<T, DeskError> {
        result.inspect_err(|error| (self.answer)(error))
    }
}
