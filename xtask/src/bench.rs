//! `cargo xtask bench`: how fast the authority is beside its peers, in one run on this machine.

use crate::command;
use crate::place::Place;
use crate::prepare;
use crate::run;
use std::process::Command;

/// Builds the office and the load generator in release, installs the peer, and lets the generator do the rest.
///
/// # Errors
/// What is missing, does not build, or answered otherwise than it should; a figure that misses its goal is no error.
pub fn run(place: &Place, what: &str, words: &[&str]) -> Result<(), String> {
    if what == "key" {
        return keys(place, words);
    }
    prepare::for_benchmarks()?;
    println!("bench: building the office and the load generator in release (some minutes the first time)");
    command::run(
        Command::new("cargo")
            .args(["build", "--quiet", "--release", "-p", "server", "-p", "bench"])
            .current_dir(&place.root),
    )?;
    command::run(
        Command::new(place.program("bench", true))
            .arg(what)
            .arg("--server")
            .arg(place.program("server", true))
            .args(words),
    )
}

/// The same for the ways to a key: no office, but what stands at their other ends.
fn keys(place: &Place, words: &[&str]) -> Result<(), String> {
    prepare::for_key_benchmarks(place)?;
    println!("bench: building helper, virtual key and SKF library in release (some minutes the first time)");
    let programs = ["bench", "helper", "virtual_key", "virtual_key_shim", "soft_skf"];
    let mut build = Command::new("cargo");
    build.args(["build", "--quiet", "--release"]).args(programs.iter().flat_map(|name| ["-p", name]));
    command::run(build.current_dir(&place.root))?;
    command::run(Command::new(place.program("bench", true)).arg("key").args(words))?;
    in_a_browser(place, words)
}

/// The browser's two ways, in a page that is built as the product's own is.
fn in_a_browser(place: &Place, words: &[&str]) -> Result<(), String> {
    let page = place.target.join("bench-page");
    let mut trunk = run::bundle(place, true);
    trunk.arg("--dist").arg(&page).current_dir(place.root.join("virtual_key/page"));
    command::run(&mut trunk)?;
    let folder = place.root.join("end2end");
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright.args(["test", "--config"]).arg(folder.join("bench.config.ts"));
    let programs = place.program("bench", true);
    playwright.env("CERTHALL_PROGRAMS", programs.parent().unwrap_or(&place.target));
    playwright.env("CERTHALL_KEY_PAGE", page).env("CERTHALL_BENCH_WORDS", words.join(" "));
    command::run(&mut playwright)
}
