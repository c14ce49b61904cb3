//! The origins of the offices that a package is for: in it, the extension lets in exactly those. In the repository it also
//! lets in loopback, for development; what such a page may do then is up to the helper, which obeys whom it was told.

use std::fs;
use std::path::{Path, PathBuf};

/// The origins in files of the form `{"origin":"https://…","mandate_key":"…"}`; the helper itself reads them strictly.
pub fn read(files: &[PathBuf]) -> Result<Vec<String>, String> {
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            origin(&text).ok_or_else(|| format!("{} names no origin", file.display()))
        })
        .collect()
}

fn origin(text: &str) -> Option<String> {
    let after = text.split_once("\"origin\"")?.1;
    let value = after.split('"').nth(1)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-".contains(&byte);
    (value.bytes().all(plain) && value.starts_with("http")).then(|| value.to_owned())
}

/// Writes the origins into a file of the extension, and loopback out of it. Without offices it stays as it is.
pub fn make_exact(file: &Path, origins: &[String]) -> Result<(), String> {
    if origins.is_empty() {
        return Ok(());
    }
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let text = match file.file_name().and_then(|name| name.to_str()) {
        Some("worker.js") => worker(&text, origins),
        Some("manifest.json") => manifest(&text, origins),
        _ => Some(text),
    };
    let text = text.ok_or_else(|| format!("{}: the origins have no place in it", file.display()))?;
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}

fn worker(text: &str, origins: &[String]) -> Option<String> {
    let list: Vec<String> = origins.iter().map(|origin| format!("'{origin}'")).collect();
    let text =
        replace_line(text, "const OFFICES = ", &format!("const OFFICES = new Set([{}]);", list.join(", ")))?;
    replace_line(&text, "const LOOPBACK = ", "const LOOPBACK = /(?!)/;")
}

fn replace_line(text: &str, start: &str, line: &str) -> Option<String> {
    let old = text.lines().find(|line| line.starts_with(start))?;
    Some(text.replacen(old, line, 1))
}

/// Match patterns know no ports: the worker tells those apart.
fn manifest(text: &str, origins: &[String]) -> Option<String> {
    let mut patterns: Vec<String> = origins
        .iter()
        .filter_map(|origin| {
            let (scheme, host) = origin.split_once("://")?;
            Some(format!("\"{scheme}://{}/*\"", host.split(':').next()?))
        })
        .collect();
    patterns.dedup();
    let (before, rest) = text.split_once("\"matches\": [")?;
    let (_, after) = rest.split_once(']')?;
    Some(format!("{before}\"matches\": [{}]{after}", patterns.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICES: [&str; 1] = ["https://ra.example.cn:8443"];

    fn offices() -> Vec<String> {
        OFFICES.map(str::to_owned).to_vec()
    }

    #[test]
    fn the_extension_of_a_package_lets_in_its_offices_and_nobody_else() {
        let worker_js = include_str!("../../../helper/extension/worker.js");
        let exact = worker(worker_js, &offices()).unwrap();
        assert!(exact.contains("new Set(['https://ra.example.cn:8443']);"));
        assert!(!exact.contains("127") && !exact.contains("certhall.example"));
        for text in [
            include_str!("../../../helper/extension/manifest.json"),
            include_str!("../../../helper/extension_firefox/manifest.json"),
        ] {
            let exact = manifest(text, &offices()).unwrap();
            assert!(exact.contains("\"matches\": [\"https://ra.example.cn/*\"]"), "{exact}");
            assert!(!exact.contains("127.0.0.1") && !exact.contains("localhost"), "{exact}");
        }
    }

    #[test]
    fn an_origin_is_an_origin() {
        assert_eq!(
            origin(r#"{ "origin" : "https://a.cn", "mandate_key": "x" }"#).as_deref(),
            Some("https://a.cn")
        );
        assert_eq!(origin(r#"{"origin":"https://a'.cn"}"#), None);
        assert_eq!(origin("{}"), None);
    }
}
