//! `cargo xtask test --kernel`: the laws of a key on a real kernel, by a User-Mode Linux that has USB ports of its own. No
//! part of the usual stages: the kernel is built once (about ten minutes), and kept outside of the clone.

use super::cargo;
use crate::command;
use crate::place::Place;
use crate::prepare;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

const SOURCE: &str = "linux-source-6.12";
/// What `virtual_key/kernel/init` says when all of it went well.
const WELL: &str = "on this kernel: helper 0, browser 0";

/// # Errors
/// What is missing, does not build, or does not hold.
pub fn run(place: &Place) -> Result<(), String> {
    prepare::for_testing(place)?;
    let kernel = kernel(place)?;
    println!("kernel: building the programs and the page");
    let programs = ["virtual_key", "soft_skf", "helper"].iter().flat_map(|name| ["-p", name]);
    let mut build = cargo(&["build", "--quiet", "--bins", "--lib", "--examples"]);
    command::run(build.args(programs).current_dir(&place.root))?;
    command::run(&mut super::page(place))?;
    let laws = laws(place)?;

    println!("kernel: {}", kernel.display());
    let mut linux = Command::new(kernel);
    linux
        // Its memory is a file there.
        .env("TMPDIR", "/dev/shm")
        .args(["mem=3G", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet"])
        .args(["con0=fd:0,fd:1", "con=null"])
        .arg(format!("init={}", place.root.join("virtual_key/kernel/init").display()))
        .arg(format!("ROOT={}", place.root.display()))
        .arg(format!("TARGET={}", place.target.display()))
        .arg(format!("LAWS={}", laws.display()))
        .arg(format!("NODE={}", folder_of("node")?.display()));
    fs::create_dir_all(super::logs(place)).map_err(|error| error.to_string())?;
    let said = command::run_logged(&mut linux, &super::logs(place).join("kernel.log"))?;
    if said.contains(WELL) { Ok(()) } else { Err("the laws of a key do not hold on a kernel".into()) }
}

/// The kernel of this configuration, built if it was not yet.
fn kernel(place: &Place) -> Result<PathBuf, String> {
    let defconfig = place.root.join("virtual_key/kernel/defconfig");
    let text = fs::read(&defconfig).map_err(|error| format!("{}: {error}", defconfig.display()))?;
    let mut hash = DefaultHasher::new();
    hash.write(&text);
    let shown = command::ask("apt-cache", &["show", "--no-all-versions", SOURCE]).unwrap_or_default();
    let version = shown.lines().find_map(|line| line.strip_prefix("Version: ")).unwrap_or("any");
    let home = env::var_os("HOME").ok_or("there is no HOME to keep the kernel in")?;
    let cache = Path::new(&home).join(".cache/certhall/kernel");
    let kernel = cache.join(format!("{version}-{:016x}", hash.finish())).join("linux");
    if kernel.exists() {
        return Ok(kernel);
    }
    prepare::for_a_kernel()?;
    println!("kernel: building it from Debian's {SOURCE} {version} (about 10 min on two cores, once)");
    let folder = cache.join(format!("build-{}", std::process::id()));
    let built = build(&folder, &defconfig).and_then(|linux| {
        let place = kernel.parent().unwrap_or(&cache);
        fs::create_dir_all(place).map_err(|error| error.to_string())?;
        fs::rename(linux, &kernel).map_err(|error| error.to_string())
    });
    // A gigabyte and a half, whether it went well or not.
    let _ = fs::remove_dir_all(&folder);
    built.map(|()| kernel)
}

fn build(folder: &Path, defconfig: &Path) -> Result<PathBuf, String> {
    let (source, out) = (folder.join("source"), folder.join("out"));
    for made in [&source, &out] {
        fs::create_dir_all(made).map_err(|error| format!("{}: {error}", made.display()))?;
    }
    let archive = format!("/usr/src/{SOURCE}.tar.xz");
    let mut unpack = Command::new("tar");
    command::run(unpack.args(["xf", &archive, "--strip-components=1", "-C"]).arg(&source))?;
    fs::copy(defconfig, out.join(".config")).map_err(|error| error.to_string())?;
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    for target in ["olddefconfig", "linux"] {
        let mut make = Command::new("nice");
        make.args(["-n", "19", "make", "--quiet", "ARCH=um", &format!("-j{jobs}"), "-C"]).arg(&source);
        command::run(make.arg(format!("O={}", out.display())).arg(target))?;
    }
    Ok(out.join("linux"))
}

/// The helper's tests of its ways to a key, as cargo left them.
fn laws(place: &Place) -> Result<PathBuf, String> {
    let mut build = cargo(&["test", "--no-run", "-p", "helper", "--test", "transports"]);
    let output = build.current_dir(&place.root).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let path = said.lines().find_map(|line| line.trim().strip_prefix("Executable")?.split(['(', ')']).nth(1));
    path.map(|path| place.root.join(path)).ok_or(said.clone())
}

fn folder_of(program: &str) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).find(|folder| folder.join(program).is_file());
    found.ok_or_else(|| format!("{program} is not there"))
}
