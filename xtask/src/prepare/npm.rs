//! The packages of the browser walks, exactly as locked.

use crate::command::run;
use crate::place::Place;
use std::fs;
use std::process::Command;

pub fn install(place: &Place) -> Result<(), String> {
    let folder = place.root.join("end2end");
    let lock = fs::read(folder.join("package-lock.json")).map_err(|error| format!("end2end: {error}"))?;
    // npm ci empties node_modules first, so our mark is gone whenever an install did not finish.
    let mark = folder.join("node_modules/.locked");
    if fs::read(&mark).is_ok_and(|done| done == lock) {
        return Ok(());
    }
    println!("prepare: npm ci in end2end (about 10 s)");
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder))?;
    fs::write(&mark, lock).map_err(|error| format!("{}: {error}", mark.display()))
}
