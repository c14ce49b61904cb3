//! The identity desk with its provider and its bank.

use crate::codes::PerAddressHour;
use crate::ground::Ground;
use crate::identity::Identity;
use crate::identity::provider::tencent;
use crate::outside::{SetupError, Surroundings};
use crate::post::transfer::cmb::Cmb;
use crate::settings::Settings;
use std::sync::Arc;

pub fn desk(ground: &Ground, settings: &Settings, around: &Surroundings) -> Result<Identity, SetupError> {
    let provider = Arc::new(tencent::Tencent::new(&settings.identity, around.clone())?);
    let bank = Arc::new(Cmb::new(&settings.bank, around.clone())?);
    let codes = PerAddressHour(settings.office.codes_per_address_hour);
    Ok(Identity::new(ground.clone(), provider, bank, codes))
}
