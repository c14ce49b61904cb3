//! Programs of ours and of the system that a stand needs: started, waited for, and ended with the stand.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
};

/// A program that says `ready …` and ends when its input closes, or is killed.
pub struct Program {
    process: Child,
    input: Option<ChildStdin>,
    /// What follows `ready`.
    pub said: String,
}

impl Program {
    pub fn start(command: &mut Command) -> Self {
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap_or_else(|error| {
                panic!("{:?}: {error}", command.get_program());
            });
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let said = said.trim().strip_prefix("ready").expect("the program's first line").trim().to_owned();
        Self { input: process.stdin.take(), process, said }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}

pub fn helper() -> PathBuf {
    env!("CARGO_BIN_EXE_certhall-helper").into()
}

/// A program or library of this workspace, built with it: next to the helper.
pub fn ours(name: &str) -> PathBuf {
    let path = helper().with_file_name(name);
    assert!(
        path.exists(),
        "{} is not built: cargo build -p virtual_key -p virtual_key_shim -p soft_skf",
        path.display()
    );
    path
}
