//! What every request may need, in one place.

use super::answer::Answer;
use super::desk;
use super::page::{NoBundle, Pages};
use super::session::Cookies;
use crate::office::Office;
use crate::visits::Visits;
use app::desk::{Caller, Desks};
use axum::http::request::Parts;
use leptos::prelude::{provide_context, use_context};
use std::sync::Arc;

pub struct Hall {
    pub office: Office,
    pub visits: Visits,
    pub cookies: Cookies,
    pub answer: Answer,
    pub pages: Pages,
    /// The desks as server functions see them, and as a page that is being rendered sees them.
    pub desks: Desks,
    pub page_desks: Desks,
    /// 订单查询, also for browsers without the program.
    pub query: desk::query::Query,
}

impl Hall {
    /// # Errors
    /// The browser bundle is missing.
    pub fn new(office: &Office) -> Result<Arc<Hall>, NoBundle> {
        let pages = Pages::read(&office.settings.office.dist_dir, office.ground.dice.clone())?;
        let visits = Visits::new(office.ground.clone());
        let cookies = Cookies::new(&office.settings.office.public_origin);
        let answer = Answer::new(office.ground.dice.clone());
        let reception = desk::Reception { visits: visits.clone(), cookies, answer: answer.clone() };
        let query = desk::query::Query::new(office.orders.clone(), reception.clone());
        let desks = desk::desks(office, &reception, &query);
        let page_desks = Desks { answer: super::answer::on_a_page, ..desks.clone() };
        Ok(Arc::new(Hall {
            office: office.clone(),
            visits,
            cookies,
            answer,
            pages,
            desks,
            page_desks,
            query,
        }))
    }
}

/// Puts the desks, and the caller whom the guard found, into the context of the request that leptos answers.
pub fn provide(desks: &Desks) {
    provide_context(desks.clone());
    let caller = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Caller>().cloned());
    match caller {
        Some(caller) => provide_context(caller),
        None => tracing::error!("a route without a caller: see entrance/routes.rs"),
    }
}
