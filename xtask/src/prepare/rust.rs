//! The browser half's tools: the wasm target, Trunk, wasm-bindgen in exactly the crate's version.

use crate::command::{ask, run};
use crate::place::Place;
use std::fs;
use std::path::Path;
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
/// The newest that Rust 1.95 builds.
const TRUNK: &str = "0.21.14";

pub fn wasm_target() -> Result<(), String> {
    let libraries = ask("rustc", &["--print", "target-libdir", "--target", TARGET]).unwrap_or_default();
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    println!("prepare: adding the Rust target {TARGET} (about 20 s)");
    run(Command::new("rustup").args(["target", "add", TARGET]))
}

pub fn trunk(place: &Place) -> Result<(), String> {
    if version("trunk").as_deref() == Some(TRUNK) {
        return Ok(());
    }
    println!(
        "prepare: building Trunk {TRUNK}, the bundler of the browser half (about 6 min on two cores, once)"
    );
    install(place, &["trunk", "--version", TRUNK, "--locked"])
}

pub fn wasm_bindgen(place: &Place) -> Result<(), String> {
    let wanted = locked(place, "wasm-bindgen")?;
    if version("wasm-bindgen").as_deref() == Some(wanted.as_str()) {
        return Ok(());
    }
    println!(
        "prepare: building wasm-bindgen {wanted}, which must match the crate (about 2 min on two cores, once)"
    );
    // Without --locked: its lock file names a version that mirrors of the registry may lack.
    install(place, &["wasm-bindgen-cli", "--version", &wanted, "--force"])
}

/// The second word of `tool --version`.
fn version(tool: &str) -> Option<String> {
    ask(tool, &["--version"])?.split_whitespace().nth(1).map(str::to_owned)
}

/// The version of a crate in Cargo.lock.
fn locked(place: &Place, name: &str) -> Result<String, String> {
    let path = place.root.join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    version_in(&lock, name).ok_or_else(|| format!("{} does not name {name}", path.display()))
}

fn version_in(lock: &str, name: &str) -> Option<String> {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("\nname = \"{name}\"\n")))?;
    let line = entry.lines().find_map(|line| line.strip_prefix("version = \""))?;
    Some(line.trim_end_matches('"').to_owned())
}

/// `cargo install` into cargo's own place on PATH, with flags and build folder of its own.
fn install(place: &Place, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("cargo");
    command.arg("install").args(arguments).env("CARGO_TARGET_DIR", place.target.join("tools"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let ours =
            name == "RUSTFLAGS" || name == "CARGO_ENCODED_RUSTFLAGS" || name.starts_with("CARGO_BUILD_");
        if ours || name.starts_with("CARGO_PROFILE_") {
            command.env_remove(name.as_ref());
        }
    }
    run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_lock_file_gives_the_version_of_exactly_this_crate() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
