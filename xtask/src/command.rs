//! Other people's programs: asked for a line, run with their output on the terminal, or with a log kept.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the program says on stdout, if it is there and succeeds.
pub fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program of this name can be started.
pub fn present(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Runs to the end with its output on the terminal.
///
/// # Errors
/// The program is missing, or ends with another status than 0.
pub fn run(command: &mut Command) -> Result<(), String> {
    let line = line(command);
    let status = command.status().map_err(|error| format!("{line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}")) }
}

/// Runs to the end without a word, unless it fails.
///
/// # Errors
/// As `run`, with what it said.
pub fn run_quiet(command: &mut Command) -> Result<(), String> {
    let line = line(command);
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{line}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{line}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// Runs to the end with its output on the terminal and in `log`; gives all that it said.
///
/// # Errors
/// The program is missing, or ends with another status than 0.
pub fn run_logged(command: &mut Command, log: &Path) -> Result<String, String> {
    let line = line(command);
    let file = File::create(log).map_err(|error| format!("{}: {error}", log.display()))?;
    let said = Arc::new(Mutex::new((file, String::new())));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{line}: {error}"))?;
    let readers = [
        child.stdout.take().map(|stream| copy(stream, &said)),
        child.stderr.take().map(|stream| copy(stream, &said)),
    ];
    let status = child.wait().map_err(|error| format!("{line}: {error}"))?;
    for reader in readers.into_iter().flatten() {
        reader.join().map_err(|_| format!("{line}: its output could not be read"))?;
    }
    let said = said.lock().map(|said| said.1.clone()).unwrap_or_default();
    if status.success() { Ok(said) } else { Err(format!("{line}: {status} (log: {})", log.display())) }
}

/// Line by line to the terminal, the file and the memory.
fn copy(stream: impl Read + Send + 'static, said: &Arc<Mutex<(File, String)>>) -> thread::JoinHandle<()> {
    let said = Arc::clone(said);
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes);
            print!("{line}");
            if let Ok(mut said) = said.lock() {
                // The log is a convenience; a full disk will speak up elsewhere.
                let _ = said.0.write_all(line.as_bytes());
                said.1.push_str(&line);
            }
            bytes.clear();
        }
    })
}

/// The command as a person would type it.
fn line(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}
