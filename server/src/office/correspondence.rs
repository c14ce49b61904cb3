//! The two desks that write to people: one carrier of messages, one mailbox, one letterhead.

use super::OpeningError;
use crate::codes::PerAddressHour;
use crate::ground::Ground;
use crate::invoices::Invoices;
use crate::outside::Surroundings;
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

fn letterhead(settings: &Settings) -> Letterhead {
    Letterhead {
        office: settings.authority.name.clone(),
        query_url: format!("{}/query", settings.office.public_origin),
        hotline: settings.authority.hotline.clone(),
    }
}
