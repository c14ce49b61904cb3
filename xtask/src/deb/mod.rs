//! Owns: the helper as a Debian package: what goes in, and the proof that it is in.
//! Never: another tool than `dpkg-deb`; a place that `certhall-helper install` knows better.
//! Start at: `run`, then `offices.rs` and `check.rs`.

pub mod check;
mod offices;

use crate::command;
use crate::place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "certhall-helper";

/// `cargo xtask deb [--office FILE]…`: the package for the computers of one or several offices, with their origins and keys.
///
/// # Errors
/// What failed, in words.
pub fn run(place: &Place, words: &[&str]) -> Result<(), String> {
    let mut offices = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match (*word, words.next()) {
            ("--office", Some(file)) => offices.push(PathBuf::from(file)),
            _ => return Err("deb [--office FILE]…; FILE is /helper/office.json of an office's site".into()),
        }
    }
    let mut cargo = Command::new("cargo");
    command::run(cargo.args(["build", "--quiet", "--release", "-p", "helper"]).current_dir(&place.root))?;
    let package = pack(place, &offices, true)?;
    check::contents(&package, &offices)?;
    println!("{}", package.display());
    Ok(())
}

/// Packs the helper as it was built.
///
/// # Errors
/// What failed, in words.
pub fn pack(place: &Place, offices: &[PathBuf], release: bool) -> Result<PathBuf, String> {
    let program = place.program(NAME, release);
    let version = version(&program)?;
    let architecture = command::ask("dpkg", &["--print-architecture"]).ok_or("dpkg is not there")?;
    let architecture = architecture.trim();
    let folder = place.target.join("deb");
    let stage = folder.join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(|error| format!("{}: {error}", stage.display()))?;
    }
    let packed =
        fill(place, &stage, &program, offices).and_then(|()| describe(place, &stage, &version, architecture));
    packed?;
    let file = folder.join(format!("{NAME}_{version}_{architecture}.deb"));
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--root-owner-group", "--build"]).arg(&stage).arg(&file);
    command::run_quiet(&mut pack)?;
    Ok(file)
}

/// Everything but the package's own papers.
fn fill(place: &Place, stage: &Path, program: &Path, offices: &[PathBuf]) -> Result<(), String> {
    put(program, &stage.join("usr/bin").join(NAME), 0o755)?;
    let rules = place.root.join("helper/package/70-certhall-ukey.rules");
    put(&rules, &stage.join("usr/lib/udev/rules.d/70-certhall-ukey.rules"), 0o644)?;
    let known = offices::read(offices)?;
    let share = stage.join("usr/share").join(NAME);
    for (folder, files) in [
        ("extension", ["extension/manifest.json", "extension/worker.js"].as_slice()),
        (
            "extension-firefox",
            &["extension_firefox/manifest.json", "extension_firefox/bridge.js", "extension/worker.js"],
        ),
    ] {
        for file in files {
            let from = place.root.join("helper").join(file);
            let name = from.file_name().ok_or("a file without a name")?;
            let to = share.join(folder).join(name);
            put(&from, &to, 0o644)?;
            offices::make_exact(&to, &known)?;
        }
    }
    // Where each browser looks, the helper knows.
    let mut install = Command::new(program);
    install.args(["install", "--system", "--program", "/usr/bin/certhall-helper", "--root"]).arg(stage);
    for office in offices {
        install.arg("--office").arg(office);
    }
    command::run_quiet(&mut install)
}

fn describe(place: &Place, stage: &Path, version: &str, architecture: &str) -> Result<(), String> {
    let papers = stage.join("DEBIAN");
    let control = place.root.join("helper/package/control");
    let text = fs::read_to_string(&control).map_err(|error| format!("{}: {error}", control.display()))?;
    let text = text.replace("@VERSION@", version).replace("@ARCHITECTURE@", architecture);
    write(&papers.join("control"), &text)?;
    // What an administrator changed stays when the package is renewed.
    let mut kept = String::new();
    for file in files_below(&stage.join("etc"))? {
        let path = file.strip_prefix(stage).map_err(|error| error.to_string())?;
        kept.push_str(&format!("/{}\n", path.display()));
    }
    write(&papers.join("conffiles"), &kept)?;
    let licence = "Copyright certhall. Licence: Apache-2.0, see /usr/share/common-licenses/Apache-2.0\n";
    write(&stage.join("usr/share/doc").join(NAME).join("copyright"), licence)
}

/// The second word of `--version`.
fn version(program: &Path) -> Result<String, String> {
    let said = command::ask(&program.display().to_string(), &["--version"]);
    let said = said.ok_or_else(|| format!("{} does not start", program.display()))?;
    said.split_whitespace().nth(1).map(str::to_owned).ok_or_else(|| "no version".into())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
    }
    files.sort();
    Ok(files)
}

fn put(from: &Path, to: &Path, mode: u32) -> Result<(), String> {
    let bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    prepare(to)?;
    fs::write(to, bytes).map_err(|error| format!("{}: {error}", to.display()))?;
    allow(to, mode)
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    prepare(file)?;
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    allow(file, 0o644)
}

fn prepare(file: &Path) -> Result<(), String> {
    let folder = file.parent().ok_or("a file without a folder")?;
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn allow(file: &Path, mode: u32) -> Result<(), String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(mode))
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let _ = (file, mode);
    Ok(())
}
