//! A stand whose key is a soft key, reached by the helper's ring in some way.

use std::{
    thread,
    time::{Duration, Instant},
};

use futures::executor::block_on;
use helper::ring::{OpenKey, Places, Ring};
use key::{
    KeyError,
    message::KeyRef,
    serve::Ring as _,
    soft::{Drawer, Faults, PowerCut},
};
use tempfile::TempDir;

use crate::{laws::Stand, office::Office};

pub struct DrawerStand {
    office: Office,
    drawer: Drawer,
    _dir: TempDir,
    ring: Ring,
    prefix: &'static str,
    serial: String,
    stride: u32,
}

/// A key that was put in is seen by then, on any system.
const SEEN: Duration = Duration::from_secs(10);

impl DrawerStand {
    /// `places` knows no drawer: the only way to the key is the one under test.
    pub fn new(dir: TempDir, drawer: Drawer, prefix: &'static str, places: Places) -> Self {
        let ring = Ring::of(places);
        Self { office: Office::open(), drawer, _dir: dir, ring, prefix, serial: String::new(), stride: 1 }
    }

    /// For a way on which each key that is put in or opened costs a second: a reader that looks twice a second, a library
    /// in a process of its own.
    pub fn slow(mut self) -> Self {
        self.stride = 11;
        self
    }

    fn name(&self) -> KeyRef {
        KeyRef(format!("{}:{}", self.prefix, self.serial))
    }

    /// Until exactly the keys that lie in the port are seen.
    pub fn settle(&mut self) {
        let inserted = self.drawer.list().unwrap().iter().filter(|key| key.inserted).count();
        let since = Instant::now();
        loop {
            let seen = block_on(self.ring.inserted());
            if let Ok(seen) = &seen
                && seen.len() == inserted
                && seen.contains(&self.name()) == (inserted > 0)
            {
                return;
            }
            assert!(since.elapsed() < SEEN, "{seen:?} instead of {inserted} keys");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn set(&self, faults: Faults) {
        self.drawer.set_faults(&self.serial, faults).unwrap();
    }
}

impl Stand for DrawerStand {
    type Key = OpenKey;

    fn office(&self) -> &Office {
        &self.office
    }

    fn blank(&mut self) -> String {
        if !self.serial.is_empty() {
            self.drawer.remove(&self.serial).unwrap();
            self.ring.forget(&self.name());
        }
        self.settle();
        self.serial = self.drawer.add(None).unwrap();
        self.drawer.insert(&self.serial).unwrap();
        self.settle();
        self.serial.clone()
    }

    fn open(&mut self) -> Result<OpenKey, KeyError> {
        self.settle();
        let name = self.name();
        // Out of the ring's own keeping: a session of a law is its own.
        self.ring.forget(&name);
        block_on(self.ring.take(&name))
    }

    fn pull_after(&mut self, commands: u32) {
        self.set(Faults { remove_after: Some(commands), ..Faults::default() });
    }

    fn power_goes_after(&mut self, commands: u32, done: bool) {
        self.set(Faults { power_cut: Some(PowerCut { after: commands, done }), ..Faults::default() });
    }

    fn stride(&self) -> u32 {
        self.stride
    }

    /// First until it is seen to be gone: a person is slower than this test.
    fn put_back(&mut self) {
        self.set(Faults::default());
        self.ring.forget(&self.name());
        self.settle();
        self.drawer.insert(&self.serial).unwrap();
    }
}
