//! `docs/journeys.md` says what the rule book says.

use std::{env, fs, path::Path};

#[test]
fn the_document_is_what_the_rule_book_renders() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/journeys.md");
    let rendered = journey::docs::render();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &rendered).expect("docs/journeys.md can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == rendered, "docs/journeys.md is out of date: run UPDATE_DOCS=1 cargo test -p journey");
}
