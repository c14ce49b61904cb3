//! The card inside a soft key: one command in, one answer out, memory changed only when the answer says so.

use certificate::rand_core::TryCryptoRng;

use super::{memory::Memory, object, pair, pin::PinRecord};
use crate::{
    apdu::{Answer, Command, MAX_DATA},
    profile::iso7816 as set,
    status,
};

/// The status word of a command that was not carried out.
pub type Refusal = u16;

/// What the card forgets without power: one per open channel.
#[derive(Default)]
pub struct Power {
    selected: bool,
    user: bool,
    epoch: u32,
    /// Named for the next security operation, and only for that one.
    signing: Option<u8>,
    deciphering: Option<u8>,
}

pub struct Card<'a, Dice> {
    pub memory: &'a mut Memory,
    pub power: &'a mut Power,
    pub dice: &'a mut Dice,
}

impl<Dice: TryCryptoRng> Card<'_, Dice> {
    pub fn answer(&mut self, bytes: &[u8]) -> Answer {
        let result = match Command::decode(bytes) {
            Some(command) if command.data.len() <= MAX_DATA => self.carry_out(&command),
            _ => Err(status::WRONG_LENGTH),
        };
        match result {
            Ok(data) => Answer { data, status: status::DONE },
            Err(status) => Answer { data: Vec::new(), status },
        }
    }

    fn carry_out(&mut self, command: &Command) -> Result<Vec<u8>, Refusal> {
        if self.power.epoch != self.memory.epoch {
            (self.power.user, self.power.epoch) = (false, self.memory.epoch);
        }
        if command.class != 0 {
            return Err(status::UNKNOWN_CLASS);
        }
        let data = &command.data[..];
        let parameters = (command.p1, command.p2);
        if command.instruction == set::SELECT {
            return self.select(data);
        }
        if !self.power.selected {
            return Err(status::CONDITIONS);
        }
        match (command.instruction, parameters) {
            (set::VERIFY, (0, which)) => self.verify(which, data),
            (set::CHANGE_REFERENCE, (0, which)) => self.change(which, data),
            (set::CHANGE_REFERENCE, (1, which)) => self.set_first(which, data),
            (set::RESET_RETRY, (0, set::USER)) => self.unblock(data),
            (set::GET_CHALLENGE, (0, 0)) => self.challenge(command.expected),
            (set::GET_DATA, (0x3F, 0xFF)) => object::get(self.memory, data),
            (set::PUT_DATA, (0x3F, 0xFF)) => object::put(self.memory, self.power.user, data),
            (set::GENERATE_PAIR, (0x80, 0)) if data == set::NEXT_SIGN_SLOT || data == set::PLACE_SLOT => {
                self.finished()?;
                self.logged_in()?;
                let place = data == set::PLACE_SLOT;
                let made = if place { pair::generate_place } else { pair::generate_next };
                made(self.memory, self.dice)
            }
            (set::GENERATE_PAIR, (0x80, 0)) if data == set::SIGN_SLOT => {
                self.in_creation()?;
                self.logged_in()?;
                pair::generate(self.memory, self.dice)
            }
            (set::SECURITY_OPERATION, operation) if operation == set::SIGN_HASH => {
                let reference = self.power.signing.take().unwrap_or(set::IN_USE);
                self.logged_in()?;
                pair::sign(self.memory, reference, data)
            }
            (set::SECURITY_OPERATION, operation) if operation == set::DECIPHER => {
                let reference = self.power.deciphering.take().unwrap_or(set::IN_USE);
                self.logged_in()?;
                pair::decipher(self.memory, reference, data)
            }
            (set::MANAGE_ENVIRONMENT, which) => self.environment(which, data),
            (set::DELETE, (0, 0)) => {
                self.in_creation()?;
                self.memory.forget();
                Ok(Vec::new())
            }
            (set::ACTIVATE, (0, 0)) => self.activate(),
            (set::ACTIVATE, (1, 0)) => self.switch(),
            (
                set::VERIFY
                | set::CHANGE_REFERENCE
                | set::RESET_RETRY
                | set::GET_CHALLENGE
                | set::GET_DATA
                | set::PUT_DATA
                | set::GENERATE_PAIR
                | set::SECURITY_OPERATION
                | set::DELETE
                | set::ACTIVATE,
                _,
            ) => Err(status::WRONG_PARAMETERS),
            _ => Err(status::UNKNOWN_INSTRUCTION),
        }
    }

    fn select(&mut self, name: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.power.user = false;
        (self.power.signing, self.power.deciphering) = (None, None);
        self.power.selected = name == set::APPLICATION;
        if self.power.selected { Ok(Vec::new()) } else { Err(status::FILE_NOT_FOUND) }
    }

    /// A wrong PIN also ends the state that an earlier right one had opened.
    fn verify(&mut self, which: u8, padded: &[u8]) -> Result<Vec<u8>, Refusal> {
        if which == set::USER {
            self.power.user = false;
        }
        self.record(which)?.as_mut().ok_or(status::NOT_FOUND)?.check(padded)?;
        if which == set::USER {
            self.power.user = true;
        }
        Ok(Vec::new())
    }

    fn change(&mut self, which: u8, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let (old, new) = two_pins(data)?;
        let fresh = PinRecord::new(new, self.dice)?;
        let record = self.record(which)?.as_mut().ok_or(status::NOT_FOUND)?;
        record.check(old)?;
        *record = fresh;
        Ok(Vec::new())
    }

    /// Without the old PIN only where there is none, on a key that is still being made.
    fn set_first(&mut self, which: u8, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        self.in_creation()?;
        let fresh = PinRecord::new(data, self.dice)?;
        let record = self.record(which)?;
        if record.is_some() {
            return Err(status::CONDITIONS);
        }
        *record = Some(fresh);
        Ok(Vec::new())
    }

    fn unblock(&mut self, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let (admin, new_user) = two_pins(data)?;
        let fresh = PinRecord::new(new_user, self.dice)?;
        self.memory.admin.as_mut().ok_or(status::NOT_FOUND)?.check(admin)?;
        self.memory.user = Some(fresh);
        Ok(Vec::new())
    }

    fn challenge(&mut self, expected: u32) -> Result<Vec<u8>, Refusal> {
        if !(1..=256).contains(&expected) {
            return Err(status::WRONG_LENGTH);
        }
        let mut bytes = vec![0; expected as usize];
        self.dice.try_fill_bytes(&mut bytes).map_err(|_| status::BROKEN)?;
        Ok(bytes)
    }

    /// Only a complete key is finished: both pairs, both certificates, both PINs.
    fn activate(&mut self) -> Result<Vec<u8>, Refusal> {
        self.in_creation()?;
        self.logged_in()?;
        let slots = [&self.memory.sign, &self.memory.encrypt];
        if slots.iter().any(|slot| slot.pair.is_none() || slot.certificate.is_none())
            || self.memory.admin.is_none()
        {
            return Err(status::NOT_FOUND);
        }
        self.memory.life = set::OPERATIONAL;
        Ok(Vec::new())
    }

    fn switch(&mut self) -> Result<Vec<u8>, Refusal> {
        self.finished()?;
        self.logged_in()?;
        pair::switch(self.memory)
    }

    /// Names a pair; whether it is there, the operation says.
    fn environment(&mut self, which: (u8, u8), data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let &[0x83, 0x01, reference] = data else { return Err(status::WRONG_DATA) };
        match which {
            set::FOR_SIGNATURE => self.power.signing = Some(reference),
            set::FOR_DECIPHER => self.power.deciphering = Some(reference),
            _ => return Err(status::WRONG_PARAMETERS),
        }
        Ok(Vec::new())
    }

    fn record(&mut self, which: u8) -> Result<&mut Option<PinRecord>, Refusal> {
        match which {
            set::USER => Ok(&mut self.memory.user),
            set::ADMIN => Ok(&mut self.memory.admin),
            _ => Err(status::WRONG_PARAMETERS),
        }
    }

    fn in_creation(&self) -> Result<(), Refusal> {
        if self.memory.life == set::CREATION { Ok(()) } else { Err(status::CONDITIONS) }
    }

    fn finished(&self) -> Result<(), Refusal> {
        if self.memory.life == set::CREATION { Err(status::CONDITIONS) } else { Ok(()) }
    }

    fn logged_in(&self) -> Result<(), Refusal> {
        if self.power.user { Ok(()) } else { Err(status::NOT_LOGGED_IN) }
    }
}

fn two_pins(data: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    match data.len() == 2 * set::PIN_BYTES {
        true => Ok(data.split_at(set::PIN_BYTES)),
        false => Err(status::WRONG_LENGTH),
    }
}
