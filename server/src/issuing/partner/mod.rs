//! Owns: certificates for partners' registration authorities, under the partner's own number, many at once.
//! Never: whom a subject is (the partner has checked that), a certificate whose bytes were not recorded before.
//! Start at: [`Asked`], then `road.rs`.

mod ask;
mod gather;
mod given;
mod orphans;
mod refusal;
mod reserve;
mod road;

pub use ask::{Asked, Subject};
pub use given::{Given, GivenCertificate};
pub use refusal::{PartnerFault, PartnerRefusal};

use super::Issuing;
use crate::settings::PartnerSettings;
use gather::Gatherer;
use ring::digest::{SHA256, digest};
use road::Road;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Whether certificates can be asked for under this name.
pub(super) fn is_product(name: &str) -> bool {
    ask::Product::find(name).is_some()
}

/// A partner whose token was right.
#[derive(Debug)]
pub struct Partner {
    pub name: String,
    profiles: Vec<String>,
    max_days: Option<u32>,
}

/// The desk for partners. Cheap to clone.
#[derive(Clone)]
pub struct Partners {
    /// By the digest of their tokens: who finds an entry by a digest held the token.
    by_token: Arc<HashMap<[u8; 32], Arc<Partner>>>,
    road: Road,
    gatherer: Gatherer,
}

impl Partners {
    /// Call it inside the runtime.
    pub fn new(issuing: &Issuing, settings: &BTreeMap<String, PartnerSettings>) -> Partners {
        let partner = |(name, settings): (&String, &PartnerSettings)| {
            let partner = Partner {
                name: name.clone(),
                profiles: settings.profiles.clone(),
                max_days: settings.max_days,
            };
            (settings.token_digest, Arc::new(partner))
        };
        let road = Road::new(issuing);
        Partners {
            by_token: Arc::new(settings.iter().map(partner).collect()),
            gatherer: Gatherer::start(road.clone()),
            road,
        }
    }

    /// Whose token this is.
    pub fn find_by_token(&self, token: &str) -> Option<Arc<Partner>> {
        let digest = digest(&SHA256, token.as_bytes());
        self.by_token.get(digest.as_ref()).cloned()
    }

    /// Issues what was asked, or gives again what was issued under this number.
    ///
    /// # Errors
    /// A refusal with its code, or a fault of ours.
    pub async fn issue(&self, partner: Arc<Partner>, asked: Asked) -> Result<Given, PartnerFault> {
        self.gatherer.issue(partner, asked).await
    }

    /// What stands under this number of the partner's.
    ///
    /// # Errors
    /// Nothing does.
    pub async fn find(&self, partner: &Partner, number: &str) -> Result<Given, PartnerFault> {
        self.road.find(partner, number).await
    }

    /// Ends the roads that a crash broke off, but for those under way now.
    ///
    /// # Errors
    /// The store's own.
    pub async fn end_roads(&self, before: journey::moment::Moment) -> Result<usize, crate::fault::Fault> {
        orphans::end_roads(&self.road, &self.gatherer, before).await
    }
}
