//! A channel that remembers what went over it, so that a benchmark can send the same octets again, bare. PINs among them:
//! no part of the product has one.

use crate::KeyError;
use crate::channel::Channel;
use std::cell::RefCell;
use std::rc::Rc;

/// A channel that two may use by turns; every clone is the same one.
pub struct Tape<C> {
    channel: Rc<RefCell<C>>,
    sent: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl<C> Clone for Tape<C> {
    fn clone(&self) -> Self {
        Tape { channel: self.channel.clone(), sent: self.sent.clone() }
    }
}

impl<C: Channel> Tape<C> {
    pub fn of(channel: C) -> Self {
        Tape { channel: Rc::new(RefCell::new(channel)), sent: Rc::default() }
    }

    /// What went over it since this was last asked.
    pub fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.sent.borrow_mut())
    }

    /// The bare way: these commands again, and nothing made of the answers but that they are no refusals.
    ///
    /// # Errors
    /// The channel's; `Transport` where the key refused.
    #[allow(clippy::await_holding_refcell_ref, reason = "two use it by turns, never at once")]
    pub async fn play(&self, commands: &[Vec<u8>]) -> Result<(), KeyError> {
        for command in commands {
            let answer = self.channel.borrow_mut().exchange(command).await?;
            if !answer.ends_with(&[0x90, 0x00]) && !answer.ends_with(&[0x6A, 0x88]) {
                let status = answer.last_chunk::<2>();
                return Err(KeyError::Transport(format!("the bare way was refused: {status:02X?}")));
            }
        }
        Ok(())
    }
}

impl<C: Channel> Channel for Tape<C> {
    #[allow(clippy::await_holding_refcell_ref, reason = "two use it by turns, never at once")]
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sent.borrow_mut().push(apdu.to_vec());
        self.channel.borrow_mut().exchange(apdu).await
    }
}
