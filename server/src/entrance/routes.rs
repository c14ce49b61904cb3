//! Every address of the office on one screen.

use super::gate::{self, Gate};
use super::hall::Hall;
use super::page::NoBundle;
use super::{
    api, authority, caller, dist, documents, files, guard, headers, health, issued, notify, page, partners,
    query, status, trust,
};
use crate::office::Office;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use std::sync::Arc;
use std::time::Duration;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// Arguments of a server function: the longest is a key's request.
const API_BYTES: usize = 256 * 1024;
const NOTICE_BYTES: usize = 64 * 1024;
const FORM_BYTES: usize = 4 * 1024;
/// A certificate as text in a form, with what the form puts around it.
const CHECK_BYTES: usize = 256 * 1024;

const SECONDS: fn(u64) -> Duration = Duration::from_secs;

/// The office as a service. Call it inside the runtime; serve it with connect info.
///
/// # Errors
/// The browser bundle is missing.
pub fn router(office: &Office) -> Result<Router, NoBundle> {
    let hall = Hall::new(office)?;
    let know = || from_fn_with_state(hall.clone(), caller::know);
    let gate = |at_once, patience| from_fn_with_state(Gate::new(at_once, patience), gate::pass);

    let functions = Router::new()
        .route("/api/{*function}", get(api::answer).post(api::answer))
        .layer(DefaultBodyLimit::max(API_BYTES))
        .layer(know())
        .layer(from_fn(guard::json_only))
        .layer(gate(256, SECONDS(60)));
    let uploads = Router::new()
        .route("/files/evidence/{number}/{kind}", post(files::add).delete(files::remove))
        .layer(know())
        .layer(gate(24, SECONDS(300)));
    let downloads = Router::new()
        .route("/files/evidence/{id}", get(files::show))
        .route("/files/invoice/{name}", get(files::invoice))
        .merge(papers())
        .route("/files/certificates.csv", get(issued::list))
        .route("/files/certificates.json", get(issued::list))
        .layer(know())
        .layer(gate(64, SECONDS(60)));
    let forms = Router::new()
        .route("/query/send", post(query::send))
        .route("/query/check", post(query::check))
        .route("/trust/check", post(trust::check).layer(DefaultBodyLimit::max(CHECK_BYTES)))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(know())
        .layer(gate(64, SECONDS(30)));
    let pages = pages().layer(CompressionLayer::new()).layer(gate(128, SECONDS(30)));
    let public = Router::new()
        .route("/authority/{name}", get(authority::certificate))
        .route("/trust.json", get(trust::machine))
        .route("/trust.atom", get(trust::feed))
        .route("/helper/office.json", get(trust::office))
        .route("/trust/cps.txt", get(trust::statement))
        .route("/healthz", get(health::lives))
        .route("/readyz", get(health::ready));
    // What lies there compressed goes as it is; the rest must not keep the reader waiting.
    let fast = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let bundle = Router::new().fallback(dist::file_or_page).layer(fast);
    Ok(functions
        .merge(uploads)
        .merge(downloads)
        .merge(notices().layer(gate(64, SECONDS(30))))
        .merge(forms)
        .merge(pages)
        .merge(public)
        .merge(bundle)
        .layer(from_fn_with_state(hall.clone(), guard::same_origin))
        .layer(from_fn_with_state(hall.clone(), gate::last_resort))
        .layer(from_fn_with_state(hall.clone(), headers::add))
        .with_state::<()>(Arc::clone(&hall))
        // Beside all that, for programs: see there.
        .merge(status::router(office.status.clone()))
        .merge(partners::router(office)))
}

/// What providers and carriers tell us; each proves itself, or can change nothing that matters.
fn notices() -> Router<Arc<Hall>> {
    Router::new()
        .route("/notify/{channel}", post(notify::payment))
        .route("/notify/sms/{carrier}", post(notify::sms))
        .route("/notify/courier", post(notify::courier))
        .layer(DefaultBodyLimit::max(NOTICE_BYTES))
}

/// What the office renders itself, with what the visitor may see in it.
fn pages() -> Router<Arc<Hall>> {
    let paths = ["/query", "/orders", "/orders/{number}", "/trust", "/trust/check", "/trust/cps"];
    paths.into_iter().fold(Router::new(), |pages, path| pages.route(path, get(page::rendered)))
}

/// What the counter gives out to be printed or kept.
fn papers() -> Router<Arc<Hall>> {
    Router::new()
        .route("/files/seal/{id}", get(files::seal))
        .route("/files/signature/{name}", get(files::signature))
        .route("/files/recovery/{number}", get(files::recovered))
        .route("/files/seal_sheet", get(documents::blank_sheet))
        .route("/files/seal_sheet/{number}", get(documents::sheet))
        .route("/files/agreement/{number}/{version}", get(documents::agreement))
}
