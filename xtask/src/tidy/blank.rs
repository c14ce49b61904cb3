//! Rust text with comments and literals blanked out, so that a word in a sentence is not taken for code.
//!
//! Not a parser: it knows line and nested block comments, plain, raw and byte strings, and tells `'a'` from `'a`.

/// Keeps every line break and column; blanked characters become spaces.
pub fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at);
        if end > at {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that begins at `at` ends; `at` itself when none begins there.
fn literal_end(chars: &[char], at: usize) -> usize {
    match chars[at] {
        '/' if chars.get(at + 1) == Some(&'/') => line_end(chars, at),
        '/' if chars.get(at + 1) == Some(&'*') => block_end(chars, at),
        '"' => string_end(chars, at + 1),
        '\'' => char_end(chars, at),
        'r' | 'b' | 'c' if !continues_a_word(chars, at) => prefixed_end(chars, at),
        _ => at,
    }
}

fn continues_a_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |length| at + length)
}

fn block_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0usize, start);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// `at` is the first character inside the quotes.
fn string_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// A character literal ends at its quote; a lifetime is left alone.
fn char_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            // The character after the backslash may itself be a quote.
            chars
                .iter()
                .skip(at + 3)
                .position(|c| *c == '\'')
                .map_or(chars.len(), |length| at + 3 + length + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br#"…"#`, `c"…"`, `b'…'`.
fn prefixed_end(chars: &[char], start: usize) -> usize {
    let mut at = start;
    while matches!(chars.get(at), Some('r' | 'b' | 'c')) && at - start < 2 {
        at += 1;
    }
    let raw = chars[start..at].contains(&'r');
    let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
    match chars.get(at + hashes) {
        Some('"') if raw => raw_end(chars, at + hashes + 1, hashes),
        Some('"') if hashes == 0 => string_end(chars, at + 1),
        Some('\'') if hashes == 0 && !raw => char_end(chars, at),
        _ => start,
    }
}

fn raw_end(chars: &[char], mut at: usize, hashes: usize) -> usize {
    while at < chars.len() {
        if chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    chars.len()
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn comments_and_strings_vanish_and_columns_stay() {
        let text = "let a = \"sqlx // no\"; // sqlx\nlet b = r#\"sqlx \" \"#; /* sqlx /* sqlx */ */ call();";
        let code = blank(text);
        assert!(!code.contains("sqlx"), "{code}");
        assert_eq!(code.lines().count(), 2);
        assert_eq!(code.chars().count(), text.chars().count());
        assert!(code.ends_with("call();"));
    }

    #[test]
    fn lifetimes_stay_and_characters_go() {
        let code = blank("fn f<'a>(x: &'a str) -> char { if x == '\\'' { '{' } else { b'}'.into() } }");
        assert!(code.starts_with("fn f<'a>(x: &'a str) -> char {"), "{code}");
        assert_eq!(code.matches('{').count(), code.matches('}').count(), "{code}");
    }

    #[test]
    fn a_word_that_ends_in_r_is_no_raw_string() {
        assert_eq!(blank("four\"x\" r b"), "four    r b");
    }

    #[test]
    fn an_open_literal_does_not_run_away() {
        assert_eq!(blank("a \"b").trim_end(), "a");
        assert_eq!(blank("a /* b").trim_end(), "a");
        assert_eq!(blank("a '\\").trim_end(), "a");
    }
}
