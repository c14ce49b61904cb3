//! PC/SC: helper's ring → libpcsclite → pcscd → the virtual reader's driver → virtual-key, a card over TCP.

use std::{
    fs::File,
    os::unix::net::UnixStream,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use helper::ring::Places;
use key::soft::Drawer;

use crate::{
    drawer_stand::DrawerStand,
    laws,
    program::{Program, ours},
};

const SERVICE: &str = "/run/pcscd/pcscd.comm";

/// The system's service, or one of our own for as long as the test lasts; one test on this machine at a time.
struct Service {
    process: Option<Child>,
    _alone: File,
}

impl Service {
    fn start() -> Self {
        let alone = File::create(std::env::temp_dir().join("certhall-virtual-reader.lock")).unwrap();
        alone.lock().unwrap();
        if UnixStream::connect(SERVICE).is_ok() {
            return Self { process: None, _alone: alone };
        }
        let process = Command::new("pcscd")
            .args(["--foreground"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pcscd, of the package of this name");
        let since = Instant::now();
        while UnixStream::connect(SERVICE).is_err() {
            assert!(since.elapsed() < Duration::from_secs(10), "pcscd does not come up; it needs root");
            thread::sleep(Duration::from_millis(20));
        }
        Self { process: Some(process), _alone: alone }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
            let _ = std::fs::remove_file(SERVICE);
            let _ = std::fs::remove_file("/run/pcscd/pcscd.pid");
        }
    }
}

#[test]
fn the_laws_of_a_key_over_pc_sc() {
    let _service = Service::start();
    let dir = laws::shelf();
    let drawer = Drawer::at(dir.path().join("keys"));
    let _card = Program::start(
        Command::new(ours("virtual-key")).arg("card").arg("--drawer").arg(dir.path().join("keys")),
    );
    let places = Places { cards: true, ..Places::default() };
    laws::all(&mut DrawerStand::new(dir, drawer, "card", places).slow());
}
