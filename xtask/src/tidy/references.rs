//! Which modules of its own crate a Rust file names: `crate::store`, `super::super::orders`, `crate::{audit, till::open}`.

use super::tree::File;

/// One mention of a module: its path inside the crate and the line.
#[derive(Debug, PartialEq, Eq)]
pub struct Mention {
    pub path: Vec<String>,
    pub line: usize,
}

/// Every `crate::…` and `super::…` path of the file, resolved from the crate's root. `src` is the crate's `…/src/`.
pub fn mentions(file: &File, src: &str) -> Vec<Mention> {
    let home = module_of(&file.path, src);
    let tokens = tokens(&file.code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (word, line) = &tokens[at];
        let starts = at == 0 || tokens[at - 1].0 != "::";
        if starts && (word == "crate" || word == "super" || word == "self") && follows(&tokens, at, "::") {
            let mut base = if word == "crate" { Vec::new() } else { home.clone() };
            if word == "super" {
                base.pop();
            }
            at = path(&tokens, at + 2, base, *line, &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Every path into another crate: `certificate::sign::Signer` comes as `sign`, `Signer`.
pub fn paths_into(file: &File, krate: &str) -> Vec<Mention> {
    let tokens = tokens(&file.code);
    let mut found = Vec::new();
    for (at, (word, line)) in tokens.iter().enumerate() {
        let starts = at == 0 || tokens[at - 1].0 != "::";
        if starts && word == krate && follows(&tokens, at, "::") {
            path(&tokens, at + 2, Vec::new(), *line, &mut found);
        }
    }
    found
}

/// Words that the file uses as code, with their lines.
pub fn words(file: &File) -> impl Iterator<Item = (String, usize)> {
    tokens(&file.code)
        .into_iter()
        .filter(|(word, _)| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// The module path that the file stands for.
fn module_of(path: &str, src: &str) -> Vec<String> {
    let inside = path.strip_prefix(src).unwrap_or(path).trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "main" | "lib")) {
        parts.pop();
    }
    parts
}

/// Reads on from after a `::`; gives where it stopped.
fn path(
    tokens: &[(String, usize)],
    mut at: usize,
    mut base: Vec<String>,
    line: usize,
    found: &mut Vec<Mention>,
) -> usize {
    while let Some((word, here)) = tokens.get(at) {
        if word == "super" && follows(tokens, at, "::") {
            base.pop();
            at += 2;
        } else if word == "{" {
            return group(tokens, at + 1, &base, found);
        } else if word.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '*') {
            base.push(word.clone());
            if !follows(tokens, at, "::") {
                found.push(Mention { path: base, line: *here });
                return at + 1;
            }
            at += 2;
        } else {
            break;
        }
    }
    found.push(Mention { path: base, line });
    at.max(1)
}

fn group(tokens: &[(String, usize)], mut at: usize, base: &[String], found: &mut Vec<Mention>) -> usize {
    while let Some((word, line)) = tokens.get(at) {
        match word.as_str() {
            "}" => return at + 1,
            "," => at += 1,
            _ => {
                let next = path(tokens, at, base.to_vec(), *line, found);
                at = next.max(at + 1);
                // `as name` after an item of the group.
                if tokens.get(at).is_some_and(|(word, _)| word == "as") {
                    at += 2;
                }
            }
        }
    }
    at
}

fn follows(tokens: &[(String, usize)], at: usize, what: &str) -> bool {
    tokens.get(at + 1).is_some_and(|(word, _)| word == what)
}

fn tokens(code: &str) -> Vec<(String, usize)> {
    let mut tokens = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let chars: Vec<char> = line.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            let start = at;
            if chars[at].is_alphanumeric() || chars[at] == '_' {
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
            } else if chars[at] == ':' && chars.get(at + 1) == Some(&':') {
                at += 2;
            } else {
                at += 1;
            }
            if !chars[start].is_whitespace() {
                tokens.push((chars[start..at].iter().collect(), index + 1));
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::Tree;

    fn paths(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        mentions(&tree.files()[0], "server/src/").into_iter().map(|mention| mention.path.join("::")).collect()
    }

    #[test]
    fn crate_paths_and_groups() {
        let text =
            "use crate::{audit, store::{orders as rows, Store}};\nfn f() { crate::advance::advance() }";
        let expected = ["audit", "store::orders", "store::Store", "advance::advance"];
        assert_eq!(paths("server/src/till/open.rs", text), expected);
    }

    #[test]
    fn super_is_resolved_from_where_the_file_stands() {
        assert_eq!(paths("server/src/till/mod.rs", "use super::orders::Row;"), ["orders::Row"]);
        assert_eq!(
            paths("server/src/till/open.rs", "use super::super::orders;\nuse super::notify;"),
            ["orders", "till::notify"]
        );
        assert_eq!(paths("server/src/till/open.rs", "use self::inner::X;"), ["till::open::inner::X"]);
    }

    #[test]
    fn other_crates_with_the_same_word_are_left_alone() {
        assert!(
            paths("server/src/till/open.rs", "use journey::order::Order; pub(crate) fn f() {}").is_empty()
        );
    }
}
