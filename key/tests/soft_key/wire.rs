//! The bytes themselves: what the card makes of strange commands, and what the session makes of strange answers.

use futures::executor::block_on;
use key::{
    KeyError,
    apdu::{Command, MAX_DATA},
    channel::Channel,
    command::object,
    key::{Key, PinKind},
    session::ApduKey,
};

use super::{Desk, SERIAL, SoftKey};

impl Desk {
    /// One raw command after SELECT; its status word.
    pub fn raw(&self, apdu: &[u8]) -> u16 {
        let mut channel = self.drawer.open(SERIAL).unwrap();
        block_on(channel.exchange(&object::select().encode())).unwrap();
        let answer = block_on(channel.exchange(apdu)).unwrap();
        u16::from_be_bytes(*answer.last_chunk().unwrap())
    }

    /// What GET DATA gives for every two-byte tag of the private class.
    pub fn every_object_tag(&self, _open: &mut SoftKey) -> Vec<Vec<u8>> {
        let mut channel = self.drawer.open(SERIAL).unwrap();
        block_on(channel.exchange(&object::select().encode())).unwrap();
        (0xDF00..=0xDF7F).map(|tag| block_on(channel.exchange(&object::get(tag).encode())).unwrap()).collect()
    }
}

#[test]
fn the_card_answers_strange_commands_with_the_standard_status_words() {
    let desk = Desk::set_up();
    drop(desk.finished());
    for (apdu, expected) in [
        (&[][..], 0x6700),
        (&[0x00, 0x20, 0x00], 0x6700),
        // Class, instruction and parameters nobody knows.
        (&[0x80, 0xCB, 0x3F, 0xFF], 0x6E00),
        (&[0x00, 0x99, 0x00, 0x00], 0x6D00),
        (&[0x00, 0x20, 0x05, 0x81], 0x6A86),
        // VERIFY with no PIN in it: a wrong length is no try.
        (&[0x00, 0x20, 0x00, 0x81], 0x6700),
        (&[0x00, 0x20, 0x00, 0x83], 0x6A86),
        // Lengths that do not add up.
        (&[0x00, 0x20, 0x00, 0x81, 0x10, 1, 2], 0x6700),
        (&[0x00, 0xCB, 0x3F, 0xFF, 0x00, 0xFF, 0xFF, 1], 0x6700),
        // A challenge of no length.
        (&[0x00, 0x84, 0x00, 0x00], 0x6700),
        (&[0x00, 0x84, 0x00, 0x00, 0x08], 0x9000),
        // Signing and a new pair without the PIN.
        (&[0x00, 0x2A, 0x9E, 0x9A, 0x01, 0x00], 0x6982),
        (&[0x00, 0x47, 0x80, 0x00, 0x02, 0xB6, 0x00], 0x6985),
        (&[0x00, 0xE4, 0x00, 0x00], 0x6985),
        (&[0x00, 0x44, 0x00, 0x00], 0x6985),
    ] {
        assert_eq!(desk.raw(apdu), expected, "{}", hex::encode(apdu));
    }
    assert_eq!(block_on(desk.open().pin_info(PinKind::User)).unwrap().left, 10);
    // Without SELECT nothing at all.
    let mut bare = desk.drawer.open(SERIAL).unwrap();
    assert_eq!(block_on(bare.exchange(&object::get(0xDF21).encode())).unwrap(), [0x69, 0x85]);
}

#[test]
fn commands_survive_their_own_encoding() {
    for length in [0, 1, 255, 256, MAX_DATA] {
        for expected in [0, 1, 256, 0x1_0000] {
            let mut command = Command::new(0xDB, 0x3F, 0xFF).data(vec![0xA5; length]);
            command.expected = expected;
            assert_eq!(Command::decode(&command.encode()), Some(command.clone()), "{length} {expected}");
        }
    }
    // The short forms a reader may hand on.
    assert_eq!(Command::decode(&[0, 0xA4, 4, 0, 2, 1, 2]).unwrap().data[..], [1, 2]);
    assert_eq!(Command::decode(&[0, 0xA4, 4, 0, 2, 1, 2, 0]).unwrap().expected, 256);
    assert_eq!(Command::decode(&[0, 0x84, 0, 0, 8]).unwrap().expected, 8);
    assert_eq!(Command::decode(&[0, 0xA4, 4, 0, 3, 1, 2]), None);
}

#[test]
fn no_bytes_make_the_card_or_the_readers_fall_over() {
    let desk = Desk::set_up();
    let mut channel = desk.drawer.open(SERIAL).unwrap();
    block_on(channel.exchange(&object::select().encode())).unwrap();
    // A fixed little generator: the same strange bytes every time.
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let instructions = [0x20, 0x24, 0x2C, 0x47, 0x2A, 0xCB, 0xDB, 0xA4, 0x44, 0x84];
    for _ in 0..600 {
        let length = next() as usize % 80;
        let mut bytes: Vec<u8> = (0..length).map(|_| next() as u8).collect();
        if next() % 2 == 0 && length > 3 {
            bytes[0] = 0;
            bytes[1] = instructions[next() as usize % instructions.len()];
        }
        assert!(block_on(channel.exchange(&bytes)).unwrap().len() >= 2);
        let _ = key::certificate_facts::read(&bytes);
        let _ = object::read_object(&bytes);
    }
}

/// A channel that answers from a list, to see how the session handles a card that wants to be asked again.
struct Script(Vec<(Vec<u8>, Vec<u8>)>);

impl Channel for Script {
    async fn exchange(&mut self, apdu: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (expected, answer) = self.0.remove(0);
        assert_eq!(hex::encode(apdu), hex::encode(expected));
        Ok(answer)
    }
}

#[test]
fn answers_in_pieces_are_put_together() {
    let select = object::select().encode().to_vec();
    let get = object::get(0xDF61).encode().to_vec();
    let mut corrected = object::get(0xDF61);
    corrected.expected = 5;
    let script = Script(vec![
        // SELECT is answered at once.
        (select, vec![0x90, 0x00]),
        // GET DATA: "wrong length, 5 it is", then three bytes, then "two more".
        (get, vec![0x6C, 0x05]),
        (corrected.encode().to_vec(), vec![0xDF, 0x61, 0x02, 0x61, 0x02]),
        (vec![0x00, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x02], vec![7, 10, 0x90, 0x00]),
    ]);
    let mut key = block_on(ApduKey::open(script)).unwrap();
    let info = block_on(key.pin_info(PinKind::User)).unwrap();
    assert_eq!((info.left, info.max), (7, 10));
}

#[test]
fn an_endless_or_empty_answer_is_a_broken_wire() {
    let select = object::select().encode().to_vec();
    assert!(matches!(
        block_on(ApduKey::open(Script(vec![(select.clone(), vec![])]))).err(),
        Some(KeyError::Transport(_))
    ));
    let more = vec![0x00, 0xC0, 0x00, 0x00, 0x00, 0x01, 0x00];
    let mut endless = vec![(select, [vec![0; 256], vec![0x61, 0x00]].concat())];
    endless.extend((0..64).map(|_| (more.clone(), [vec![0; 256], vec![0x61, 0x00]].concat())));
    assert!(matches!(block_on(ApduKey::open(Script(endless))).err(), Some(KeyError::Transport(_))));
}
