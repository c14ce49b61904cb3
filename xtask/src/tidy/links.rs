//! A page of docs that names a file names one that exists.

use super::Fault;
use super::tree::{File, Tree};

const TOP: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
const ENDINGS: [&str; 12] =
    [".rs", ".md", ".toml", ".ts", ".css", ".html", ".json", ".sql", ".png", ".js", ".txt", ".pem"];
/// Made when the office runs; named in the docs, not kept in the tree.
const MADE: [&str; 3] = ["var/", "dist/", "target/"];

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.files() {
        let ours =
            TOP.contains(&file.path.as_str()) || (file.path.starts_with("docs/") && file.ends_with("md"));
        if ours {
            page(tree, file, faults);
        }
    }
}

fn page(tree: &Tree, file: &File, faults: &mut Vec<Fault>) {
    for (index, line) in file.text.lines().enumerate() {
        for name in code_names(line).chain(link_names(line)) {
            let (path, test) = name.split_once("::").map_or((name, None), |(path, test)| (path, Some(test)));
            if !known(tree, &file.path, path) {
                faults.push(Fault::new(
                    &file.path,
                    index + 1,
                    format!("`{path}` does not exist"),
                    "Name the file from the root of the tree, as it is called today, or drop the sentence.",
                ));
            } else if let Some(test) = test
                && !tree.file(path).is_some_and(|file| file.text.contains(test))
            {
                faults.push(Fault::new(
                    &file.path,
                    index + 1,
                    format!("`{path}` holds no `{test}`"),
                    "A promise names the test that proves it: correct the name, or take the promise back.",
                ));
            }
        }
    }
}

/// `path/to/file.rs` or `path/to/file.rs::test` in backticks; patterns and placeholders are not names.
fn code_names(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|name| {
        name.contains('/')
            && ENDINGS.iter().any(|ending| name.split("::").next().is_some_and(|path| path.ends_with(ending)))
            && !name.contains(['<', '*', '{', ' ', '$', '…', '~'])
            && !name.contains("NNNN")
            && !name.contains("://")
            && !name.starts_with('/')
    })
}

/// `[text](path#part)` that stays in the tree.
fn link_names(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        (!target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")).then_some(target)
    })
}

fn known(tree: &Tree, page: &str, name: &str) -> bool {
    let name = name.strip_prefix("./").unwrap_or(name);
    if MADE.iter().any(|made| name.starts_with(made)) || tree.holds(name) {
        return true;
    }
    let mut folder: Vec<&str> = page.split('/').collect();
    folder.pop();
    for part in name.split('/') {
        match part {
            ".." => {
                folder.pop();
            }
            part => folder.push(part),
        }
    }
    tree.holds(&folder.join("/"))
}
