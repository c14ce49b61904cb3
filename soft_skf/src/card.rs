//! Commands to the card of a soft key. Its status words become the codes of GM/T 0016.

use futures::FutureExt;
use key::apdu::{Answer, Command};
use key::channel::Channel;
use key::command::object;
use key::skf::sar;
use key::soft::SoftChannel;
use key::{KeyError, status};

pub struct Card(SoftChannel);

impl Card {
    pub fn open(channel: SoftChannel) -> Result<Card, u32> {
        let mut card = Card(channel);
        card.ask(object::select())?;
        Ok(card)
    }

    /// The answer's data, or the code that its status word means.
    pub fn ask(&mut self, command: Command) -> Result<Vec<u8>, u32> {
        match self.exchange(command)? {
            Answer { data, status: status::DONE } => Ok(data),
            Answer { status, .. } => Err(code(status)),
        }
    }

    /// The same for a command with a PIN: the tries left, when it was wrong.
    pub fn ask_pin(&mut self, command: Result<Command, KeyError>) -> Result<(), (u32, u32)> {
        let command = command.map_err(|_| (sar::PIN_LENGTH, 0))?;
        let answer = self.exchange(command).map_err(|code| (code, 0))?;
        match answer.status {
            status::DONE => Ok(()),
            0x63C0 => Err((sar::PIN_LOCKED, 0)),
            left @ 0x63C1..=0x63CF => Err((sar::PIN_INCORRECT, u32::from(left & 0x0F))),
            other => Err((code(other), 0)),
        }
    }

    /// An object; `None` where the card has none.
    pub fn get(&mut self, tag: u16) -> Result<Option<Vec<u8>>, u32> {
        match self.exchange(object::get(tag))? {
            Answer { data, status: status::DONE } => {
                object::value(tag, &data).map(Some).map_err(|_| sar::FAIL)
            }
            Answer { status: status::NOT_FOUND, .. } => Ok(None),
            Answer { status, .. } => Err(code(status)),
        }
    }

    fn exchange(&mut self, command: Command) -> Result<Answer, u32> {
        let answer = self.0.exchange(&command.encode()).now_or_never().unwrap_or(Err(KeyError::Timeout));
        let bytes = answer.map_err(|error| match error {
            KeyError::Removed => sar::DEVICE_REMOVED,
            KeyError::Timeout => sar::TIMEOUT,
            _ => sar::FAIL,
        })?;
        Answer::decode(bytes).map_err(|_| sar::FAIL)
    }
}

fn code(status: u16) -> u32 {
    match status {
        status::NOT_LOGGED_IN => sar::NOT_LOGGED_IN,
        status::LOCKED => sar::PIN_LOCKED,
        status::NO_ROOM => sar::NO_ROOM,
        status::WRONG_DATA => sar::INPUT,
        status::WRONG_LENGTH => sar::INPUT_LENGTH,
        status::NOT_FOUND => sar::KEY_NOT_FOUND,
        status::WRONG_PARAMETERS | status::UNKNOWN_INSTRUCTION => sar::NOT_SUPPORTED,
        _ => sar::FAIL,
    }
}
