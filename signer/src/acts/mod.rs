//! Owns: the log of every act and every refusal, one line of JSON each, chained by SM3 and signed at intervals; and what
//!       it remembers: which bytes were signed for which case.
//! Never: changes or drops a line; lets a signature leave before its line is on the disk.
//! Start at: `Acts`, then [`line`] for the text, [`last_seal`] for what stands beside it, [`verify`] for reading it back.
//!
//! The line comes first and the signature after it, so a crash leaves a line without a signature and never the reverse.

mod cases;
mod last_seal;
mod line;
mod verify;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use certificate::Signer;

use crate::private_file;
use cases::{Cases, case_digest, half, remembered};
use last_seal::LastSeal;
pub use line::{Act, Deed, Outcome};
pub use verify::{LogFault, LogReport, verify};

/// So many lines stand under one signature at most.
const LINES_A_SEAL: u64 = 1000;
/// More never stand without one: a key that cannot sign the log ends the log.
const MOST_UNSEALED: u64 = 2 * LINES_A_SEAL;

#[derive(Debug, thiserror::Error)]
pub enum ActsError {
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error(transparent)]
    Fault(#[from] LogFault),
    #[error("{0} is held by another signer")]
    Held(String),
    /// A write failed before: what stands on the disk is uncertain until the next start reads it.
    #[error("an earlier write failed; the signer must be started again")]
    Broken,
    #[error("the log cannot be signed: its key does not answer")]
    Unsealed,
    #[error("{0} was signed before, and its key ({key}.key) is missing", key = crate::keyring::LOG_KEY)]
    NoKey(String),
    #[error(
        "{0} holds acts, and the file with its last seal is missing beside it: bring it back from where the log is kept twice"
    )]
    NoLastSeal(String),
}

/// The open log. One process holds it at a time.
pub(crate) struct Acts {
    file: File,
    path: PathBuf,
    place: String,
    signer: Option<Arc<dyn Signer>>,
    state: Mutex<State>,
    synced: Mutex<Synced>,
}

/// What is known to be on the disk.
struct Synced {
    bytes: u64,
    /// [`LastSeal::lines`] of the file beside the log.
    sealed: u64,
}

struct State {
    chain: [u8; 32],
    next: u64,
    unsealed: u64,
    length: u64,
    last: Option<LastSeal>,
    cases: Cases,
    broken: bool,
}

/// The log while lines are being added: nobody else adds any.
pub(crate) struct Pen<'a> {
    acts: &'a Acts,
    state: MutexGuard<'a, State>,
    lines: Vec<u8>,
}

impl Acts {
    /// Opens the log, or begins one. Reads all of it: the chain must hold. Half a line at the end, left by a crash, is
    /// cut off: nothing was signed for it.
    ///
    /// # Errors
    /// Another process holds it; a line was changed, dropped or moved; a signature in it is not `signer`'s; seals are
    /// missing, or the key or the file beside the log that tells of them.
    pub fn open(path: &Path, signer: Option<Arc<dyn Signer>>) -> Result<Acts, ActsError> {
        let place = path.display().to_string();
        let fail = |why: String| ActsError::File { file: place.clone(), why };
        let file = hold(path, &place)?;
        let mut cases = Cases::new();
        let spki = signer.as_ref().map(|signer| signer.spki());
        let last = spki.as_deref().map(|spki| LastSeal::load(path, spki)).transpose()?.flatten();
        let report = verify::read(&file, spki.as_deref(), last.as_ref(), &mut |act| {
            if let Some((case, bytes)) = remembered(act) {
                cases.insert(case, bytes);
            }
        })?;
        let last = match (&signer, last) {
            (None, _) if report.seals > 0 || LastSeal::place(path).exists() => {
                return Err(ActsError::NoKey(place));
            }
            (Some(_), None) if report.lines > 0 => return Err(ActsError::NoLastSeal(place)),
            // Before the first line, so that no log with lines is ever without it.
            (Some(signer), None) => {
                let first = LastSeal::new(0, &report.chain, &**signer).map_err(fail)?;
                first.store(path).map_err(|e| fail(e.to_string()))?;
                Some(first)
            }
            (_, last) => last,
        };
        file.set_len(report.bytes).map_err(|e| fail(e.to_string()))?;
        file.sync_all().map_err(|e| fail(e.to_string()))?;
        let synced = Synced { bytes: report.bytes, sealed: last.as_ref().map_or(0, |last| last.lines) };
        let state = State {
            chain: report.chain,
            next: report.lines,
            unsealed: report.unsealed,
            length: report.bytes,
            last,
            cases,
            broken: false,
        };
        let (state, synced) = (Mutex::new(state), Mutex::new(synced));
        let acts = Acts { file, path: path.to_owned(), place, signer, state, synced };
        if report.open_stop {
            acts.seal_open_stop()?;
        }
        Ok(acts)
    }

    /// Takes the pen. Hold it for writing alone: others wait.
    pub fn pen(&self) -> Pen<'_> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Pen { acts: self, state, lines: Vec::with_capacity(512) }
    }

    /// Writes one act and waits for the disk.
    pub fn record(&self, act: Act) -> Result<(), ActsError> {
        let mut pen = self.pen();
        pen.write(act);
        let end = pen.finish()?;
        self.sync(end)
    }

    /// Waits until so many bytes are on the disk. Whoever comes while another waits shares the other's wait.
    ///
    /// # Errors
    /// The disk does not take them. Linux tells a failed write to one caller alone: whoever comes after hears `Broken`.
    pub fn sync(&self, end: u64) -> Result<(), ActsError> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if synced.bytes >= end {
            return Ok(());
        }
        let (written, last) = {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.broken {
                return Err(ActsError::Broken);
            }
            (state.length, state.last.clone().filter(|last| last.lines > synced.sealed))
        };
        // The file beside the log comes second: it never tells of lines that a power cut may still take.
        let kept = self.file.sync_data().and_then(|()| match &last {
            Some(last) => last.store(&self.path),
            None => Ok(()),
        });
        if let Err(e) = kept {
            self.state.lock().unwrap_or_else(PoisonError::into_inner).broken = true;
            return Err(ActsError::File { file: self.place.clone(), why: e.to_string() });
        }
        synced.bytes = written;
        synced.sealed = last.map_or(synced.sealed, |last| last.lines);
        Ok(())
    }

    /// The last act, and a signature over all, in one piece.
    pub fn stop(&self, now: i64) -> Result<(), ActsError> {
        let mut pen = self.pen();
        pen.write(Act::new(Deed::Stop, now));
        pen.seal(now);
        let end = pen.finish()?;
        self.sync(end)
    }

    /// A power cut between the last act and its signature.
    fn seal_open_stop(&self) -> Result<(), ActsError> {
        let mut pen = self.pen();
        pen.seal(crate::keyring::system_clock()());
        if pen.state.unsealed > 0 && self.signer.is_some() {
            return Err(ActsError::Unsealed);
        }
        let end = pen.finish()?;
        self.sync(end)
    }

    /// Puts a signature over all that stands.
    pub fn seal(&self, now: i64) -> Result<(), ActsError> {
        let mut pen = self.pen();
        pen.seal(now);
        let end = pen.finish()?;
        self.sync(end)
    }
}

impl Pen<'_> {
    /// Takes a case and slot for these bytes, for ever. False: other bytes have it.
    pub fn claim(&mut self, case: &str, slot: &str, digest: &[u8; 32]) -> bool {
        let mine = half(digest);
        *self.state.cases.entry(case_digest(case, slot)).or_insert(mine) == mine
    }

    /// Adds a line.
    pub fn write(&mut self, act: Act) {
        let at = act.at;
        self.add(act);
        self.state.unsealed += 1;
        if self.state.unsealed >= LINES_A_SEAL {
            self.seal(at);
        }
    }

    fn add(&mut self, act: Act) {
        let state = &mut *self.state;
        let act = Act { n: state.next, ..act };
        state.chain = line::append(&mut self.lines, &act, &state.chain);
        state.next += 1;
    }

    /// A signature over the chain as it stands, where there is a key for it and something to sign.
    fn seal(&mut self, now: i64) {
        let Some(signer) = self.acts.signer.as_ref().filter(|_| self.state.unsealed > 0) else { return };
        match signer.sign(&line::sealed_message(&self.state.chain)) {
            Ok(signature) => {
                self.add(Act { signature: Some(hex::encode(signature).into()), ..Act::new(Deed::Seal, now) });
                self.state.unsealed = 0;
                match LastSeal::new(self.state.next, &self.state.chain, &**signer) {
                    Ok(last) => self.state.last = Some(last),
                    Err(error) => tracing::error!(%error, "the last seal could not be noted"),
                }
            }
            // The lines stand unsigned until a later one; losing them for it would be worse.
            Err(error) => tracing::error!(%error, "the log of acts could not be signed"),
        }
    }

    /// Hands the lines to the system; gives what [`Acts::sync`] must wait for.
    pub fn finish(mut self) -> Result<u64, ActsError> {
        if self.state.broken {
            return Err(ActsError::Broken);
        }
        self.state.broken = true;
        if self.acts.signer.is_some() && self.state.unsealed > MOST_UNSEALED {
            return Err(ActsError::Unsealed);
        }
        if let Err(e) = (&self.acts.file).write_all(&self.lines) {
            return Err(ActsError::File { file: self.acts.place.clone(), why: e.to_string() });
        }
        self.state.broken = false;
        self.state.length += self.lines.len() as u64;
        Ok(self.state.length)
    }
}

/// The file, made where none stands; nobody else has it.
fn hold(path: &Path, place: &str) -> Result<File, ActsError> {
    let fail = |e: std::io::Error| ActsError::File { file: place.to_owned(), why: e.to_string() };
    let fresh = !path.exists();
    let mut options = OpenOptions::new();
    let file = options.read(true).append(true).create(true).mode(0o600).open(path).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(ActsError::Held(place.to_owned())),
        Err(TryLockError::Error(e)) => return Err(fail(e)),
    }
    if fresh {
        private_file::sync_folder(path).map_err(fail)?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests;
