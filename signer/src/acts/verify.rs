//! Reading the log back: every link, every seal.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use certificate::Algorithm;

use super::line::{self, Act, Deed};

/// No act is longer.
const MAX_LINE: u64 = 64 * 1024;

/// A log whose chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogReport {
    pub lines: u64,
    /// Lines after the last signature.
    pub unsealed: u64,
    /// Signatures that were checked; none without a key to check them with.
    pub seals: u64,
    /// The chain after the last line. Kept elsewhere, it proves that no line was cut off at the end.
    pub chain: [u8; 32],
    /// Length of the whole lines.
    pub bytes: u64,
    /// Bytes of half a line at the end.
    pub torn: u64,
}

/// Where the log is not what was written. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    #[error("the log cannot be read: {0}")]
    Unreadable(String),
    #[error("line {0} is not a line of this log")]
    Form(u64),
    #[error("line {0} does not follow from the lines before it: one was changed, dropped or moved")]
    Chain(u64),
    #[error("the signature in line {0} does not verify")]
    Seal(u64),
}

/// Checks a log file. `spki` (DER) is the key that signs it; without it signatures are not looked at.
///
/// # Errors
/// The first fault.
pub fn verify(path: &Path, spki: Option<&[u8]>) -> Result<LogReport, LogFault> {
    let file = File::open(path).map_err(|e| LogFault::Unreadable(e.to_string()))?;
    read(&file, spki, &mut |_| ())
}

/// `each` gets every act.
pub(super) fn read(
    file: &File,
    spki: Option<&[u8]>,
    each: &mut dyn FnMut(&Act),
) -> Result<LogReport, LogFault> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut report = LogReport { lines: 0, unsealed: 0, seals: 0, chain: [0; 32], bytes: 0, torn: 0 };
    let mut text = Vec::new();
    loop {
        text.clear();
        let read = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut text);
        let length = read.map_err(|e| LogFault::Unreadable(e.to_string()))? as u64;
        let number = report.lines + 1;
        if text.last() != Some(&b'\n') {
            // Only the end of the file may be half a line.
            report.torn = length;
            return if length < MAX_LINE { Ok(report) } else { Err(LogFault::Form(number)) };
        }
        one(&text[..text.len() - 1], number, spki, &mut report, each)?;
        report.lines = number;
        report.bytes += length;
    }
}

fn one(
    text: &[u8],
    number: u64,
    spki: Option<&[u8]>,
    report: &mut LogReport,
    each: &mut dyn FnMut(&Act),
) -> Result<(), LogFault> {
    let (body, chain) = line::split(text).ok_or(LogFault::Form(number))?;
    if line::link(&report.chain, body) != chain {
        return Err(LogFault::Chain(number));
    }
    let act: Act = serde_json::from_slice(text).map_err(|_| LogFault::Form(number))?;
    if act.n != report.lines {
        return Err(LogFault::Chain(number));
    }
    report.unsealed += 1;
    if act.deed == Deed::Seal {
        if let Some(spki) = spki {
            let signature = act.signature.as_deref().and_then(|hex| hex::decode(hex).ok());
            let message = line::sealed_message(&report.chain);
            let good = signature.is_some_and(|signature| verifies(spki, &message, &signature));
            if !good {
                return Err(LogFault::Seal(number));
            }
            report.seals += 1;
        }
        report.unsealed = 0;
    }
    each(&act);
    report.chain = chain;
    Ok(())
}

fn verifies(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    Algorithm::of_key(spki).is_some_and(|it| certificate::verify(spki, it, message, signature).is_ok())
}
