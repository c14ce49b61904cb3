//! Everything that no route names: files of the bundle, and pages that come as the shell.

use super::hall::Hall;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tower::ServiceExt;
use tower_http::services::ServeDir;

/// Addresses that are never pages: what is not routed there is not there.
const NO_PAGES: [&str; 4] = ["api", "files", "notify", "authority"];
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Kept, and asked for each time whether it is still the same.
const ASK: &str = "no-cache";

pub async fn file_or_page(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().to_owned();
    let mut parts = path.trim_start_matches('/').split('/');
    if parts.next().is_some_and(|first| NO_PAGES.contains(&first)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // The shell is never sent as it lies there: without its nonce nothing in it runs.
    let last = path.rsplit('/').next().unwrap_or_default();
    if !last.contains('.') || path == "/index.html" {
        return hall.pages.shell(if path == "/index.html" { "/" } else { &path });
    }
    file(&hall, &path, request).await
}

async fn file(hall: &Hall, path: &str, request: Request) -> Response {
    let folder = ServeDir::new(&hall.office.settings.office.dist_dir)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let mut response = match folder.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let keep = HeaderValue::from_static(if is_hashed(path) { FOREVER } else { ASK });
        response.headers_mut().insert(header::CACHE_CONTROL, keep);
    }
    response
}

/// Trunk writes a hash of the content into the name (`frontend-0123456789abcdef_bg.wasm`): another content has another
/// name.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '_', '.'])
        .any(|part| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_its_hash_in_the_name_is_kept_forever() {
        for name in ["/frontend-0f2b3c4d5e6f7081_bg.wasm", "/tokens-a1b2c3d4e5f60718.css"] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["/divisions.json", "/index.html", "/mark-deadbeef.svg", "/a-0123456789abcdef/inline0.js"]
        {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
