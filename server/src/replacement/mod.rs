//! Owns: 证书补办 beside its order: what it costs, the reference of its transfer, the record that it begins with, and the
//! signature without the key with its sealed document.
//! Never: the form and the uploads (the orders' and the evidence desk's), money that came (finance's, the till's).
//! Start at: `start.rs`, then `sign.rs`.

mod document;
mod reference;
mod sign;
mod start;
mod view;

use crate::codes::PerAddressHour;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::paper::Fonts;
use app::desk::orders::{Catalogue, Offer};
use app::desk::replacement::{Account, Terms};
use async_trait::async_trait;
use certificate::NameParts;
use journey::party::Party;
use journey::service::Service;
use std::sync::Arc;

pub use view::Looker;

/// Whoever seals a document with a certificate for this one event: a desk never imports another, so the office hands it in.
#[async_trait]
pub trait EventSeal: Send + Sync {
    /// A detached signature over `content`, by a key that is used once and then gone; `number` names the event.
    ///
    /// # Errors
    /// What the issuing desk says.
    async fn seal(&self, number: String, signer: NameParts, content: Vec<u8>) -> Result<Sealed, Fault>;
}

/// What a seal is.
pub struct Sealed {
    /// SignedData, DER.
    pub der: Vec<u8>,
    /// Of the event certificate.
    pub certificate_serial: String,
}

/// The desk. Cheap to clone.
#[derive(Clone)]
pub struct Replacements {
    ground: Ground,
    catalogue: Arc<Catalogue>,
    account: Option<Account>,
    codes: PerAddressHour,
    fonts: Arc<Fonts>,
    seal: Arc<dyn EventSeal>,
}

impl Replacements {
    pub fn new(
        ground: Ground,
        catalogue: Catalogue,
        account: Option<Account>,
        codes: PerAddressHour,
        fonts: Arc<Fonts>,
        seal: Arc<dyn EventSeal>,
    ) -> Replacements {
        Replacements { ground, catalogue: Arc::new(catalogue), account, codes, fonts, seal }
    }

    /// 办理说明: an organisation's way is open where there is an account to pay to.
    ///
    /// # Errors
    /// `NotFound`: the house knows no such offer.
    pub fn terms(&self, party: Party) -> Result<Terms, Fault> {
        let offer = self.offer(party).ok_or(Fault::NotFound)?;
        let account = self.account.clone().filter(|_| party == Party::Organisation);
        Ok(Terms {
            open: offer.open && (party == Party::Person || account.is_some()),
            price: offer.price,
            promise_working_days: offer.promise_working_days,
            account,
        })
    }

    fn offer(&self, party: Party) -> Option<&Offer> {
        self.catalogue
            .offers
            .iter()
            .find(|offer| (offer.service, offer.party) == (Service::Replacement, party))
    }
}
