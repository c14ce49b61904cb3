//! Owns: a running office on this machine: built, started with the outside world beside it, shown, and stopped.
//! Never: settings of production, or anything outside of var/.
//! Start at: `run`.

mod browser;
mod door;
mod house;
mod program;

use crate::command;
use crate::interrupt;
use crate::place::Place;
use crate::prepare;
use house::{House, Ports};
use std::process::Command;
use std::thread;
use std::time::Duration;

#[derive(Clone, Copy, Default)]
pub struct Options {
    /// Come up on free ports, say so, go down.
    pub check: bool,
    /// Open a browser that reaches the key.
    pub browser: bool,
    pub release: bool,
}

/// Builds and runs the office until Ctrl-C, or only to see that it comes up.
///
/// # Errors
/// What is missing, does not build, does not start, or stopped by itself, with the end of its log.
pub fn run(place: &Place, options: Options) -> Result<(), String> {
    interrupt::listen();
    let ports = if options.check { Ports::free()? } else { Ports::usual() };
    ports.must_be_free()?;
    prepare::for_running(place, options.browser)?;
    build(place, options.release)?;
    if options.check { check(place, &ports, options.release) } else { stay(place, &ports, options) }
}

/// Comes up on free ports with an empty house, says so in one line and goes down; expects everything built.
///
/// # Errors
/// As `run`.
pub fn check(place: &Place, ports: &Ports, release: bool) -> Result<(), String> {
    let folder = place.var().join(format!("check-{}", std::process::id()));
    let house = House::open(place, &folder, ports, release)?;
    println!("ready counter={} phone={} staff={}/staff", house.counter(), house.phone(), house.counter());
    house.close()?;
    std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// `check` on ports of its own.
///
/// # Errors
/// As `run`.
pub fn check_built(place: &Place) -> Result<(), String> {
    interrupt::listen();
    check(place, &Ports::free()?, false)
}

fn stay(place: &Place, ports: &Ports, options: Options) -> Result<(), String> {
    let mut house = House::open(place, &place.var(), ports, options.release)?;
    house.introduce();
    let mut browser =
        if options.browser { Some(browser::open(place, &house, options.release)?) } else { None };
    while !interrupt::asked() {
        if let Some(end) = house.ended()? {
            return Err(end);
        }
        if browser.as_mut().is_some_and(browser::closed) {
            browser = None;
            println!("The browser was closed; the office stays open. Ctrl-C ends it.");
        }
        thread::sleep(Duration::from_millis(200));
    }
    println!("\nClosing …");
    drop(browser);
    house.close()
}

/// The browser bundle into dist/, then the three programs.
///
/// # Errors
/// The command that failed; its output is on the terminal.
pub fn build(place: &Place, release: bool) -> Result<(), String> {
    println!("build: the browser bundle (trunk build; a few minutes the first time)");
    command::run(&mut bundle(place, release))?;
    compress(place)?;
    println!("build: server, sandbox, helper (cargo build; a few minutes the first time)");
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--quiet", "-p", "server", "-p", "sandbox", "-p", "helper"])
        .current_dir(&place.root);
    if release {
        cargo.arg("--release");
    }
    command::run(&mut cargo)
}

/// What the browser loads, beside itself in gzip: the office then sends it as it lies there and compresses nothing.
fn compress(place: &Place) -> Result<(), String> {
    let dist = place.root.join("dist");
    let fail = |error: std::io::Error| format!("{}: {error}", dist.display());
    let mut gzip = Command::new("gzip");
    gzip.args(["--force", "--keep", "-6"]);
    for entry in std::fs::read_dir(&dist).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|ending| ["wasm", "js", "css", "json"].iter().any(|e| ending == *e)) {
            gzip.arg(path);
        }
    }
    command::run(&mut gzip)
}

/// `trunk build`, apart from the host's build folder so that neither waits for the other's lock.
pub fn bundle(place: &Place, release: bool) -> Command {
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--offline=true", "--color=never"])
        .current_dir(&place.root)
        .env("CARGO_TARGET_DIR", place.web_target())
        // Trunk reads NO_COLOR as a flag that wants true or false.
        .env_remove("NO_COLOR");
    if release {
        trunk.arg("--release");
    }
    trunk
}
