//! Our side of the pipe to the process in which a library lives.

use std::{
    cell::RefCell,
    path::Path,
    process::{Command, Stdio},
    rc::Rc,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use key::{
    KeyError,
    remote::{Line, Said, Verb},
};

use super::{CHILD, Library, Order, Report};
use crate::pipe;

/// Looking at the ports takes a library no longer than this.
const LOOK: Duration = Duration::from_secs(10);
/// A pair on a slow key.
const WORK: Duration = Duration::from_secs(60);

pub struct Child {
    process: std::process::Child,
    reports: Receiver<Report>,
    alive: bool,
    name: String,
}

impl Child {
    /// Starts the process and waits until the library is loaded.
    ///
    /// # Errors
    /// `Library`: not on the list as it is, or it does not load.
    pub fn start(program: &Path, library: &Library) -> Result<Self, KeyError> {
        library.check()?;
        let name = library.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let begun = Command::new(program)
            .arg(CHILD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a library prints may hold a PIN.
            .stderr(Stdio::null())
            .spawn();
        let mut process = begun.map_err(|error| KeyError::Library(format!("{name}: {error}")))?;
        let output = process.stdout.take();
        let (say, reports) = channel();
        thread::spawn(move || {
            let Some(mut output) = output else { return };
            while let Ok(report) = pipe::read(&mut output) {
                // Whoever wants to know what came and went looks for himself.
                if !matches!(report, Report::Changed) && say.send(report).is_err() {
                    return;
                }
            }
        });
        let mut child = Self { process, reports, alive: true, name };
        child.say(library)?;
        match child.hear(LOOK)? {
            Report::Ready => Ok(child),
            Report::Failed(error) => Err(error),
            _ => Err(child.end("does not speak as it should")),
        }
    }

    pub fn is_alive(&self) -> bool {
        self.alive
    }

    /// # Errors
    /// The library's, or `Library`.
    pub fn devices(&mut self) -> Result<Vec<String>, KeyError> {
        match self.ask(&Order::Devices, LOOK)? {
            Report::Devices(devices) => Ok(devices),
            _ => Err(self.end("does not speak as it should")),
        }
    }

    /// The number of the open key.
    ///
    /// # Errors
    /// As `devices`.
    pub fn open(&mut self, device: &str) -> Result<u32, KeyError> {
        match self.ask(&Order::Open(device.into()), LOOK)? {
            Report::Opened(key) => Ok(key),
            _ => Err(self.end("does not speak as it should")),
        }
    }

    fn ask(&mut self, order: &Order, patience: Duration) -> Result<Report, KeyError> {
        if !self.alive {
            return Err(KeyError::Removed);
        }
        self.say(order)?;
        match self.hear(patience)? {
            Report::Failed(error) => Err(error),
            report => Ok(report),
        }
    }

    fn say(&mut self, message: &impl serde::Serialize) -> Result<(), KeyError> {
        let said = self.process.stdin.as_mut().map(|input| pipe::write(input, message));
        match said {
            Some(Ok(())) => Ok(()),
            _ => Err(self.end("has crashed")),
        }
    }

    fn hear(&mut self, patience: Duration) -> Result<Report, KeyError> {
        match self.reports.recv_timeout(patience) {
            Ok(report) => Ok(report),
            Err(RecvTimeoutError::Timeout) => Err(self.end("does not answer")),
            Err(RecvTimeoutError::Disconnected) => Err(self.end("has crashed")),
        }
    }

    /// This process is of no use any more; whatever was open in it is closed.
    fn end(&mut self, why: &str) -> KeyError {
        self.alive = false;
        let _ = self.process.kill();
        let _ = self.process.wait();
        KeyError::Library(format!("{} {why}", self.name))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.alive {
            self.end("is not needed");
        }
    }
}

/// The line to one open key of a library.
pub struct ChildLine {
    child: Rc<RefCell<Child>>,
    key: u32,
}

impl ChildLine {
    pub fn new(child: Rc<RefCell<Child>>, key: u32) -> Self {
        Self { child, key }
    }
}

impl Line for ChildLine {
    async fn ask(&mut self, verb: Verb) -> Result<Said, KeyError> {
        match self.child.borrow_mut().ask(&Order::Ask(self.key, verb), WORK)? {
            Report::Said(said) => Ok(said),
            _ => Err(KeyError::Transport("an answer to another question".into())),
        }
    }
}

impl Drop for ChildLine {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.try_borrow_mut()
            && child.alive
        {
            let _ = child.ask(&Order::Close(self.key), LOOK);
        }
    }
}
