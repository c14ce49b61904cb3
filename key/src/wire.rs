//! A channel over packets: what WebHID, WebUSB and hidapi have in common.
//!
//! One exchange at a time. Nothing is ever sent twice. After any fault of the pipe (unplugged, too late, given up) the
//! wire is finished: an answer that comes later belongs to a channel nobody listens to any more.

use crate::{
    KeyError,
    channel::Channel,
    frame::{Assembler, BROADCAST, FrameError, Kind, Message, Packet, Refusal, channel_of, packets},
};

/// Packets to and from one key, each by itself.
#[allow(async_fn_in_trait)]
pub trait Pipe {
    async fn send(&mut self, packet: &Packet) -> Result<(), KeyError>;
    /// The next packet of any channel. The pipe itself races it against the key's removal (`Removed`), its patience
    /// (`Timeout`, counted from the last packet either way) and a page that gives up (`Cancelled`).
    async fn receive(&mut self) -> Result<Packet, KeyError>;
}

pub struct Wire<P> {
    pipe: P,
    channel: u16,
    assembler: Assembler,
    finished: bool,
}

/// Packets of other channels that an opener looks past before it believes that the key ignores it.
const STRANGERS: usize = 4096;

impl<P: Pipe> Wire<P> {
    /// Asks the key for a channel. `nonce` is random: it tells our answer from that to another opener.
    ///
    /// # Errors
    /// The pipe's; `Unsupported` from something that does not speak like a key of ours.
    pub async fn open(mut pipe: P, nonce: [u8; 8]) -> Result<Self, KeyError> {
        for packet in packets(BROADCAST, Kind::Init, &nonce) {
            pipe.send(&packet).await?;
        }
        let mut assembler = Assembler::default();
        for _ in 0..STRANGERS {
            let packet = pipe.receive().await?;
            if channel_of(&packet) != Ok(BROADCAST) {
                continue;
            }
            // Answers to two openers may mix: what does not fit together is not ours.
            let Ok(Some(message)) = assembler.feed(&packet) else { continue };
            if let (Kind::Init, [given @ .., high, low]) = (message.kind, &message.content[..])
                && *given == nonce
            {
                let channel = u16::from_be_bytes([*high, *low]);
                let usable = channel != BROADCAST && channel != 0;
                let wire = Wire { pipe, channel, assembler: Assembler::default(), finished: false };
                return if usable { Ok(wire) } else { Err(KeyError::Unsupported) };
            }
        }
        Err(KeyError::Unsupported)
    }

    async fn ask(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        for packet in packets(self.channel, Kind::Apdu, apdu) {
            self.pipe.send(&packet).await?;
        }
        loop {
            let mut message = self.message().await?;
            match message.kind {
                Kind::Alive => {}
                Kind::Apdu => return Ok(core::mem::take(&mut message.content)),
                Kind::Refused => return Err(refused(&message)),
                Kind::Init | Kind::Cancel => return Err(broken("an answer of another kind")),
            }
        }
    }

    /// The next whole message on our channel.
    async fn message(&mut self) -> Result<Message, KeyError> {
        loop {
            let packet = self.pipe.receive().await?;
            if channel_of(&packet) != Ok(self.channel) {
                continue;
            }
            let fed = self.assembler.feed(&packet);
            if let Some(message) = fed.map_err(|error: FrameError| broken(&error.to_string()))? {
                return Ok(message);
            }
        }
    }
}

impl<P: Pipe> Channel for Wire<P> {
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        if self.finished {
            return Err(KeyError::Removed);
        }
        // Finished unless it ends well: also when the caller drops this future half way.
        self.finished = true;
        let answer = self.ask(apdu).await;
        self.finished = !matches!(answer, Ok(_) | Err(KeyError::Busy));
        answer
    }
}

fn refused(message: &Message) -> KeyError {
    match message.content.first().copied().and_then(Refusal::from_code) {
        Some(Refusal::Busy) => KeyError::Busy,
        Some(Refusal::NoChannel) => KeyError::Removed,
        Some(Refusal::Broken) | None => broken("the key did not understand the packets"),
    }
}

fn broken(why: &str) -> KeyError {
    KeyError::Transport(why.into())
}
