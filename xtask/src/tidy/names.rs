//! A name says what a thing is; a drawer for leftovers has none.

use super::Fault;
use super::tree::Tree;

const BANNED: [&str; 9] =
    ["utils", "util", "common", "helpers", "types", "manager", "managers", "service", "services"];
/// The domain's own word: 业务, what an applicant comes for.
const ALLOWED: [&str; 1] = ["journey/src/service.rs"];

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.files() {
        if ALLOWED.contains(&file.path.as_str()) || !["rs", "ts", "css"].iter().any(|end| file.ends_with(end))
        {
            continue;
        }
        let without = file.path.rsplit_once('.').map_or(file.path.as_str(), |(stem, _)| stem);
        for part in without.split('/') {
            if banned(part) {
                fault(&file.path, 0, part, faults);
            }
        }
        if file.ends_with("rs") {
            inline_modules(&file.path, &file.code, faults);
        }
    }
}

fn inline_modules(path: &str, code: &str, faults: &mut Vec<Fault>) {
    for (index, line) in code.lines().enumerate() {
        let line = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let Some(rest) = line.strip_prefix("mod ") else { continue };
        let Some(name) = rest.strip_suffix('{') else { continue };
        if banned(name.trim()) {
            fault(path, index + 1, name.trim(), faults);
        }
    }
}

fn banned(part: &str) -> bool {
    part.split(['_', '-', '.']).any(|word| BANNED.contains(&word))
}

fn fault(path: &str, line: usize, part: &str, faults: &mut Vec<Fault>) {
    faults.push(Fault::new(
        path,
        line,
        format!("`{part}` says nothing of what is inside"),
        "Name the one noun it owns (docs/words.md); what has no noun belongs to the module that uses it.",
    ));
}
