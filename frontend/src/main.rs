//! Starts the counter in the page. One bundle serves both shapes: where the office rendered the page
//! (`<body data-ssr>`) it takes over that markup, otherwise it mounts into the static shell of `index.html`.

use leptos::{mount, prelude::*, wasm_bindgen::JsCast};

fn main() {
    console_error_panic_hook::set_once();
    start();
    // Marks the moment the handlers are attached: load measurements and end-to-end tests read it.
    let _ = window().performance().map(|performance| performance.mark("interactive"));
}

fn start() {
    #[cfg(feature = "hydrate")]
    if document().body().is_some_and(|body| body.has_attribute("data-ssr")) {
        return mount::hydrate_body(app::App);
    }
    match document().get_element_by_id("app") {
        Some(host) => {
            host.set_inner_html("");
            mount::mount_to(host.unchecked_into(), app::App).forget();
        }
        None => mount::mount_to_body(app::App),
    }
}
