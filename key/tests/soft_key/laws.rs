//! The laws of a key, on the soft key in this process.

use key::{
    KeyError,
    session::ApduKey,
    soft::{Faults, PowerCut, SoftChannel},
};

use crate::{
    Desk, SERIAL,
    laws::{Stand, all},
    office::Office,
};

struct InProcess(Desk);

impl Stand for InProcess {
    type Key = ApduKey<SoftChannel>;

    fn office(&self) -> &Office {
        &self.0.office
    }

    fn blank(&mut self) -> String {
        self.0 = Desk::set_up();
        SERIAL.into()
    }

    fn open(&mut self) -> Result<Self::Key, KeyError> {
        self.0.try_open()
    }

    fn pull_after(&mut self, commands: u32) {
        let faults = Faults { remove_after: Some(commands), ..Faults::default() };
        self.0.drawer.set_faults(SERIAL, faults).unwrap();
    }

    fn power_goes_after(&mut self, commands: u32, done: bool) {
        let cut = Some(PowerCut { after: commands, done });
        self.0.drawer.set_faults(SERIAL, Faults { power_cut: cut, ..Faults::default() }).unwrap();
    }

    fn put_back(&mut self) {
        self.0.drawer.set_faults(SERIAL, Faults::default()).unwrap();
        self.0.drawer.insert(SERIAL).unwrap();
    }
}

#[test]
fn the_laws_of_a_key() {
    all(&mut InProcess(Desk::set_up()));
}
