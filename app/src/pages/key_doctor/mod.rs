//! Owns: 证书Key检测 (B03): what stands between this page and a key, each fault with what to do.
//! Never: a PIN, a change on the key, a word about the holder in the report.
//! Start at: `page.rs`, then `judge.rs`.

mod examine;
mod judge;
mod page;
mod report;
#[cfg(test)]
mod tests;

pub use page::KeyDoctorPage;
