//! Owns: everything that must hold before a change lands, in the order in which it fails fastest.
//! Never: goes on after a stage that failed, or hides what it said.
//! Start at: `STAGES`.

mod count;
pub mod kernel;

use crate::command;
use crate::place::Place;
use crate::{deb, prepare, run, tidy};
use count::Count;
use std::fs;
use std::process::Command;
use std::time::Instant;

/// A name for the command line, what it proves, and how.
struct Stage {
    name: &'static str,
    proves: &'static str,
    go: fn(&Place) -> Result<Proof, Failure>,
}

enum Proof {
    /// What a test runner said, to be counted.
    Said(String),
    Done,
}

struct Failure {
    message: String,
    said: String,
}

const STAGES: [Stage; 11] = [
    Stage { name: "form", proves: "rustfmt has nothing to change", go: form },
    Stage { name: "tidy", proves: "the rules of the house", go: rules },
    Stage {
        name: "lint-office",
        proves: "clippy, everything that runs on a machine of ours",
        go: lint_office,
    },
    Stage { name: "lint-counter", proves: "clippy, everything that runs in the browser", go: lint_counter },
    Stage { name: "build", proves: "programs and tests compile", go: build },
    Stage { name: "tests", proves: "unit and office tests", go: tests },
    Stage { name: "examples", proves: "the examples in the documentation", go: examples },
    Stage { name: "package", proves: "the helper's package holds what it must", go: package },
    Stage { name: "bundle", proves: "the browser half builds", go: bundle },
    Stage { name: "walks", proves: "a person's way through the counter, in Chromium", go: walks },
    Stage { name: "start", proves: "an empty house comes up and goes down, the benchmarks' too", go: start },
];

/// Runs the stages named, or all of them; the closing line counts the tests.
///
/// # Errors
/// The first stage that failed.
pub fn run(place: &Place, names: &[&str]) -> Result<(), String> {
    if let Some(unknown) = names.iter().find(|name| !STAGES.iter().any(|stage| stage.name == **name)) {
        let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        return Err(format!("no stage is called {unknown}; there are: {}", known.join(" ")));
    }
    fs::create_dir_all(logs(place)).map_err(|error| error.to_string())?;
    prepare::for_testing(place)?;

    let mut total = Count::default();
    let mut times = Vec::new();
    let mut failed = None;
    for stage in STAGES.iter().filter(|stage| names.is_empty() || names.contains(&stage.name)) {
        println!("\n== {}: {}", stage.name, stage.proves);
        let since = Instant::now();
        let result = (stage.go)(place);
        let seconds = since.elapsed().as_secs_f32();
        times.push(format!("{:>8.1} s  {}", seconds, stage.name));
        match result {
            Ok(Proof::Said(said)) => total.add(Count::read(&said)),
            Ok(Proof::Done) => total.passed += 1,
            Err(failure) => {
                let count = Count::read(&failure.said);
                total.add(Count { failed: count.failed.max(1), ..count });
                failed = Some(format!("{} failed: {}", stage.name, failure.message));
                break;
            }
        }
        println!("== {} ok, {seconds:.1} s", stage.name);
    }
    println!("\n{}\n", times.join("\n"));
    if let Some(message) = &failed {
        println!("{message}\n");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if failed.is_some() { Err(String::new()) } else { Ok(()) }
}

fn logs(place: &Place) -> std::path::PathBuf {
    place.target.join("xtask")
}

/// Runs it, at the top unless it has a folder of its own, with its output on the terminal and in a log named after the stage.
fn said(place: &Place, stage: &str, command: &mut Command) -> Result<Proof, Failure> {
    let log = logs(place).join(format!("{stage}.log"));
    if command.get_current_dir().is_none() {
        command.current_dir(&place.root);
    }
    match command::run_logged(command, &log) {
        Ok(said) => Ok(Proof::Said(said)),
        Err(message) => Err(Failure { message, said: fs::read_to_string(log).unwrap_or_default() }),
    }
}

/// As `said`, for what proves one thing by ending well.
fn done(place: &Place, stage: &str, command: &mut Command) -> Result<Proof, Failure> {
    said(place, stage, command).map(|_| Proof::Done)
}

fn plain(result: Result<(), String>) -> Result<Proof, Failure> {
    result.map(|()| Proof::Done).map_err(|message| Failure { message, said: String::new() })
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments);
    command
}

fn form(place: &Place) -> Result<Proof, Failure> {
    done(place, "form", &mut cargo(&["fmt", "--all", "--check"]))
}

fn rules(place: &Place) -> Result<Proof, Failure> {
    plain(tidy::run(&place.root))
}

fn lint_office(place: &Place) -> Result<Proof, Failure> {
    done(place, "lint-office", &mut cargo(&["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]))
}

/// Never together with the server: `hydrate` and `ssr` would become one build of `app`.
fn lint_counter(place: &Place) -> Result<Proof, Failure> {
    let mut clippy = cargo(&["clippy", "--quiet", "-p", "frontend", "--target", "wasm32-unknown-unknown"]);
    clippy.args(["--no-default-features", "--features", "hydrate", "--", "-D", "warnings"]);
    done(place, "lint-counter", &mut clippy)?;
    let page = ["clippy", "--quiet", "-p", "virtual_key_page", "--target", "wasm32-unknown-unknown"];
    done(place, "lint-page", cargo(&page).args(["--", "-D", "warnings"]))
}

/// Programs and tests in one call: the walks and the start check use these very programs.
fn build(place: &Place) -> Result<Proof, Failure> {
    done(place, "build", &mut cargo(&["build", "--quiet", "--all-targets"]))
}

fn tests(place: &Place) -> Result<Proof, Failure> {
    if command::ask("cargo", &["nextest", "--version"]).is_some() {
        let quiet =
            ["nextest", "run", "--no-fail-fast", "--status-level", "fail", "--final-status-level", "fail"];
        return said(place, "tests", &mut cargo(&quiet));
    }
    said(place, "tests", &mut cargo(&["test", "--quiet", "--all-targets", "--no-fail-fast"]))
}

fn examples(place: &Place) -> Result<Proof, Failure> {
    said(place, "examples", &mut cargo(&["test", "--quiet", "--doc"]))
}

fn package(place: &Place) -> Result<Proof, Failure> {
    plain(deb::check::built(place))
}

fn bundle(place: &Place) -> Result<Proof, Failure> {
    done(place, "bundle", &mut run::bundle(place, false))?;
    done(place, "page", &mut page(place))
}

/// Beside the product's bundle: the page by which the laws of a key reach it in a browser. Built as what is released is, so
/// that a browser has opened such a bundle before anybody installs one.
fn page(place: &Place) -> Command {
    let mut page = run::bundle(place, true);
    page.arg("--dist").arg(place.target.join("laws"));
    page.current_dir(place.root.join("virtual_key/page"));
    page
}

fn walks(place: &Place) -> Result<Proof, Failure> {
    let folder = place.root.join("end2end");
    // By path: npx would look for them in the folder it is called in, and then in the registry.
    let tool = |name: &str| Command::new(folder.join("node_modules/.bin").join(name));
    done(place, "walk-types", tool("tsc").args(["--noEmit", "--project"]).arg(&folder))?;
    let mut walk = tool("playwright");
    walk.args(["test", "--config"]).arg(&folder).env("CERTHALL_PROGRAMS", place.target.join("debug"));
    said(place, "walks", &mut walk)
}

fn start(place: &Place) -> Result<Proof, Failure> {
    plain(run::check_built(place))?;
    // No part of the product, so not among what `build` made.
    done(place, "bench-build", &mut cargo(&["build", "--quiet", "-p", "bench"]))?;
    let mut bench = Command::new(place.program("bench", false));
    done(place, "bench", bench.args(["open", "--server"]).arg(place.program("server", false)))
}
