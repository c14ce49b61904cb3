//! HID: helper's ring → hidapi → (the shim in the place of the kernel) → virtual-key, a device of two interfaces.
//!
//! The shim must be loaded when a program starts, so the test starts itself again with it.

use std::{env, path::PathBuf, process::Command};

use helper::ring::Places;
use key::soft::Drawer;

use crate::{
    drawer_stand::DrawerStand,
    laws,
    program::{Program, ours},
};

const AGAIN: &str = "CERTHALL_TEST_UNDER_THE_SHIM";

#[test]
fn the_laws_of_a_key_over_hid() {
    if let Some(keys) = env::var_os(AGAIN) {
        let drawer = Drawer::at(PathBuf::from(keys));
        let places = Places { hid: true, ..Places::default() };
        let stand = DrawerStand::new(laws::shelf(), drawer, "hid", places);
        // Without the shim it is a kernel of our own (`virtual_key/kernel`), which is slow.
        let shim = env::var_os("LD_PRELOAD").is_some();
        return laws::all(&mut if shim { stand } else { stand.slow() });
    }
    let dir = laws::shelf();
    let (keys, ports) = (dir.path().join("keys"), dir.path().join("ports"));
    let device = Program::start(
        Command::new(ours("virtual-key")).arg("--drawer").arg(&keys).arg("--ports").arg(&ports),
    );
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "hid::the_laws_of_a_key_over_hid", "--nocapture"]).env(AGAIN, &keys);
    for (name, value) in device.said.split(' ').filter_map(|setting| setting.split_once('=')) {
        again.env(name, value);
    }
    let preload = format!("{}:libumockdev-preload.so.0", ours("libvirtual_key_shim.so").display());
    let output = again.env("LD_PRELOAD", preload).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}\n{}", said[0], said[1]);
    assert!(said[0].contains("1 passed"), "{}", said[0]);
}
