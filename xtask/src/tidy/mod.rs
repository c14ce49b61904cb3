//! Owns: the house's rules that a machine can check: who may import whom, sizes, names, folder headings, live links.
//! Never: changes a file, or judges taste.
//! Start at: `check`, then one file a rule.

mod blank;
mod borders;
mod folders;
mod links;
mod names;
mod office;
mod references;
mod sizes;
mod tree;

use std::path::Path;
use tree::Tree;

/// One broken rule at one place, with what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub path: String,
    /// From 1; 0 stands for the whole file.
    pub line: usize,
    pub rule: String,
    pub mend: &'static str,
}

impl Fault {
    fn new(path: &str, line: usize, rule: impl Into<String>, mend: &'static str) -> Fault {
        Fault { path: path.to_owned(), line, rule: rule.into(), mend }
    }
}

/// Checks the work tree at `root` and prints what is against the rules.
///
/// # Errors
/// How many rules are broken, or why the tree cannot be read.
pub fn run(root: &Path) -> Result<(), String> {
    let tree = Tree::read(root)?;
    let faults = check(&tree);
    for fault in &faults {
        let at = if fault.line == 0 { fault.path.clone() } else { format!("{}:{}", fault.path, fault.line) };
        println!("{at}: {}\n    {}", fault.rule, fault.mend);
    }
    if faults.is_empty() {
        println!("tidy: {} files, all in order", tree.files().len());
        return Ok(());
    }
    Err(format!("tidy: {} to mend in {} files", faults.len(), tree.files().len()))
}

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    borders::check(tree, &mut faults);
    office::check(tree, &mut faults);
    sizes::check(tree, &mut faults);
    names::check(tree, &mut faults);
    folders::check(tree, &mut faults);
    links::check(tree, &mut faults);
    faults.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    faults
}

#[cfg(test)]
mod tests;
