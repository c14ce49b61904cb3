//! The files that the rules look at, in memory, so that a test can write a small tree in a few lines.

use super::blank;
use std::fs;
use std::path::Path;

pub struct File {
    /// From the root, with forward slashes.
    pub path: String,
    pub text: String,
    /// The same text with comments and literals blanked out, line for line (Rust only; otherwise the text itself).
    pub code: String,
}

impl File {
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The line from which on the file is tests; they may know more than the code that they test.
    pub fn tests_from(&self) -> usize {
        if self.name() == "tests.rs" || self.name().ends_with("_tests.rs") {
            return 0;
        }
        let lines: Vec<&str> = self.code.lines().map(str::trim).collect();
        let inline = |pair: &[&str]| {
            pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
        };
        lines.windows(2).position(inline).map_or(usize::MAX, |index| index + 1)
    }

    pub fn ends_with(&self, extension: &str) -> bool {
        self.name().rsplit_once('.').is_some_and(|(_, last)| last == extension)
    }
}

pub struct Tree {
    files: Vec<File>,
    /// Every path, also of the files that are not read (pictures, data).
    paths: Vec<String>,
}

/// Not ours, not written by hand, or not text.
const SKIPPED: [&str; 9] = [
    ".git",
    "target",
    "dist",
    "var",
    "node_modules",
    "test-results",
    "playwright-report",
    "screenshots",
    "data",
];
const READ: [&str; 6] = ["rs", "ts", "css", "toml", "md", "sql"];

impl Tree {
    pub fn read(root: &Path) -> Result<Tree, String> {
        let mut tree = Tree { files: Vec::new(), paths: Vec::new() };
        tree.walk(root, "")?;
        Ok(tree)
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree { files: Vec::new(), paths: Vec::new() };
        for (path, text) in files {
            tree.add((*path).to_owned(), (*text).to_owned());
        }
        tree
    }

    pub fn files(&self) -> &[File] {
        &self.files
    }

    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.ends_with("rs"))
    }

    /// A file or folder of this path stands in the tree.
    pub fn holds(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.iter().any(|known| known == path || known.starts_with(&folder))
    }

    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Result<(), String> {
        let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut names: Vec<_> = entries.filter_map(Result::ok).collect();
        names.sort_by_key(fs::DirEntry::file_name);
        for entry in names {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                self.paths.push(path.clone());
                if !SKIPPED.contains(&name.as_str()) {
                    self.walk(&entry.path(), &format!("{path}/"))?;
                }
            } else if READ.iter().any(|extension| name.ends_with(&format!(".{extension}"))) {
                let text = fs::read_to_string(entry.path()).map_err(|error| format!("{path}: {error}"))?;
                self.add(path, text);
            } else {
                self.paths.push(path);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, text: String) {
        let code = if path.ends_with(".rs") { blank::blank(&text) } else { text.clone() };
        self.paths.push(path.clone());
        self.files.push(File { path, text, code });
    }
}
