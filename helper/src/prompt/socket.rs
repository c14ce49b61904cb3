//! The prompt port at a socket: one line of JSON each way, for tests and for desks without a screen.
//!
//! Asked: `{"asks":"current","origin":…,"purpose":…,"serial":…,"left":10,"fault":null}`; answered `{"pin":"…"}`,
//! `{"go_on":true}` or `{"cancel":true}`. It exists only where `install --prompt unix:…` wrote it into the person's own
//! settings; the socket must be theirs.

use std::{
    io::Write,
    net::Shutdown,
    os::unix::{
        fs::{FileTypeExt, MetadataExt},
        net::UnixStream,
    },
    path::PathBuf,
    time::Duration,
};

use key::{KeyError, Pin};
use serde::Deserialize;
use serde_json::json;

use super::{Asks, Leash, Prompt, Question, line};

const PATIENCE: Duration = Duration::from_secs(120);

pub struct Socket {
    path: PathBuf,
    leash: Leash,
}

/// Neither is a no.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Reply {
    pin: Option<Pin>,
    go_on: bool,
}

impl Socket {
    pub fn at(path: PathBuf, leash: Leash) -> Self {
        Self { path, leash }
    }

    fn ask(&self, question: &Question) -> Result<Reply, KeyError> {
        let found = std::fs::symlink_metadata(&self.path).map_err(|_| KeyError::PinMissing)?;
        let own = found.uid() == rustix::process::geteuid().as_raw();
        if !(found.file_type().is_socket() && own) {
            return Err(KeyError::PinMissing);
        }
        let asked = json!({
            "asks": match question.asks {
                Asks::Current => "current",
                Asks::New => "new",
                Asks::Again => "again",
                Asks::GoOn => "go_on",
            },
            "origin": question.origin, "purpose": question.purpose, "serial": question.serial,
            "left": question.left, "fault": question.fault,
        });
        let failed = |_| KeyError::PinMissing;
        let mut stream = UnixStream::connect(&self.path).map_err(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        let end = stream.try_clone().map_err(failed)?;
        if !self.leash.hold(move || drop(end.shutdown(Shutdown::Both))) {
            return Err(KeyError::Cancelled);
        }
        let said = writeln!(stream, "{asked}").and_then(|()| line::read(&mut stream));
        self.leash.let_go();
        let said = said.map_err(|_| KeyError::Cancelled)?;
        // Nobody's words are quoted: they may be a PIN.
        serde_json::from_slice(&said).map_err(|_| KeyError::Cancelled)
    }
}

impl Prompt for Socket {
    fn pin(&mut self, question: &Question) -> Result<Pin, KeyError> {
        self.ask(question)?.pin.ok_or(KeyError::Cancelled)
    }

    fn confirm(&mut self, question: &Question) -> Result<(), KeyError> {
        if self.ask(question)?.go_on { Ok(()) } else { Err(KeyError::Cancelled) }
    }
}
