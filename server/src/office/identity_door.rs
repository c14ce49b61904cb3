//! The identity desk with its provider and its bank, and the registers.

use crate::codes::PerAddressHour;
use crate::ground::Ground;
use crate::identity::Identity;
use crate::identity::provider::tencent;
use crate::orders::{Offers, Orders};
use crate::outside::{SetupError, Surroundings};
use crate::post::transfer::cmb::Cmb;
use crate::registry::{self, Registry};
use crate::settings::Settings;
use std::sync::Arc;

pub fn desk(ground: &Ground, settings: &Settings, around: &Surroundings) -> Result<Identity, SetupError> {
    let provider = Arc::new(tencent::Tencent::new(&settings.identity, around.clone())?);
    let bank = Arc::new(Cmb::new(&settings.bank, around.clone())?);
    let codes = PerAddressHour(settings.office.codes_per_address_hour);
    Ok(Identity::new(ground.clone(), provider, bank, codes))
}

/// The orders' desk, which asks them.
pub fn orders(
    ground: &Ground,
    settings: &Settings,
    around: &Surroundings,
    offers: Offers,
) -> Result<Orders, SetupError> {
    let register = Arc::new(registry::tencent::Tencent::new(&settings.registry, around)?);
    let registry = Registry::new(ground.clone(), register);
    let office = &settings.office;
    let limits =
        (PerAddressHour(office.codes_per_address_hour), PerAddressHour(office.starts_per_address_hour));
    Ok(Orders::new(ground.clone(), offers, registry, limits, office.draft_days))
}
