//! The helper as a process: pipes, frames and arguments, the way a browser and a person meet it.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod command_line;
mod conversation;
mod frames;
#[path = "../../../key/tests/soft_key/office.rs"]
mod office;

use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

use key::{
    message::{Answer, EXTENSION_ID, Envelope, KeyRef, Request, Stamped},
    soft::Drawer,
};
use tempfile::TempDir;

pub const ORIGIN: &str = "http://127.0.0.1:8420";

/// A drawer with one blank key in the port.
pub struct Desk {
    pub dir: TempDir,
    pub drawer: Drawer,
    pub key: KeyRef,
    pub serial: String,
}

impl Desk {
    pub fn set_up() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let drawer = Drawer::at(dir.path());
        let serial = drawer.add(None).unwrap();
        drawer.insert(&serial).unwrap();
        // What else is in the ports of this machine is none of a test's business.
        let settings = dir.path().join("certhall");
        std::fs::create_dir(&settings).unwrap();
        std::fs::write(settings.join("keys.json"), r#"{"cards":false,"hid":false}"#).unwrap();
        Self { key: KeyRef(format!("soft:{serial}")), dir, drawer, serial }
    }

    pub fn helper(&self) -> Helper {
        Helper::start(self.dir.path(), EXTENSION_ID)
    }
}

/// One helper process with the browser's end of its pipes.
pub struct Helper {
    process: Child,
    last: u32,
}

impl Helper {
    pub fn start(soft_keys: &Path, extension_id: &str) -> Self {
        let process = Command::new(env!("CARGO_BIN_EXE_certhall-helper"))
            .arg(format!("chrome-extension://{extension_id}/"))
            .env("CERTHALL_SOFT_KEYS", soft_keys)
            .env("XDG_CONFIG_HOME", soft_keys)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { process, last: 0 }
    }

    pub fn ask(&mut self, request: Request) -> Answer {
        self.last += 1;
        let message = Stamped { origin: ORIGIN.into(), message: Envelope::new(self.last, request) };
        self.frame(&serde_json::to_vec(&message).unwrap());
        let answer = self.read().expect("an answer");
        assert_eq!((answer.version, answer.id), (1, self.last));
        answer.body
    }

    pub fn frame(&mut self, message: &[u8]) {
        self.raw(&(message.len() as u32).to_le_bytes());
        self.raw(message);
    }

    /// The helper may already have gone: a broken pipe is then the expected end.
    pub fn raw(&mut self, bytes: &[u8]) {
        let _ = self.process.stdin.as_mut().unwrap().write_all(bytes);
    }

    pub fn read(&mut self) -> Option<Envelope<Answer>> {
        let output = self.process.stdout.as_mut().unwrap();
        let mut length = [0; 4];
        output.read_exact(&mut length).ok()?;
        let mut message = vec![0; u32::from_le_bytes(length) as usize];
        output.read_exact(&mut message).unwrap();
        Some(serde_json::from_slice(&message).unwrap())
    }

    /// Closes the pipe, as the browser does, and gives what the process leaves behind.
    pub fn close(mut self) -> (ExitStatus, String) {
        drop(self.process.stdin.take());
        let output = self.process.wait_with_output().unwrap();
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
