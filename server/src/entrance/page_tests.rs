//! The shell and its policy.

use super::*;
use crate::clock::SystemEntropy;
use std::path::PathBuf;

fn dice() -> Dice {
    Dice::new(Arc::new(SystemEntropy::default()))
}

/// A folder with this `index.html`; the test removes it.
fn dist(index: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("certhall-dist-{}", dice().id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.html"), index).unwrap();
    folder
}

const INDEX: &str = "<!DOCTYPE html><html><head><script type=\"module\" nonce=\"{{__TRUNK NONCE__}}\"></script>\
    </head><body><div id=\"app\"></div></body></html>";

#[tokio::test]
async fn every_shell_has_a_nonce_of_its_own() {
    let folder = dist(INDEX);
    let pages = Pages::read(&folder, dice()).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut policies = Vec::new();
    for _ in 0..2 {
        let response = pages.shell("/");
        assert_eq!(response.status(), StatusCode::OK);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let (_, rest) = body.split_once("nonce=\"").unwrap();
        let (nonce, _) = rest.split_once('"').unwrap();
        assert_eq!(nonce.len(), 22);
        assert!(
            policy.contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'")),
            "{policy}"
        );
        assert!(
            policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        policies.push(policy);
    }
    assert_ne!(policies[0], policies[1]);
}

#[tokio::test]
async fn a_page_that_is_not_ours_is_not_found() {
    let folder = dist(INDEX);
    let pages = Pages::read(&folder, dice()).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    for (path, status) in [("/", 200), ("/orders", 200), ("/staff/review/20261120", 200), ("/wp-admin", 404)]
    {
        assert_eq!(pages.shell(path).status().as_u16(), status, "{path}");
    }
}

#[test]
fn a_missing_or_dead_bundle_says_what_to_do() {
    let missing = Pages::read(Path::new("/nowhere"), dice()).err().unwrap().to_string();
    assert!(missing.contains("/nowhere/index.html") && missing.contains("trunk build"), "{missing}");
    for dead in ["<html><body>no head</body></html>", "<head><title>no program</title></head>"] {
        let folder = dist(dead);
        let refused = Pages::read(&folder, dice()).err().unwrap().to_string();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(refused.contains("no <head> with a program"), "{refused}");
    }
}

#[test]
fn a_pattern_stands_for_one_part() {
    assert!(matches("/", "/"));
    assert!(matches("/orders/{number}", "/orders/20261120"));
    assert!(!matches("/orders/{number}", "/orders"));
    assert!(!matches("/orders/{number}", "/orders/"));
    assert!(!matches("/orders/{number}", "/orders/1/2"));
}
