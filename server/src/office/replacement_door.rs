//! Replacement and its seal: a desk never imports another, so the issuing desk's is handed in here.

use crate::codes::PerAddressHour;
use crate::fault::Fault;
use crate::ground::Ground;
use crate::issuing::Issuing;
use crate::orders::Offers;
use crate::paper::Fonts;
use crate::replacement::{EventSeal, Replacements, Sealed};
use crate::settings::Settings;
use async_trait::async_trait;
use certificate::NameParts;
use std::sync::Arc;

pub(super) fn desk(
    ground: &Ground,
    settings: &Settings,
    offers: &Offers,
    fonts: &Fonts,
    issuing: &Issuing,
) -> Replacements {
    Replacements::new(
        ground.clone(),
        offers.catalogue(),
        settings.remittance.clone().map(Into::into),
        PerAddressHour(settings.office.codes_per_address_hour),
        Arc::new(fonts.clone()),
        Arc::new(SealDoor(issuing.clone())),
    )
}

struct SealDoor(Issuing);

#[async_trait]
impl EventSeal for SealDoor {
    async fn seal(&self, number: String, signer: NameParts, content: Vec<u8>) -> Result<Sealed, Fault> {
        let seal = self.0.seal_event(&number, &signer, &content).await?;
        Ok(Sealed { der: seal.der, certificate_serial: seal.certificate.serial_hex() })
    }
}
