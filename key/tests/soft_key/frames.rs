//! The same conversations over packets, as WebHID and WebUSB carry them: two openers, a key pulled between any two
//! packets, a page that gives up.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use futures::{FutureExt, executor::block_on};
use key::{
    KeyError,
    channel::Channel,
    frame::{BROADCAST, Kind, Packet, Refusal, packets},
    key::{Key, PinKind},
    production::{install, personalise, read_back},
    session::ApduKey,
    soft::{Port, SoftChannel},
    wire::{Pipe, Wire},
};

use crate::{Desk, NONCE, admin, subject, user};

/// A port with a key in it, and what it has sent to each opener.
struct Socket {
    port: Port,
    card: SoftChannel,
    openers: Vec<VecDeque<Packet>>,
    /// The key leaves instead of taking this many more packets.
    leave_after: Option<usize>,
    /// What was sent is not carried to anybody.
    muted: bool,
}

#[derive(Clone)]
struct Cable {
    socket: Rc<RefCell<Socket>>,
    opener: usize,
}

impl Cable {
    fn into(desk: &Desk) -> Cable {
        let card = desk.drawer.open(crate::SERIAL).unwrap();
        let (port, openers) = (Port::default(), vec![VecDeque::new()]);
        let socket = Socket { port, card, openers, leave_after: None, muted: false };
        Cable { socket: Rc::new(RefCell::new(socket)), opener: 0 }
    }

    /// Another program with the same key open.
    fn another(&self) -> Cable {
        let mut socket = self.socket.borrow_mut();
        socket.openers.push(VecDeque::new());
        Cable { socket: self.socket.clone(), opener: socket.openers.len() - 1 }
    }

    fn wire(&self) -> Result<Wire<Cable>, KeyError> {
        block_on(Wire::open(self.clone(), [self.opener as u8; 8]))
    }

    fn key(&self) -> Result<ApduKey<Wire<Cable>>, KeyError> {
        block_on(ApduKey::open(self.wire()?))
    }
}

impl Pipe for Cable {
    async fn send(&mut self, packet: &Packet) -> Result<(), KeyError> {
        let socket = &mut *self.socket.borrow_mut();
        match &mut socket.leave_after {
            Some(0) => return Err(KeyError::Removed),
            Some(more) => *more -= 1,
            None => {}
        }
        let Socket { port, card, openers, muted, .. } = socket;
        let answer = port.take(packet, &mut |apdu| {
            card.exchange(apdu).now_or_never().expect("a soft key answers at once")
        })?;
        for opener in openers.iter_mut().filter(|_| !*muted) {
            opener.extend(&answer);
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<Packet, KeyError> {
        self.socket.borrow_mut().openers[self.opener].pop_front().ok_or(KeyError::Timeout)
    }
}

#[test]
fn a_key_is_made_over_packets() {
    let desk = Desk::set_up();
    let mut key = Cable::into(&desk).key().unwrap();
    block_on(async {
        let made = personalise(&mut key, "示例", &admin(), &user(), &subject(), NONCE).await.unwrap();
        let issued = desk.office.issue(&made.request);
        install(&mut key, &issued.sign_certificate, &issued.encrypt_certificate, &issued.enveloped_key)
            .await
            .unwrap();
        let read = read_back(&mut key, NONCE, None).await.unwrap();
        assert_eq!(read.sign_certificate, issued.sign_certificate);
    });
}

/// Each opener hears the other's answers and takes none of them for its own.
#[test]
fn two_openers_of_one_key() {
    let desk = Desk::set_up();
    let cable = Cable::into(&desk);
    let (mut one, mut two) = (cable.key().unwrap(), cable.another().key().unwrap());
    for _ in 0..5 {
        assert_eq!(block_on(one.identify()).unwrap().serial, crate::SERIAL);
        assert_eq!(block_on(two.identify()).unwrap().serial, crate::SERIAL);
    }
}

#[test]
fn a_key_that_hears_half_a_message_of_another_is_busy() {
    let desk = Desk::set_up();
    let cable = Cable::into(&desk);
    let mut other = cable.another();
    let mut key = cable.key().unwrap();
    // The other opener's channel is the second that this port gave.
    let _ = other.wire().unwrap();
    let half = packets(2, Kind::Apdu, &[0; 300])[0];
    block_on(other.send(&half)).unwrap();
    assert_eq!(block_on(key.identify()), Err(KeyError::Busy));
    // It gives up; and busy was not the end of our wire.
    block_on(other.send(&packets(2, Kind::Cancel, &[])[0])).unwrap();
    assert!(block_on(key.identify()).is_ok());
}

#[test]
fn a_channel_that_was_never_given() {
    let desk = Desk::set_up();
    let cable = Cable::into(&desk);
    let mut stranger = cable.another();
    block_on(stranger.send(&packets(77, Kind::Apdu, &[0; 4])[0])).unwrap();
    let answer = block_on(stranger.receive()).unwrap();
    assert_eq!(answer, packets(77, Kind::Refused, &[Refusal::NoChannel.code()])[0]);
    block_on(stranger.send(&packets(BROADCAST, Kind::Apdu, &[0; 4])[0])).unwrap();
    assert_eq!(block_on(stranger.receive()), Err(KeyError::Timeout));
}

/// R060, R156: whichever packet was the last, the page learns "removed", never "wrong PIN"; and a fresh wire to the key
/// put back goes on.
#[test]
fn pulled_before_any_packet() {
    let desk = Desk::set_up();
    desk.finished();
    for at in 0.. {
        let cable = Cable::into(&desk);
        cable.socket.borrow_mut().leave_after = Some(at);
        let conversation = async {
            let wire = Wire::open(cable.clone(), [0; 8]).await?;
            let mut key = ApduKey::open(wire).await?;
            key.identify().await?;
            key.pin_info(PinKind::User).await?;
            key.verify_pin(PinKind::User, &user()).await?;
            key.sign(b"a statement").await
        };
        match block_on(conversation) {
            Ok(_) => {
                assert!(at > 5, "the conversation has more packets than {at}");
                return;
            }
            Err(error) => assert_eq!(error, KeyError::Removed, "packet {at}"),
        }
    }
}

/// A late answer must not be taken for the answer to the next question: after a timeout the wire is finished.
#[test]
fn a_wire_that_timed_out_is_finished() {
    let desk = Desk::set_up();
    let cable = Cable::into(&desk);
    let mut key = cable.key().unwrap();
    cable.socket.borrow_mut().muted = true;
    assert_eq!(block_on(key.identify()), Err(KeyError::Timeout));
    cable.socket.borrow_mut().muted = false;
    assert_eq!(block_on(key.identify()), Err(KeyError::Removed));
    assert!(block_on(cable.key().unwrap().identify()).is_ok());
}
