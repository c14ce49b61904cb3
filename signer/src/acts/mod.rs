//! Owns: the log of every act and every refusal, one line of JSON each, chained by SM3 and signed at intervals; and what
//!       it remembers: which bytes were signed for which case.
//! Never: changes or drops a line; lets a signature leave before its line is on the disk.
//! Start at: `Acts`, then [`line`] for the text, [`verify`] for reading it back.
//!
//! The line comes first and the signature after it, so a crash leaves a line without a signature and never the reverse.

mod line;
mod verify;

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use certificate::{Signer, sm3};

pub use line::{Act, Deed, Outcome};
pub use verify::{LogFault, LogReport, verify};

/// So many lines stand under one signature at most.
const LINES_A_SEAL: u64 = 1000;

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
}

/// The open log. One process holds it at a time.
pub(crate) struct Acts {
    file: File,
    place: String,
    signer: Option<Arc<dyn Signer>>,
    state: Mutex<State>,
    /// How many bytes are known to be on the disk.
    synced: Mutex<u64>,
}

struct State {
    chain: [u8; 32],
    next: u64,
    unsealed: u64,
    length: u64,
    cases: Cases,
    broken: bool,
}

/// For each case and slot (by digest) the bytes signed for it (by digest).
type Cases = HashMap<[u8; 16], [u8; 16]>;

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
    /// Another process holds it; a line was changed, dropped or moved; a signature in it is not `signer`'s.
    pub fn open(path: &Path, signer: Option<Arc<dyn Signer>>) -> Result<Acts, ActsError> {
        let place = path.display().to_string();
        let fail = |why: String| ActsError::File { file: place.clone(), why };
        let fresh = !path.exists();
        let mut options = OpenOptions::new();
        let file = options.read(true).append(true).create(true).mode(0o600).open(path);
        let file = file.map_err(|e| fail(e.to_string()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ActsError::Held(place)),
            Err(TryLockError::Error(e)) => return Err(fail(e.to_string())),
        }
        if fresh {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = File::open(folder.unwrap_or(Path::new(".")));
            folder.and_then(|folder| folder.sync_all()).map_err(|e| fail(e.to_string()))?;
        }
        let mut cases = Cases::new();
        let spki = signer.as_ref().map(|signer| signer.spki());
        let report = verify::read(&file, spki.as_deref(), &mut |act| {
            if let Some((case, bytes)) = remembered(act) {
                cases.insert(case, bytes);
            }
        })?;
        file.set_len(report.bytes).map_err(|e| fail(e.to_string()))?;
        file.sync_all().map_err(|e| fail(e.to_string()))?;
        let state = State {
            chain: report.chain,
            next: report.lines,
            unsealed: report.unsealed,
            length: report.bytes,
            cases,
            broken: false,
        };
        Ok(Acts { file, place, signer, state: Mutex::new(state), synced: Mutex::new(report.bytes) })
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
    pub fn sync(&self, end: u64) -> Result<(), ActsError> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced >= end {
            return Ok(());
        }
        let written = self.state.lock().unwrap_or_else(PoisonError::into_inner).length;
        if let Err(e) = self.file.sync_data() {
            self.state.lock().unwrap_or_else(PoisonError::into_inner).broken = true;
            return Err(ActsError::File { file: self.place.clone(), why: e.to_string() });
        }
        *synced = written;
        Ok(())
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
        if let Err(e) = (&self.acts.file).write_all(&self.lines) {
            return Err(ActsError::File { file: self.acts.place.clone(), why: e.to_string() });
        }
        self.state.broken = false;
        self.state.length += self.lines.len() as u64;
        Ok(self.state.length)
    }
}

fn remembered(act: &Act) -> Option<([u8; 16], [u8; 16])> {
    let granted = act.deed == Deed::Certificate && act.outcome == Some(Outcome::Granted);
    let (case, slot) = (act.case.as_ref()?, act.slot.as_ref()?);
    let mut digest = [0; 32];
    hex::decode_to_slice(act.digest.as_ref()?.as_bytes(), &mut digest).ok()?;
    granted.then(|| (case_digest(case, slot), half(&digest)))
}

fn case_digest(case: &str, slot: &str) -> [u8; 16] {
    // No slot has a zero byte in it.
    half(&sm3(&[slot.as_bytes(), &[0], case.as_bytes()].concat()))
}

fn half(digest: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}
