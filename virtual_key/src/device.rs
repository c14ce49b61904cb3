//! One plugged key: a card, and two interfaces that lead to it.

use crate::seqpacket::{Door, Line};
use crate::{hid, usb};
use futures::FutureExt;
use key::KeyError;
use key::channel::Channel;
use key::frame::Packet;
use key::soft::{Port, SoftChannel};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

/// Both interfaces lead to one card, so it has one state: a PIN verified over one is verified over the other.
pub struct Inside {
    card: SoftChannel,
    pub hid: Port,
    pub usb: Port,
    /// Who has an interface open.
    pub openers: Vec<Line>,
    dead: bool,
}

pub struct Device {
    pub number: u32,
    inside: Arc<Mutex<Inside>>,
    _doors: [Door; 2],
}

impl Device {
    /// Opens both doors. Programs find them when `ports.py` has announced the device.
    ///
    /// # Errors
    /// The system's.
    pub fn plug(folder: &Path, number: u32, card: SoftChannel) -> io::Result<Device> {
        let inside = Arc::new(Mutex::new(Inside::of(card)));
        let (for_hid, for_usb) = (inside.clone(), inside.clone());
        let hid = Door::open(&folder.join(format!("hidraw{number}.sock")), move |line| {
            hid::serve(&for_hid, &line)
        })?;
        let bus = format!("usb-001-{:03}.sock", 2 + number);
        let usb = Door::open(&folder.join(bus), move |line| usb::serve(&for_usb, &line))?;
        Ok(Device { number, inside, _doors: [hid, usb] })
    }

    /// The card has left its port: nobody gets another answer here.
    pub fn is_dead(&self) -> bool {
        lock(&self.inside).dead
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let mut inside = lock(&self.inside);
        inside.dead = true;
        for line in inside.openers.drain(..) {
            line.close();
        }
    }
}

pub fn lock(inside: &Mutex<Inside>) -> MutexGuard<'_, Inside> {
    inside.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Inside {
    pub fn of(card: SoftChannel) -> Inside {
        Inside { card, hid: Port::default(), usb: Port::default(), openers: Vec::new(), dead: false }
    }

    pub fn is_dead(&self) -> bool {
        self.dead
    }

    /// A packet to one interface; the packets that go back. `Err` when the card is gone.
    ///
    /// # Errors
    /// `Removed`.
    pub fn take(
        &mut self,
        which: fn(&mut Inside) -> &mut Port,
        packet: &[u8],
    ) -> Result<Vec<Packet>, KeyError> {
        if self.dead {
            return Err(KeyError::Removed);
        }
        let mut port = std::mem::take(which(self));
        let card = &mut self.card;
        let mut ask = |apdu: &[u8]| card.exchange(apdu).now_or_never().unwrap_or(Err(KeyError::Timeout));
        let answer = port.take(packet, &mut ask);
        *which(self) = port;
        self.dead = answer.is_err();
        answer
    }
}
