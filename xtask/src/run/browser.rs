//! Chromium as the producer has it: the extension loaded, the helper known to it, a profile of its own.

use super::house::House;
use crate::command;
use crate::place::Place;
use std::fs;
use std::process::{Child, Command, Stdio};

pub struct Browser(Child);

/// Opens the counter and the staff desk; the soft key lies in the port.
pub fn open(place: &Place, house: &House, release: bool) -> Result<Browser, String> {
    let profile = house.folder().join("chromium");
    let helper = place.program("certhall-helper", release);
    // A configuration of its own: the helper of this house obeys this house alone, and nobody's browser is told of it.
    let config = house.folder().join("config");
    let office = house.folder().join("office.json");
    let known = house.office_file().ok_or("the office does not say its key at /helper/office.json")?;
    fs::write(&office, known).map_err(|error| error.to_string())?;
    let mut install = Command::new(helper);
    install.args(["install", "--profile"]).arg(&profile).arg("--office").arg(&office);
    command::run_quiet(install.env("XDG_CONFIG_HOME", &config))?;

    let log = fs::File::create(house.folder().join("log/chromium.log")).map_err(|error| error.to_string())?;
    let copy = log.try_clone().map_err(|error| error.to_string())?;
    let mut chromium = Command::new("chromium");
    chromium
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--load-extension={}", place.root.join("helper/extension").display()))
        .args(["--no-first-run", "--no-default-browser-check", "--disable-background-networking"])
        .args([house.counter(), format!("{}/staff", house.counter()), house.phone().to_owned()])
        .env("CERTHALL_SOFT_KEYS", house.soft_keys())
        .env("XDG_CONFIG_HOME", config)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(copy);
    if command::ask("id", &["-u"]).is_some_and(|id| id.trim() == "0") {
        // Chromium refuses to run as root with its sandbox on.
        chromium.arg("--no-sandbox");
    }
    chromium.spawn().map(Browser).map_err(|error| format!("chromium: {error}"))
}

/// The person closed the window.
pub fn closed(browser: &mut Browser) -> bool {
    !matches!(browser.0.try_wait(), Ok(None))
}

impl Drop for Browser {
    fn drop(&mut self) {
        crate::interrupt::terminate(self.0.id());
        let _ = self.0.wait();
    }
}
