//! Pages: some come rendered, all others as the static shell in which the same bundle starts.

use super::caller;
use super::gate::shown;
use super::hall::{Hall, provide};
use crate::clock::Dice;
use app::App;
use app::desk::Caller;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use futures::FutureExt;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// What Trunk writes where a nonce belongs (`create_nonce` in Trunk.toml).
const NONCE_MARK: &str = "{{__TRUNK NONCE__}}";
/// A page that takes longer comes as the shell, and the browser asks for the data itself.
const RENDERING: Duration = Duration::from_secs(2);
/// No page of ours is nearly as large.
const LARGEST: usize = 4 * 1024 * 1024;

/// The bundle is not there, or is not one.
#[derive(Debug, thiserror::Error)]
#[error("browser bundle: {file}: {why}; build it with `trunk build` (or point [office] dist_dir to it)")]
pub struct NoBundle {
    file: String,
    why: String,
}

/// What Trunk built, read once.
pub struct Pages {
    shell: String,
    head: Arc<str>,
    /// Addresses of pages, `/orders/{number}`.
    known: Vec<String>,
    dice: Dice,
}

impl Pages {
    /// # Errors
    /// There is no `index.html`, or it starts no program.
    pub fn read(dist: &Path, dice: Dice) -> Result<Pages, NoBundle> {
        let file = dist.join("index.html");
        let fail = |why: &str| NoBundle { file: file.display().to_string(), why: why.to_owned() };
        let shell = std::fs::read_to_string(&file).map_err(|error| fail(&error.to_string()))?;
        let head: Arc<str> =
            app::head_of(&shell).ok_or_else(|| fail("it has no <head> with a program"))?.into();
        if !shell.contains(NONCE_MARK) {
            return Err(fail("it has no place for a nonce, and the security policy would let nothing run"));
        }
        let known =
            leptos_axum::generate_route_list(App).iter().map(|route| route.path().to_owned()).collect();
        Ok(Pages { shell, head, known, dice })
    }

    /// The static shell; a page that is not ours says so with its status, and the program in words.
    pub fn shell(&self, path: &str) -> Response {
        let nonce = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.dice.bytes::<16>());
        let known = self.known.iter().any(|pattern| matches(pattern, path));
        let status = if known { StatusCode::OK } else { StatusCode::NOT_FOUND };
        let page = Html(self.shell.replace(NONCE_MARK, &nonce));
        (status, [(header::CONTENT_SECURITY_POLICY, policy(&nonce))], page).into_response()
    }
}

/// Whether the address is one of the pattern: `{…}` stands for one part.
fn matches(pattern: &str, path: &str) -> bool {
    let parts = |path: &'_ str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let (pattern, path) = (parts(pattern), parts(path));
    let fits =
        |(wanted, part): (&String, &String)| wanted == part || (wanted.starts_with('{') && !part.is_empty());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

fn policy(nonce: &str) -> HeaderValue {
    HeaderValue::from_str(&app::content_security_policy(nonce)).expect("a policy is plain ASCII")
}

/// Renders the page whole, readable before the program arrives and without it.
pub async fn rendered(State(hall): State<Arc<Hall>>, mut request: Request) -> Response {
    match caller::find(&hall, request.headers(), request.extensions()).await {
        Ok(caller) => request.extensions_mut().insert(caller),
        Err(_) => return hall.pages.shell(request.uri().path()),
    };
    render(&hall, request, || ()).await
}

/// The page at `path` as the answer to a plain form that was posted; what came of it stands in the page's context.
pub async fn answering<T: Clone + Send + Sync + 'static>(
    hall: &Hall,
    path: &'static str,
    caller: Caller,
    outcome: T,
) -> Response {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = axum::http::Uri::from_static(path);
    request.extensions_mut().insert(caller);
    render(hall, request, move || provide_context(outcome.clone())).await
}

/// `more` is put into the page's context.
async fn render(hall: &Hall, request: Request, more: impl Fn() + Clone + Send + Sync + 'static) -> Response {
    let path = request.uri().path().to_owned();
    let (head, desks) = (hall.pages.head.clone(), hall.page_desks.clone());
    let context = move || {
        provide(&desks);
        more();
        if let (Some(options), Some(nonce)) = (use_context::<ResponseOptions>(), leptos::nonce::use_nonce()) {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy(&nonce));
        }
    };
    let render = leptos_axum::render_app_async_with_context(context, move || app::document(&head));
    // To its last byte in here: what goes wrong in it, late or by a panic, must not reach the reader half.
    let whole = async move {
        let (parts, body) = render(request).await.into_parts();
        let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|error| error.to_string())?;
        Ok::<_, String>(Response::from_parts(parts, Body::from(bytes)))
    };
    match tokio::time::timeout(RENDERING, AssertUnwindSafe(whole).catch_unwind()).await {
        Ok(Ok(Ok(page))) => return page,
        Ok(Ok(Err(error))) => tracing::error!(path = shown(&path), error, "rendering failed: sent the shell"),
        Ok(Err(_)) => {
            tracing::error!(path = shown(&path), "rendering panicked, see the line before: sent the shell")
        }
        Err(_) => tracing::warn!(path = shown(&path), "rendering took too long: sent the shell"),
    }
    hall.pages.shell(&path)
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
