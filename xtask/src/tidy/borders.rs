//! Which crate may stand on which, read from each `Cargo.toml`.

use super::Fault;
use super::tree::{File, Tree};

/// Our crates and what each may name of ours.
const MAY: [(&str, &[&str]); 16] = [
    ("journey", &[]),
    ("certificate", &[]),
    ("cmp", &["certificate"]),
    ("sandbox", &[]),
    ("xtask", &[]),
    ("key", &["certificate"]),
    ("app", &["journey", "key"]),
    ("frontend", &["app"]),
    ("signer", &["certificate"]),
    ("server", &["app", "journey", "certificate", "cmp", "key", "signer"]),
    ("helper", &["key"]),
    ("virtual_key", &["key"]),
    ("virtual_key_page", &["app", "key"]),
    ("virtual_key_shim", &[]),
    ("soft_skf", &["key"]),
    ("bench", &["certificate", "helper", "key"]),
];

/// Tests may play the other side.
const MAY_IN_TESTS: [(&str, &str); 2] = [("helper", "certificate"), ("virtual_key", "certificate")];

/// A pure crate takes its clock, dice, files and sockets from whoever calls it.
const PURE: [&str; 2] = ["journey", "certificate"];
const IMPURE: [&str; 8] = ["tokio", "sqlx", "axum", "reqwest", "leptos", "web-sys", "getrandom", "hyper"];

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for (name, may) in MAY {
        let Some(manifest) = tree.file(&format!("{name}/Cargo.toml")) else { continue };
        for dependency in dependencies(manifest) {
            judge(manifest, name, may, &dependency, faults);
        }
    }
}

struct Dependency {
    name: String,
    line: usize,
    optional: bool,
    dev: bool,
}

fn judge(manifest: &File, name: &str, may: &[&str], dependency: &Dependency, faults: &mut Vec<Fault>) {
    let wanted = dependency.name.as_str();
    let ours = MAY.iter().any(|(known, _)| *known == wanted);
    let plays = dependency.dev && MAY_IN_TESTS.contains(&(name, wanted));
    if ours && !plays && !may.contains(&wanted) {
        faults.push(Fault::new(
            &manifest.path,
            dependency.line,
            format!("`{name}` may not stand on `{wanted}`"),
            "See ARCHITECTURE.md, who may import whom: move the code down, or pass the thing in as a value or a trait.",
        ));
    }
    if name == "key" && wanted == "certificate" && !dependency.optional && !dependency.dev {
        faults.push(Fault::new(
            &manifest.path,
            dependency.line,
            "`key` names `certificate` for every build",
            "Make it optional and let only the feature `soft` turn it on: the browser must not carry it.",
        ));
    }
    if name == "xtask" {
        faults.push(Fault::new(
            &manifest.path,
            dependency.line,
            format!("`xtask` has the dependency `{wanted}`"),
            "xtask is the first thing a newcomer builds: std only.",
        ));
    }
    if PURE.contains(&name) && !dependency.dev && IMPURE.contains(&wanted) {
        faults.push(Fault::new(
            &manifest.path,
            dependency.line,
            format!("the pure crate `{name}` names `{wanted}`"),
            "Take time, randomness and bytes as arguments; the office does the rest.",
        ));
    }
}

/// Dependency lines of all dependency tables, in whichever of TOML's usual forms.
fn dependencies(manifest: &File) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut table = String::new();
    for (index, line) in manifest.text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            header.clone_into(&mut table);
            if let Some((kind, name)) = header.rsplit_once("dependencies.") {
                found.push(dependency(name, index, false, kind));
            }
        } else if table.ends_with("dependencies")
            && let Some((key, value)) = line.split_once('=')
        {
            let name = key.trim().split('.').next().unwrap_or_default().trim_matches('"');
            let optional = value.replace(' ', "").contains("optional=true");
            found.push(dependency(name, index, optional, &table));
        }
    }
    found
}

fn dependency(name: &str, index: usize, optional: bool, table: &str) -> Dependency {
    Dependency { name: name.to_owned(), line: index + 1, optional, dev: table.contains("dev-") }
}
