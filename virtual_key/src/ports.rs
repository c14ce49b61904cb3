//! `ports.py`: the process that plays sysfs and udev.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const SCRIPT: &str = include_str!("../ports.py");

pub struct Ports {
    /// UMOCKDEV_DIR of programs that shall see the devices.
    pub root: String,
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Ports {
    /// Starts it, and leaves the report descriptor in `folder/reports` for the shim.
    ///
    /// # Errors
    /// umockdev or its Python binding is missing: the message says what to install.
    pub fn start(folder: &Path) -> Result<Ports, Box<dyn Error>> {
        // The system's own interpreter: another one in the path would not see the bindings that Debian installs.
        let mut process = Command::new("umockdev-wrapper")
            .args(["/usr/bin/python3", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("umockdev-wrapper: {error}; on Debian: apt-get install umockdev gir1.2-umockdev-1.0 python3-gi"))?;
        let input = process.stdin.take();
        let mut output = BufReader::new(process.stdout.take().ok_or("no pipe")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let (Some("ready"), Some(root), Some(reports)) = (words.next(), words.next(), words.next()) else {
            return Err(format!("ports.py says {line:?}: is gir1.2-umockdev-1.0 installed?").into());
        };
        std::fs::write(folder.join("reports"), octets(reports))?;
        Ok(Ports { root: root.to_owned(), process, input, output })
    }

    pub fn plug(&mut self, number: u32, serial: &str) -> Result<(), Box<dyn Error>> {
        self.say(&format!("plug {number} {serial}"))
    }

    pub fn unplug(&mut self, number: u32) -> Result<(), Box<dyn Error>> {
        self.say(&format!("unplug {number}"))
    }

    fn say(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        writeln!(self.input.as_mut().ok_or("ports.py is closed")?, "{line}")?;
        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        if answer == "done\n" {
            Ok(())
        } else {
            Err(format!("ports.py answers {answer:?} to {line:?}").into())
        }
    }
}

impl Drop for Ports {
    fn drop(&mut self) {
        // It ends with its input.
        self.input = None;
        let _ = self.process.wait();
    }
}

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | digit)).collect()
}
