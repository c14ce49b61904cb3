//! Owns: 身份核验: the provider is asked (methods 1 and 2) or one fen is sent (method 3), within the caps of A07, and the
//! authorisation code that goes out by the method's channel is taken back (R072, A28, A29).
//! Never: what the check opens (an unblock, a new phone); who may see an order beyond its visit.
//! Start at: `ask.rs` (the errand `CheckIdentity`), then `enter.rs` (the code comes back).

mod ask;
mod enter;
mod hand_over;
pub mod provider;

use crate::ground::Ground;
use crate::post::transfer::BankTransfer;
use journey::identity::IdentityMethod;
use journey::service::Service;
use provider::IdentityCheck;
use std::sync::Arc;

use crate::codes::PerAddressHour;
use crate::errand::CodePurpose;

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    ground: Ground,
    provider: Arc<dyn IdentityCheck>,
    bank: Arc<dyn BankTransfer>,
    codes: PerAddressHour,
}

impl Identity {
    pub fn new(
        ground: Ground,
        provider: Arc<dyn IdentityCheck>,
        bank: Arc<dyn BankTransfer>,
        codes: PerAddressHour,
    ) -> Identity {
        Identity { ground, provider, bank, codes }
    }
}

/// What the person reads that the code is for.
fn purpose(service: Service) -> CodePurpose {
    match service {
        Service::Unblock => CodePurpose::UnblockAuthorisation,
        _ => CodePurpose::IdentityAuthorisation,
    }
}

/// Which step of the three methods goes through a provider of identity checks; the third goes through the bank.
fn asks_provider(method: IdentityMethod) -> bool {
    method != IdentityMethod::CompanyTransfer
}
