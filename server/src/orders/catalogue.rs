//! What the house offers, on which terms, and the agreement that an applicant ticks.

use crate::settings::{AuthoritySettings, Prices};
use app::desk::orders::{Catalogue, Offer};
use journey::money::Fen;
use journey::party::Party;
use journey::service::Service;

/// Prices and terms, from the settings.
pub struct Offers {
    catalogue: Catalogue,
}

impl Offers {
    pub fn new(authority: &AuthoritySettings, prices: &Prices, demo: bool) -> Offers {
        let offers = Service::ALL
            .iter()
            .flat_map(|service| Party::ALL.iter().map(move |party| (*service, *party)))
            .map(|(service, party)| Offer {
                service,
                party,
                price: price(prices, service, party),
                promise_working_days: promise(service),
                open: true,
            })
            .collect();
        Offers {
            catalogue: Catalogue {
                authority_name: authority.name.clone(),
                hotline: authority.hotline.clone(),
                help_url: authority.help_url.clone(),
                offers,
                agreement_version: app::agreement::VERSION.to_owned(),
                demo,
                person_in_organisation: true,
            },
        }
    }

    /// Whether an organisation stands behind a person (A09).
    pub fn with_person_in_organisation(mut self, behind: bool) -> Offers {
        self.catalogue.person_in_organisation = behind;
        self
    }

    pub fn catalogue(&self) -> Catalogue {
        self.catalogue.clone()
    }

    pub fn find(&self, service: Service, party: Party) -> Option<&Offer> {
        self.catalogue.offers.iter().find(|offer| offer.service == service && offer.party == party)
    }

    /// Of the text that is agreed to; kept with the order beside its version (R151).
    pub fn agreement_digest(&self) -> String {
        hex::encode(ring::digest::digest(&ring::digest::SHA256, app::agreement::text().as_bytes()))
    }

    pub fn agreement_version(&self) -> &str {
        &self.catalogue.agreement_version
    }
}

fn price(prices: &Prices, service: Service, party: Party) -> Fen {
    Fen(match (service, party) {
        (Service::Application, Party::Organisation) => prices.application_organisation,
        (Service::Application, Party::Person) => prices.application_person,
        (Service::Renewal, _) => prices.renewal,
        (Service::Replacement, _) => prices.replacement,
        (Service::Unblock | Service::Modification | Service::Resumption, _) => 0,
    })
}

/// Working days until the review's result: 3, or 5 for replacements (R031, R098, A11); 0 where nothing is reviewed.
fn promise(service: Service) -> u8 {
    match service {
        Service::Application => 3,
        Service::Replacement => 5,
        Service::Renewal | Service::Unblock | Service::Modification | Service::Resumption => 0,
    }
}
