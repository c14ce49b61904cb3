//! The generated pages of docs/, written anew from the code that they describe.

use crate::command;
use crate::place::Place;
use std::process::Command;

/// # Errors
/// The writer failed; its output is on the terminal.
pub fn run(place: &Place) -> Result<(), String> {
    println!("docs: docs/journeys.md from the rule book");
    command::run(
        Command::new("cargo")
            .args(["test", "--quiet", "-p", "journey", "the_document_is"])
            .env("UPDATE_DOCS", "1")
            .current_dir(&place.root),
    )
}
