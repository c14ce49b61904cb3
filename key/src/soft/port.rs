//! The key's side of the frames: what a USB controller in front of a card does.
//!
//! Gives channels, puts packets together, lets one message at a time reach the card, and sends every answer to all
//! openers, as a real interrupt endpoint does.

use std::collections::BTreeMap;

use crate::{
    KeyError,
    frame::{Assembler, BROADCAST, Kind, Message, Packet, Refusal, channel_of, packets},
};

/// Channels that a key remembers; the oldest gives way.
const CHANNELS: usize = 16;

/// A port in front of a card. The card is handed in with each packet: `Err` when it left its port meanwhile.
#[derive(Default)]
pub struct Port {
    broadcast: Assembler,
    open: BTreeMap<u64, Opener>,
    last: u64,
}

struct Opener {
    channel: u16,
    assembler: Assembler,
}

impl Port {
    /// Takes one packet from a host; the packets that go back, to every opener.
    ///
    /// # Errors
    /// The card's: it is gone, and so is the port.
    pub fn take(
        &mut self,
        packet: &[u8],
        card: &mut impl FnMut(&[u8]) -> Result<Vec<u8>, KeyError>,
    ) -> Result<Vec<Packet>, KeyError> {
        let Ok(channel) = channel_of(packet) else { return Ok(Vec::new()) };
        if channel == BROADCAST {
            return Ok(self.init(packet));
        }
        // One refusal a message: its first packet is answered, the rest is passed over.
        let refused = |why: Refusal| match packet[3..5] {
            [0, 0] => Ok(packets(channel, Kind::Refused, &[why.code()])),
            _ => Ok(Vec::new()),
        };
        let busy = self.open.values().any(|other| other.channel != channel && other.assembler.is_waiting());
        let Some(opener) = self.open.values_mut().find(|opener| opener.channel == channel) else {
            return refused(Refusal::NoChannel);
        };
        if busy {
            return refused(Refusal::Busy);
        }
        match opener.assembler.feed(packet) {
            Ok(None) => Ok(Vec::new()),
            Ok(Some(Message { kind: Kind::Apdu, ref content })) => {
                Ok(packets(channel, Kind::Apdu, &card(content)?))
            }
            Ok(Some(Message { kind: Kind::Cancel, .. })) => Ok(Vec::new()),
            Ok(Some(_)) | Err(_) => Ok(packets(channel, Kind::Refused, &[Refusal::Broken.code()])),
        }
    }

    fn init(&mut self, packet: &[u8]) -> Vec<Packet> {
        let Ok(Some(message)) = self.broadcast.feed(packet) else { return Vec::new() };
        if message.kind != Kind::Init || message.content.len() != 8 {
            return Vec::new();
        }
        self.last += 1;
        // Never 0 and never the broadcast; not one that is open, since the oldest have given way by then.
        let channel = ((self.last - 1) % u64::from(BROADCAST - 1) + 1) as u16;
        self.open.insert(self.last, Opener { channel, assembler: Assembler::default() });
        while self.open.len() > CHANNELS {
            self.open.pop_first();
        }
        packets(BROADCAST, Kind::Init, &[&message.content[..], &channel.to_be_bytes()].concat())
    }
}
