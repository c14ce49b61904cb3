//! A program of ours that runs beside us: started with a log, watched, and stopped in order.

use crate::interrupt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A server has this long to finish what it is doing.
const GRACE: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

pub struct Program {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts it with stdout and stderr in `logs/<name>.log`, in a process group of its own: Ctrl-C reaches us alone,
    /// and we stop the children one after the other.
    pub fn start(name: &'static str, command: &mut Command, logs: &Path) -> Result<Program, String> {
        fs::create_dir_all(logs).map_err(|error| format!("{}: {error}", logs.display()))?;
        let log = logs.join(format!("{name}.log"));
        let open = || File::create(&log).map_err(|error| format!("{}: {error}", log.display()));
        let file = open()?;
        let copy = file.try_clone().map_err(|error| format!("{}: {error}", log.display()))?;
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(copy)
            .spawn()
            .map_err(|error| format!("{name} does not start: {error}"))?;
        Ok(Program { name, child, log })
    }

    /// Waits until `ready` gives something; stops waiting when the program ends, time runs out or someone says stop.
    pub fn wait_for<T>(
        &mut self,
        limit: Duration,
        mut ready: impl FnMut(&str) -> Option<T>,
    ) -> Result<T, String> {
        let since = Instant::now();
        loop {
            let said = fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(found) = ready(&said) {
                return Ok(found);
            }
            if interrupt::asked() {
                return Err("stopped".into());
            }
            if let Some(end) = self.ended()? {
                return Err(end);
            }
            if since.elapsed() > limit {
                return Err(format!(
                    "{} is not ready after {} s\n{}",
                    self.name,
                    limit.as_secs(),
                    self.last_lines()
                ));
            }
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Why it ended, if it has.
    pub fn ended(&mut self) -> Result<Option<String>, String> {
        let status = self.child.try_wait().map_err(|error| format!("{}: {error}", self.name))?;
        Ok(status.map(|status| format!("{} ended: {status}\n{}", self.name, self.last_lines())))
    }

    fn last_lines(&self) -> String {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = said.lines().collect();
        let from = lines.len().saturating_sub(20);
        format!("--- {}\n{}", self.log.display(), lines[from..].join("\n"))
    }

    /// SIGTERM, then patience, then the hard way. Tells whether it went by itself with status 0.
    pub fn stop(mut self) -> Result<(), String> {
        if let Some(end) = self.ended()? {
            return Err(end);
        }
        interrupt::terminate(self.child.id());
        let since = Instant::now();
        while since.elapsed() < GRACE {
            if let Ok(Some(status)) = self.child.try_wait() {
                let fine = status.success();
                return if fine {
                    Ok(())
                } else {
                    Err(format!("{} stopped with {status}\n{}", self.name, self.last_lines()))
                };
            }
            thread::sleep(LOOK_AGAIN);
        }
        Err(format!("{} did not stop within {} s and was killed", self.name, GRACE.as_secs()))
    }
}

/// Nothing that we started outlives us, whichever way we leave.
impl Drop for Program {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
