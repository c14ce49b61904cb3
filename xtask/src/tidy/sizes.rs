//! A file is read in one sitting, a function on one screen.

use super::Fault;
use super::tree::{File, Tree};

const FILE_LINES: usize = 300;
const FUNCTION_LINES: usize = 70;

pub fn check(tree: &Tree, faults: &mut Vec<Fault>) {
    for file in tree.files() {
        if !["rs", "ts", "css"].iter().any(|extension| file.ends_with(extension)) {
            continue;
        }
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            faults.push(Fault::new(
                &file.path,
                0,
                format!("{lines} lines, {FILE_LINES} at most"),
                "Cut it where the story has a chapter: a folder of its own, or its tests into a tests file.",
            ));
        }
        if file.ends_with("rs") {
            functions(file, faults);
        }
    }
}

fn functions(file: &File, faults: &mut Vec<Fault>) {
    let code = file.code.as_bytes();
    let mut at = 0;
    while let Some(start) = next_function(code, at) {
        at = start + 2;
        let Some((open, close)) = body(code, start) else { continue };
        let lines = count(&code[start..=close]) + 1;
        if lines > FUNCTION_LINES {
            faults.push(Fault::new(
                &file.path,
                count(&code[..start]) + 1,
                format!("this function has {lines} lines, {FUNCTION_LINES} at most"),
                "Name its parts: each paragraph with a purpose of its own is a function (or a component) of its own.",
            ));
        }
        at = at.max(open);
    }
}

/// Where the next `fn ` stands as a word of its own.
fn next_function(code: &[u8], from: usize) -> Option<usize> {
    let word = |at: usize| at == 0 || !(code[at - 1].is_ascii_alphanumeric() || code[at - 1] == b'_');
    (from..code.len().saturating_sub(2)).find(|&at| &code[at..at + 3] == b"fn " && word(at))
}

/// The braces of the function that starts at `start`; `None` for one without a body.
fn body(code: &[u8], start: usize) -> Option<(usize, usize)> {
    let mut open = start;
    let mut parens = 0i32;
    loop {
        match code.get(open)? {
            b'(' | b'[' => parens += 1,
            b')' | b']' => parens -= 1,
            b';' if parens == 0 => return None,
            b'{' if parens == 0 => break,
            _ => {}
        }
        open += 1;
    }
    let mut depth = 0usize;
    for (offset, byte) in code[open..].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((open, open + offset));
        }
    }
    None
}

fn count(code: &[u8]) -> usize {
    code.iter().filter(|byte| **byte == b'\n').count()
}
