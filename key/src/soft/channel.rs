//! The wire to a soft key: the port it is plugged into, with all that can happen at a port.

use std::{thread, time::Duration};

use getrandom::SysRng;

use super::{
    card::{Card, Power},
    drawer::{Drawer, DrawerError},
};
use crate::{KeyError, apdu::Command, channel::Channel};

/// How long a host waits for an answer before it gives the key up.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct SoftChannel {
    drawer: Drawer,
    serial: String,
    insertion: u32,
    power: Power,
    patience: Duration,
}

impl SoftChannel {
    pub(super) fn new(drawer: Drawer, serial: String, insertion: u32) -> Self {
        Self { drawer, serial, insertion, power: Power::default(), patience: PATIENCE }
    }

    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The card's side of one exchange. Removed means removed: the key may be back, but this channel is not.
    fn carry(&mut self, apdu: &[u8]) -> Result<(Vec<u8>, Duration), KeyError> {
        let mut outcome = Err(KeyError::Removed);
        let (insertion, power, drawer, serial) =
            (self.insertion, &mut self.power, &self.drawer, &self.serial);
        drawer.locked(serial, |memory| {
            let mut memory = memory.ok_or_else(|| DrawerError::Missing(serial.clone()))?;
            if !memory.inserted || memory.insertion != insertion {
                return Ok(memory);
            }
            if memory.faults.remove_now() {
                memory.inserted = false;
                return Ok(memory);
            }
            let power = match memory.faults.power_goes_now() {
                None => power,
                // Gone before the command was whole: what it would have written never was.
                Some(false) => {
                    memory.inserted = false;
                    return Ok(memory);
                }
                Some(true) => {
                    memory.inserted = false;
                    Card { memory: &mut memory, power, dice: &mut SysRng }.answer(apdu);
                    return Ok(memory);
                }
            };
            let mut dice = SysRng;
            // A refused command may still have cost a try, so its memory is kept too.
            let answer = Card { memory: &mut memory, power, dice: &mut dice }.answer(apdu);
            let header = Command::decode(apdu).map_or("unreadable".into(), |command| format!("{command:?}"));
            drawer.note(serial, &format!("{insertion} {header} sw={:04X}", answer.status))?;
            outcome = Ok((answer.encode(), Duration::from_millis(memory.faults.slow_ms)));
            Ok(memory)
        })?;
        outcome
    }
}

impl Channel for SoftChannel {
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (answer, slow) = self.carry(apdu)?;
        thread::sleep(slow.min(self.patience));
        if slow > self.patience { Err(KeyError::Timeout) } else { Ok(answer) }
    }
}
