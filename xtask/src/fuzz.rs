//! `cargo xtask fuzz`: libFuzzer on stable Rust, each target for a while, one after another.
//!
//! cargo-fuzz asks for nightly; what it does is flags: coverage counters in our code and our dependencies', but not
//! in build scripts, which is why the target triple is named.

use crate::command;
use crate::place::Place;
use crate::prepare;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SECONDS: u32 = 300;

const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// What the words ask for: some targets or all, and how long each.
struct Wish {
    targets: Vec<String>,
    seconds: u32,
}

/// # Errors
/// An unknown target, a build that fails, or a finding.
pub fn run(place: &Place, words: &[&str]) -> Result<(), String> {
    let folder = place.root.join("fuzz");
    let wish = wish(words, &targets(&folder)?)?;
    prepare::for_fuzzing()?;
    let programs = build(place, &folder, &wish.targets)?;

    let mut lines = Vec::new();
    let mut findings = 0;
    for target in &wish.targets {
        println!("\n== {target}: {} s", wish.seconds);
        let (line, good) = search(place, &folder, &programs, target, wish.seconds)?;
        println!("{line}");
        lines.push(line);
        findings += usize::from(!good);
    }
    println!("\n{}\n", lines.join("\n"));
    if findings == 0 { Ok(()) } else { Err(format!("{findings} of {} targets found something", lines.len())) }
}

/// One file, one target.
fn targets(folder: &Path) -> Result<Vec<String>, String> {
    let files = fs::read_dir(folder.join("targets")).map_err(|error| error.to_string())?;
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let mut names: Vec<String> = files.flatten().filter_map(|file| stem(file.path())).collect();
    names.sort();
    Ok(names)
}

fn wish(words: &[&str], known: &[String]) -> Result<Wish, String> {
    let mut wish = Wish { targets: Vec::new(), seconds: SECONDS };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == "--seconds" {
            let number = words.next().and_then(|number| number.parse().ok());
            wish.seconds = number.ok_or("--seconds wants a number")?;
        } else if known.iter().any(|name| name == word) {
            wish.targets.push((*word).to_owned());
        } else {
            return Err(format!("no target is called {word}; there are: {}", known.join(" ")));
        }
    }
    if wish.targets.is_empty() {
        wish.targets = known.to_vec();
    }
    Ok(wish)
}

/// Builds the targets; gives the folder of the programs.
fn build(place: &Place, folder: &Path, targets: &[String]) -> Result<PathBuf, String> {
    let version = command::ask("rustc", &["-vV"]).ok_or("rustc is missing")?;
    let triple = version.lines().find_map(|line| line.strip_prefix("host: "));
    let triple = triple.ok_or("rustc does not say for which machine it builds")?;
    let into = place.target.join("fuzz");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--target", triple]);
    cargo.arg("--manifest-path").arg(folder.join("Cargo.toml")).arg("--target-dir").arg(&into);
    for target in targets {
        cargo.args(["--bin", target]);
    }
    // The counters are behind the gate of nightly features, and nothing else here is.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS.join(" "));
    println!("building the fuzz targets (some minutes, once)");
    command::run(&mut cargo)?;
    Ok(into.join(triple).join("debug"))
}

/// One target; what came of it in a line, and whether it found nothing.
fn search(
    place: &Place,
    folder: &Path,
    programs: &Path,
    target: &str,
    seconds: u32,
) -> Result<(String, bool), String> {
    let [corpus, findings] =
        ["corpus", "findings"].map(|kind| place.target.join("fuzz").join(kind).join(target));
    let log = place.target.join("fuzz").join(format!("{target}.log"));
    let text = |error: std::io::Error| error.to_string();
    for made in [&corpus, &findings] {
        fs::create_dir_all(made).map_err(text)?;
    }
    let status = Command::new(programs.join(target))
        .args([&corpus, &folder.join("seeds").join(target)])
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", findings.display()))
        .args(["-print_final_stats=1", "-max_len=8192", "-timeout=10", "-rss_limit_mb=2048"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log).map_err(text)?)
        .status()
        .map_err(text)?;
    let said = String::from_utf8_lossy(&fs::read(&log).map_err(text)?).into_owned();
    let runs = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units: "));
    let runs = runs.unwrap_or("?").trim();
    if status.success() {
        return Ok((format!("fuzz {target} seconds={seconds} executions={runs} findings=0"), true));
    }
    let where_to = format!("see {} and {}", findings.display(), log.display());
    Ok((format!("fuzz {target} seconds={seconds} executions={runs} findings=1: {where_to}"), false))
}
