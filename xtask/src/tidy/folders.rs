//! Each folder module opens with what it owns, what it never does, and where to start reading.

use super::Fault;
use super::tree::{File, Tree};
use std::collections::BTreeSet;

const HEADINGS: [&str; 3] = ["//! Owns:", "//! Never:", "//! Start at:"];

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for folder in folders(tree) {
        let inside = tree.file(&format!("{folder}/mod.rs"));
        let Some(door) = inside.or_else(|| tree.file(&format!("{folder}.rs"))) else {
            continue;
        };
        let missing: Vec<&str> = HEADINGS.into_iter().filter(|heading| !opens_with(door, heading)).collect();
        if !missing.is_empty() {
            faults.push(Fault::new(
                &door.path,
                1,
                format!("the folder does not say {}", missing.join(", ").replace("//! ", "")),
                "Open it with three lines: `//! Owns: …`, `//! Never: …`, `//! Start at: …`.",
            ));
        }
    }
}

/// Folders below a `src` that hold Rust.
fn folders(tree: &Tree) -> BTreeSet<String> {
    tree.rust()
        .filter_map(|file| {
            let (folder, _) = file.path.rsplit_once('/')?;
            let (_, inside) = folder.split_once("/src/")?;
            (!inside.is_empty() && !inside.starts_with("bin")).then(|| folder.to_owned())
        })
        .collect()
}

fn opens_with(file: &File, heading: &str) -> bool {
    file.text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.starts_with(heading))
}
