//! Reading the log back: every link, every seal.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use certificate::Algorithm;

use super::MOST_UNSEALED;
use super::last_seal::LastSeal;
use super::line::{self, Act, Deed};

/// No act is longer.
const MAX_LINE: u64 = 64 * 1024;

/// A log whose chain holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogReport {
    pub lines: u64,
    /// Lines after the last signature.
    pub unsealed: u64,
    /// Signatures that stand there; without a key they are counted and not checked.
    pub seals: u64,
    /// Whether the file beside the log, which knows the last seal, was there to be compared.
    pub compared: bool,
    /// Whether the signer ended in good order and no seal follows.
    pub(super) open_stop: bool,
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
    #[error("line {0}: more lines stand before it without a signature than the signer ever leaves")]
    Unsealed(u64),
    #[error("line {0}: the signer began anew after an orderly end that nobody signed")]
    UnsealedStop(u64),
    #[error("the file beside the log, which tells its last seal, was changed or is not of this key")]
    LastSeal,
    #[error(
        "{0} lines stood under the last seal, and the log does not hold them: it was cut off or written anew"
    )]
    Cut(u64),
}

/// Checks a log file, and compares it with the file beside it that knows the last seal. `spki` (DER) is the key that signs
/// both; without it signatures are not looked at.
///
/// # Errors
/// The first fault.
pub fn verify(path: &Path, spki: Option<&[u8]>) -> Result<LogReport, LogFault> {
    // First, so that a signer at work meanwhile only makes the log longer than it must be.
    let last = spki.map(|spki| LastSeal::load(path, spki)).transpose()?.flatten();
    let file = File::open(path).map_err(|e| LogFault::Unreadable(e.to_string()))?;
    read(&file, spki, last.as_ref(), &mut |_| ())
}

/// `each` gets every act.
pub(super) fn read(
    file: &File,
    spki: Option<&[u8]>,
    last: Option<&LastSeal>,
    each: &mut dyn FnMut(&Act),
) -> Result<LogReport, LogFault> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut report = LogReport {
        lines: 0,
        unsealed: 0,
        seals: 0,
        compared: last.is_some(),
        open_stop: false,
        chain: [0; 32],
        bytes: 0,
        torn: 0,
    };
    let last = last.map(|last| Ok((last.lines, last.chain()?))).transpose()?;
    let mut text = Vec::new();
    loop {
        text.clear();
        let read = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut text);
        let length = read.map_err(|e| LogFault::Unreadable(e.to_string()))? as u64;
        let number = report.lines + 1;
        if text.last() != Some(&b'\n') {
            // Only the end of the file may be half a line.
            report.torn = length;
            let cut = last.filter(|(lines, _)| report.lines < *lines);
            return match cut {
                _ if length >= MAX_LINE => Err(LogFault::Form(number)),
                Some((lines, _)) => Err(LogFault::Cut(lines)),
                None => Ok(report),
            };
        }
        one(&text[..text.len() - 1], number, spki, &mut report, each)?;
        report.lines = number;
        report.bytes += length;
        if let Some((lines, chain)) = last
            && lines == number
            && chain != report.chain
        {
            return Err(LogFault::Cut(lines));
        }
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
    if spki.is_some() && act.deed == Deed::Start && report.open_stop {
        return Err(LogFault::UnsealedStop(number));
    }
    report.unsealed += 1;
    report.open_stop |= act.deed == Deed::Stop;
    if act.deed == Deed::Seal {
        if let Some(spki) = spki {
            let signature = act.signature.as_deref().and_then(|hex| hex::decode(hex).ok());
            let message = line::sealed_message(&report.chain);
            let good = signature.is_some_and(|signature| verifies(spki, &message, &signature));
            if !good {
                return Err(LogFault::Seal(number));
            }
        }
        report.seals += 1;
        report.unsealed = 0;
        report.open_stop = false;
    }
    if spki.is_some() && report.unsealed > MOST_UNSEALED {
        return Err(LogFault::Unsealed(number));
    }
    each(&act);
    report.chain = chain;
    Ok(())
}

pub(super) fn verifies(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    Algorithm::of_key(spki).is_some_and(|it| certificate::verify(spki, it, message, signature).is_ok())
}
