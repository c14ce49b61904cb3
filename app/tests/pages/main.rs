//! Every page an applicant may open, rendered as the office renders it: whole, readable without the program, and with
//! nothing in it that another visitor may not see. The desks behind are the fewest that can answer.
#![cfg(feature = "ssr")]

mod away;
mod custodians;
mod desks;
mod orders;
mod public;
mod steady;
mod terms;
mod trust;
mod without_key;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::sync::LazyLock;
use tower::ServiceExt;

/// What Trunk writes, as far as the document needs it.
const HEAD: &str = r#"<script type="module" nonce="{{__TRUNK NONCE__}}">run()</script>"#;

/// Status and document of one page.
pub async fn page(path: &str) -> (StatusCode, String) {
    page_with(path, ()).await
}

/// The same, with something more in its context.
pub async fn page_with<T: Clone + Send + Sync + 'static>(path: &str, more: T) -> (StatusCode, String) {
    let options = LeptosOptions::builder().output_name("frontend").build();
    // Once, as the office does when it opens.
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));
    let routes = ROUTES.clone();
    let provide = move || {
        provide_context(more.clone());
        provide_context(desks::all());
        provide_context(desks::caller());
    };
    let fallback = leptos_axum::file_and_error_handler_with_context(provide.clone(), |_: LeptosOptions| {
        app::document(HEAD)
    });
    let router: Router = Router::new()
        .leptos_routes_with_context(&options, routes, provide, || app::document(HEAD))
        .fallback(fallback)
        .with_state(options);
    let request =
        Request::builder().uri(path).header("accept", "text/html").body(Body::empty()).expect("a request");
    let answer = router.oneshot(request).await.expect("an answer");
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 4 << 20).await.expect("a whole document");
    (status, String::from_utf8(bytes.to_vec()).expect("text"))
}

/// The document as a person reads it: no scripts, no tags, no comments between pieces of text.
pub fn words(document: &str) -> String {
    let mut text = String::new();
    let mut rest = document;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let script = tag.starts_with("script");
        rest = match script.then(|| tag.split_once("</script>")).flatten() {
            Some((_, after)) => after,
            None => tag.split_once('>').map_or("", |(_, after)| after),
        };
    }
    text + rest
}
