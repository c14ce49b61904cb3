//! The office and the outside world, started in the order in which they need one another.

use super::door;
use super::program::Program;
use crate::command;
use crate::place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Ports {
    pub office: u16,
    sandbox: u16,
    mail: u16,
}

impl Ports {
    /// The addresses that the documentation names.
    pub fn usual() -> Ports {
        Ports { office: 8420, sandbox: 8421, mail: 8425 }
    }

    pub fn free() -> Result<Ports, String> {
        Ok(Ports { office: door::free_port()?, sandbox: 0, mail: 0 })
    }

    pub fn must_be_free(&self) -> Result<(), String> {
        door::must_be_free(self.office, "the office")?;
        door::must_be_free(self.sandbox, "the outside world")?;
        door::must_be_free(self.mail, "the outside world's mail")
    }
}

/// A house with its lights on.
pub struct House {
    office: Program,
    sandbox: Program,
    ports: Ports,
    phone: String,
    folder: PathBuf,
}

impl House {
    /// Starts the sandbox, waits for the addresses it says, starts the office on them, waits until it is healthy.
    pub fn open(place: &Place, folder: &Path, ports: &Ports, release: bool) -> Result<House, String> {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let ports = Ports { ..*ports };
        let logs = folder.join("log");
        soft_key(place, folder, release)?;

        let mut outside = Command::new(place.program("sandbox", release));
        outside
            .args(["--listen", &format!("127.0.0.1:{}", ports.sandbox)])
            .args(["--smtp", &format!("127.0.0.1:{}", ports.mail)])
            .arg("--credentials")
            .arg(folder.join("sandbox"))
            // What was delivered stands on the order's page (B27).
            .args(["--sms-receipts-to", &format!("http://127.0.0.1:{}", ports.office)]);
        let mut sandbox = Program::start("sandbox", &mut outside, &logs)?;
        let phone = sandbox.wait_for(PATIENCE, ready_address)?;

        let settings = folder.join("office.toml");
        fs::write(&settings, office_settings(place, ports.office))
            .map_err(|error| format!("{}: {error}", settings.display()))?;
        let mut counter = Command::new(place.program("server", release));
        let files = [place.root.join("xtask/demo.toml"), settings, folder.join("sandbox/credentials.toml")];
        counter.args(files.iter().flat_map(|file| ["--settings".as_ref(), file.as_os_str()]));
        let mut office = Program::start("office", &mut counter, &logs)?;
        office.wait_for(PATIENCE, |_| (door::status(ports.office, "/readyz") == Some(200)).then_some(()))?;
        Ok(House { office, sandbox, ports, phone, folder: folder.to_path_buf() })
    }

    pub fn counter(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.office)
    }

    /// What a helper must know to obey this office.
    pub fn office_file(&self) -> Option<String> {
        door::body(self.ports.office, "/helper/office.json")
    }

    pub fn phone(&self) -> &str {
        &self.phone
    }

    pub fn soft_keys(&self) -> PathBuf {
        self.folder.join("soft-keys")
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says what is where, for a person who sees it for the first time.
    pub fn introduce(&self) {
        let counter = self.counter();
        println!("\n证书大厅 is open.\n");
        println!("  counter     {counter}/             apply, pay, ask for an order");
        println!("  staff desk  {counter}/staff        review, produce, dispatch");
        println!(
            "  phone page  {}/             SMS, mail, scanning and paying: the outside world",
            self.phone
        );
        println!("  logs        {}\n", self.folder.join("log").display());
        match fs::read_to_string(self.folder.join("office/staff.txt")) {
            Ok(staff) => println!("{staff}"),
            Err(error) => {
                println!("The staff's names and passwords are not there: office/staff.txt: {error}")
            }
        }
        println!("\nCtrl-C closes it.");
    }

    /// Why one of the programs ended, if one has.
    pub fn ended(&mut self) -> Result<Option<String>, String> {
        Ok(self.office.ended()?.or(self.sandbox.ended()?))
    }

    /// First the office, so that it can still reach the outside world while it finishes.
    pub fn close(self) -> Result<(), String> {
        self.office.stop()?;
        self.sandbox.stop()
    }
}

/// `ready http=http://127.0.0.1:8421 smtp=… credentials=…`
fn ready_address(said: &str) -> Option<String> {
    let line = said.lines().find(|line| line.starts_with("ready "))?;
    line.split_whitespace().find_map(|word| word.strip_prefix("http=")).map(str::to_owned)
}

/// Where this office listens and writes; what it says of itself stands in xtask/demo.toml.
fn office_settings(place: &Place, port: u16) -> String {
    let mut text = format!(
        "# Written anew by `cargo xtask run` at each start, over xtask/demo.toml.\n\
         [office]\n\
         listen = \"127.0.0.1:{port}\"\n\
         public_origin = \"http://127.0.0.1:{port}\"\n\
         data_dir = \"office\"\n\
         dist_dir = {:?}\n",
        place.root.join("dist")
    );
    if let Some((file, index)) = font() {
        text.push_str(&format!("\n[invoice.font]\nfont_file = {file:?}\nfont_index = {index}\n"));
    }
    text
}

/// A font with Chinese characters, wherever this system keeps one.
fn font() -> Option<(&'static str, u32)> {
    let known = [
        ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
        ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
        ("/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc", 2),
        ("/System/Library/Fonts/STHeiti Light.ttc", 1),
    ];
    known.into_iter().find(|(file, _)| Path::new(file).is_file())
}

/// A blank key in the (soft) USB port, unless one is there.
fn soft_key(place: &Place, folder: &Path, release: bool) -> Result<(), String> {
    let keys = folder.join("soft-keys");
    if fs::read_dir(&keys).is_ok_and(|mut entries| entries.next().is_some()) {
        return Ok(());
    }
    command::run_quiet(
        Command::new(place.program("certhall-helper", release))
            .args(["soft", "new", "--insert", "--dir"])
            .arg(&keys),
    )
}

#[cfg(test)]
mod tests {
    use super::ready_address;

    #[test]
    fn the_address_is_what_the_sandbox_says() {
        let said =
            "something before\nready http=http://127.0.0.1:41234 smtp=127.0.0.1:41235 credentials=/x.toml\n";
        assert_eq!(ready_address(said).as_deref(), Some("http://127.0.0.1:41234"));
        assert_eq!(ready_address("not yet"), None);
    }
}
