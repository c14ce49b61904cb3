//! Frames: how one message travels in packets of 64 octets, the same over WebHID and WebUSB.
//!
//! ```text
//! packet  := channel u16 · kind u8 · sequence u16 · payload (59 octets, the last one padded with zeros)
//! payload of the first packet := length u16 · message …
//! ```
//! Big-endian. Every opener of a key sees every packet that the key sends, so each speaks on a channel of its own, which
//! the key gives it (`Kind::Init` on the broadcast channel); packets of other channels are not ours to judge.

use zeroize::Zeroize;

/// Octets of a packet: a full-speed interrupt report.
pub const PACKET: usize = 64;
const HEADER: usize = 5;
const PAYLOAD: usize = PACKET - HEADER;

/// Where a channel is asked for.
pub const BROADCAST: u16 = 0xFFFF;

/// The longest message: an APDU of extended length with all around it.
pub const MAX_MESSAGE: usize = 9 * 1024;

pub type Packet = [u8; PACKET];

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To the key: 8 random octets. From the key: the same 8, then the new channel.
    Init,
    /// A command APDU, or its answer.
    Apdu,
    /// From the key while it works: no answer yet, keep waiting. Empty.
    Alive,
    /// To the key: forget the message that is half sent. Empty; not answered.
    Cancel,
    /// From the key: this message was not carried out; one octet says why ([`Refusal`]).
    Refused,
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Kind::Init => 0x01,
            Kind::Apdu => 0x05,
            Kind::Alive => 0x07,
            Kind::Cancel => 0x08,
            Kind::Refused => 0x3F,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        [Kind::Init, Kind::Apdu, Kind::Alive, Kind::Cancel, Kind::Refused]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// Why a key did not carry out a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It works for another channel.
    Busy,
    /// The packets did not make a message.
    Broken,
    /// The channel is not one that it gave.
    NoChannel,
}

impl Refusal {
    pub fn code(self) -> u8 {
        match self {
            Refusal::Busy => 1,
            Refusal::Broken => 2,
            Refusal::NoChannel => 3,
        }
    }

    pub fn from_code(code: u8) -> Option<Self> {
        [Refusal::Busy, Refusal::Broken, Refusal::NoChannel]
            .into_iter()
            .find(|refusal| refusal.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub kind: Kind,
    pub content: Vec<u8>,
}

/// A message may carry a PIN.
impl Drop for Message {
    fn drop(&mut self) {
        self.content.zeroize();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("a packet came out of order")]
    OutOfOrder,
    #[error("a packet of an unknown kind")]
    UnknownKind,
    #[error("a message longer than any key sends")]
    TooLong,
    #[error("a packet of another size than {PACKET} octets")]
    Size,
}

/// The packets of one message, to be sent in order.
///
/// # Panics
/// A message longer than [`MAX_MESSAGE`]: the APDU layer never makes one.
pub fn packets(channel: u16, kind: Kind, content: &[u8]) -> Vec<Packet> {
    assert!(content.len() <= MAX_MESSAGE, "a message of {} octets", content.len());
    let length = (content.len() as u16).to_be_bytes();
    let (first, rest) = content.split_at(content.len().min(PAYLOAD - length.len()));
    let mut packets = vec![packet(channel, kind, 0, &[&length, first])];
    for (chunk, sequence) in rest.chunks(PAYLOAD).zip(1..) {
        packets.push(packet(channel, kind, sequence, &[chunk]));
    }
    packets
}

fn packet(channel: u16, kind: Kind, sequence: u16, payload: &[&[u8]]) -> Packet {
    let mut packet = [0; PACKET];
    packet[..2].copy_from_slice(&channel.to_be_bytes());
    packet[2] = kind.code();
    packet[3..HEADER].copy_from_slice(&sequence.to_be_bytes());
    let mut at = HEADER;
    for part in payload {
        packet[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    }
    packet
}

/// The channel that a packet belongs to.
///
/// # Errors
/// Not a packet.
pub fn channel_of(packet: &[u8]) -> Result<u16, FrameError> {
    match packet {
        [high, low, ..] if packet.len() == PACKET => Ok(u16::from_be_bytes([*high, *low])),
        _ => Err(FrameError::Size),
    }
}

/// Puts the packets of one channel together again. After an error it expects the first packet of a new message.
#[derive(Default)]
pub struct Assembler {
    under_way: Option<UnderWay>,
}

struct UnderWay {
    message: Message,
    length: usize,
    next: u16,
}

impl Assembler {
    /// Takes a packet of this channel; `Some` when it was the last of its message.
    ///
    /// # Errors
    /// The packets do not make a message.
    pub fn feed(&mut self, packet: &[u8]) -> Result<Option<Message>, FrameError> {
        channel_of(packet)?;
        let kind = Kind::from_code(packet[2]).ok_or(FrameError::UnknownKind)?;
        let sequence = u16::from_be_bytes([packet[3], packet[4]]);
        let payload = &packet[HEADER..];
        let mut under_way = match (sequence, self.under_way.take()) {
            // A first packet begins anew, whatever was half there: its sender gave that up.
            (0, _) => UnderWay::begin(kind, payload)?,
            (next, Some(mut under_way)) if under_way.next == next && under_way.message.kind == kind => {
                under_way.take(payload);
                under_way
            }
            _ => return Err(FrameError::OutOfOrder),
        };
        if under_way.message.content.len() < under_way.length {
            under_way.next += 1;
            self.under_way = Some(under_way);
            return Ok(None);
        }
        Ok(Some(under_way.message))
    }

    /// Whether a message is half there.
    pub fn is_waiting(&self) -> bool {
        self.under_way.is_some()
    }
}

impl UnderWay {
    fn begin(kind: Kind, payload: &[u8]) -> Result<Self, FrameError> {
        let length = usize::from(u16::from_be_bytes([payload[0], payload[1]]));
        if length > MAX_MESSAGE {
            return Err(FrameError::TooLong);
        }
        let message = Message { kind, content: Vec::with_capacity(length) };
        let mut under_way = UnderWay { message, length, next: 0 };
        under_way.take(&payload[2..]);
        Ok(under_way)
    }

    fn take(&mut self, payload: &[u8]) {
        let missing = self.length - self.message.content.len();
        self.message.content.extend_from_slice(&payload[..missing.min(payload.len())]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 7 + 3) as u8).collect()
    }

    #[test]
    fn messages_of_every_length_arrive_whole() {
        for length in (0..300).chain([MAX_MESSAGE - 1, MAX_MESSAGE]) {
            let content = content(length);
            let mut assembler = Assembler::default();
            let packets = packets(0x1234, Kind::Apdu, &content);
            let (last, before) = packets.split_last().unwrap();
            for packet in before {
                assert_eq!(channel_of(packet), Ok(0x1234));
                assert_eq!(assembler.feed(packet), Ok(None));
            }
            assert_eq!(assembler.feed(last), Ok(Some(Message { kind: Kind::Apdu, content })));
            assert!(!assembler.is_waiting());
        }
    }

    #[test]
    fn the_borders_of_a_packet() {
        assert_eq!(packets(1, Kind::Apdu, &content(57)).len(), 1);
        assert_eq!(packets(1, Kind::Apdu, &content(58)).len(), 2);
        assert_eq!(packets(1, Kind::Apdu, &content(57 + 59)).len(), 2);
        assert_eq!(packets(1, Kind::Apdu, &content(57 + 60)).len(), 3);
    }

    #[test]
    fn a_packet_that_is_lost_doubled_or_swapped_makes_no_message() {
        let all = packets(1, Kind::Apdu, &content(200));
        for order in [vec![0, 2], vec![0, 1, 1], vec![0, 2, 1], vec![1], vec![0, 1, 3]] {
            let mut assembler = Assembler::default();
            let results: Vec<_> = order.iter().map(|at| assembler.feed(&all[*at])).collect();
            assert_eq!(results.last(), Some(&Err(FrameError::OutOfOrder)), "{order:?}");
            // And the next message arrives all the same.
            let next = all.iter().map(|packet| assembler.feed(packet)).last();
            assert!(matches!(next, Some(Ok(Some(_)))));
        }
    }

    #[test]
    fn a_first_packet_gives_up_what_was_half_there() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.feed(&packets(1, Kind::Apdu, &content(200))[0]), Ok(None));
        let cancel = &packets(1, Kind::Cancel, &[])[0];
        assert_eq!(assembler.feed(cancel), Ok(Some(Message { kind: Kind::Cancel, content: vec![] })));
    }

    #[test]
    fn what_is_no_packet() {
        let mut assembler = Assembler::default();
        assert_eq!(assembler.feed(&[0; 63]), Err(FrameError::Size));
        assert_eq!(assembler.feed(&[]), Err(FrameError::Size));
        let mut unknown = packets(1, Kind::Apdu, b"a")[0];
        unknown[2] = 0x77;
        assert_eq!(assembler.feed(&unknown), Err(FrameError::UnknownKind));
        let mut long = packets(1, Kind::Apdu, b"a")[0];
        long[5..7].copy_from_slice(&[0xFF, 0xFF]);
        assert_eq!(assembler.feed(&long), Err(FrameError::TooLong));
    }
}
