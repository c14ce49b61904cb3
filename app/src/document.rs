//! The document that the office sends: the head that Trunk wrote (hashed names, preloads, integrity) around the page.

use crate::App;
use leptos::prelude::*;

/// What stands in Trunk's output where a nonce belongs.
const NONCE_MARK: &str = "{{__TRUNK NONCE__}}";

/// The content of `<head>` of `dist/index.html`. `None` where there is none (a minified file has no head): then the
/// pages would come without their program, so the office must refuse to start.
pub fn head_of(index_html: &str) -> Option<&str> {
    let (_, rest) = index_html.split_once("<head>")?;
    let (head, _) = rest.split_once("</head>")?;
    head.contains("type=\"module\"").then_some(head)
}

/// One page of the counter as a document. `head` is what `head_of` gave; the nonce is leptos' own of this request.
pub fn document(head: &str) -> impl IntoView + use<> {
    let nonce = leptos::nonce::use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let head = head.replace(NONCE_MARK, &nonce);
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN">
            <head inner_html=head></head>
            <body data-ssr="">
                <App />
            </body>
        </html>
    }
}

/// The policy for a page with this nonce: our own program and style, nothing inline, nobody frames us.
pub fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}
