//! The two desks that write to people: one carrier of messages, one mailbox, one letterhead; and the one that sends parcels.

use super::OpeningError;
use crate::codes::PerAddressHour;
use crate::courier::Couriers;
use crate::courier::kuaidi100::Kuaidi100;
use crate::dispatch::Dispatch;
use crate::ground::Ground;
use crate::invoices::Invoices;
use crate::outside::{SetupError, Surroundings};
use crate::paper::Fonts;
use crate::post::mail::{Mailer, Smtp};
use crate::post::transfer::cmb::Cmb;
use crate::post::words::Letterhead;
use crate::post::{Post, sms};
use crate::settings::Settings;
use std::sync::Arc;

pub fn desks(
    ground: &Ground,
    settings: &Settings,
    around: &Surroundings,
    fonts: Fonts,
    codes: PerAddressHour,
) -> Result<(Invoices, Post), OpeningError> {
    let letterhead = letterhead(settings);
    let mailer: Arc<dyn Mailer> = Arc::new(Smtp::new(&settings.mail, around.clone())?);
    let invoices = Invoices::new(
        ground.clone(),
        settings.invoice.clone(),
        fonts,
        mailer.clone(),
        letterhead.clone(),
        codes,
    );
    let sms = sms::sender(&settings.sms, around)?;
    let bank = Arc::new(Cmb::new(&settings.bank, around.clone())?);
    let post = Post::new(ground.clone(), sms, mailer, bank, letterhead, settings.reminders.clone());
    let post = post.with_remark_also_by_sms(settings.office.person_remark_also_by_sms);
    Ok((invoices, post))
}

/// Dispatch, with the couriers' tracker where the settings name one.
pub fn dispatch(ground: &Ground, settings: &Settings, around: &Surroundings) -> Result<Dispatch, SetupError> {
    let couriers = settings.courier.as_ref().map(|courier| {
        let tracker = Arc::new(Kuaidi100::new(courier, around.clone())?);
        Couriers::new(courier, tracker, &settings.office.public_origin)
    });
    Ok(Dispatch::new(ground.clone(), couriers.transpose()?))
}

fn letterhead(settings: &Settings) -> Letterhead {
    Letterhead {
        office: settings.authority.name.clone(),
        query_url: format!("{}/query", settings.office.public_origin),
        hotline: settings.authority.hotline.clone(),
    }
}
