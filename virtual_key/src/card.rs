//! A soft key as a card: the client's side of vpcd, the virtual reader that Debian's vsmartcard-vpcd brings to pcscd.
//!
//! ```text
//! message := length u16 (big-endian) · octets
//! one octet to the card: 0 power off, 1 power on, 2 reset, 4 send the ATR. Anything longer is a command APDU.
//! ```
//! A card is in the reader for as long as the connection stands.

use key::KeyError;
use key::channel::Channel;
use key::soft::{Drawer, SoftChannel};
use rustix::net::sockopt::set_tcp_quickack;
use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The first reader's port; the second has the next.
pub const VPCD: u16 = 35963;
const READERS: usize = 2;
const LOOK: Duration = Duration::from_millis(25);
/// pcscd looks into its readers every 400 ms; a card that was away for less was never away, and then it is confused.
const AWAY: Duration = Duration::from_millis(900);

/// TS, T0 (a further interface byte, seven historical), TD1 = T=0 and more, TD2 = T=1, the name, a check byte.
const ATR: [u8; 12] = with_check([0x3B, 0x87, 0x80, 0x01, b'C', b'E', b'R', b'T', b'H', b'A', b'L', 0]);

const fn with_check(mut atr: [u8; 12]) -> [u8; 12] {
    let mut at = 1;
    while at < 11 {
        atr[11] ^= atr[at];
        at += 1;
    }
    atr
}

/// A card in its reader.
struct InReader {
    serial: String,
    line: TcpStream,
    served: JoinHandle<()>,
}

impl InReader {
    fn put(drawer: &Drawer, serial: &str, card: SoftChannel, port: u16) -> std::io::Result<InReader> {
        let line = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        line.set_nodelay(true)?;
        let theirs = line.try_clone()?;
        let again = (drawer.clone(), serial.to_owned());
        let served = std::thread::spawn(move || {
            // However it ends, the card is out of the reader then.
            let _ = serve(&theirs, card, &again);
            let _ = theirs.shutdown(Shutdown::Both);
        });
        Ok(InReader { serial: serial.to_owned(), line, served })
    }
}

/// Puts every key that is inserted into a reader of its own, until `stop`.
///
/// # Errors
/// The drawer's; a reader that is not there.
pub fn follow(drawer: &Drawer, vpcd: u16, stop: &AtomicBool) -> Result<(), Box<dyn Error>> {
    let mut readers: [Option<InReader>; READERS] = Default::default();
    let mut emptied = [None::<Instant>; READERS];
    while !stop.load(Ordering::Relaxed) {
        let inserted: Vec<String> =
            drawer.list()?.into_iter().filter(|key| key.inserted).map(|key| key.serial).collect();
        for (reader, emptied) in readers.iter_mut().zip(&mut emptied) {
            if let Some(card) = reader
                && (!inserted.contains(&card.serial) || card.served.is_finished())
            {
                let _ = card.line.shutdown(Shutdown::Both);
                (*reader, *emptied) = (None, Some(Instant::now()));
            }
        }
        for serial in inserted {
            if readers.iter().flatten().any(|card| card.serial == serial) {
                continue;
            }
            let rested = |since: &Option<Instant>| since.is_none_or(|since| since.elapsed() > AWAY);
            let mut free = readers.iter_mut().zip(&emptied).zip(vpcd..);
            let free = free.find(|((reader, since), _)| reader.is_none() && rested(since));
            if let (Some(((reader, _), port)), Ok(card)) = (free, drawer.open(&serial)) {
                *reader = Some(InReader::put(drawer, &serial, card, port)?);
            }
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Answers the reader until the key leaves its port.
fn serve(
    mut line: &TcpStream,
    mut card: SoftChannel,
    again: &(Drawer, String),
) -> Result<(), Box<dyn Error>> {
    loop {
        let mut length = [0; 2];
        hear(line, &mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        hear(line, &mut message)?;
        let answer = match message[..] {
            [4] => ATR.to_vec(),
            [_] => {
                // Without power nothing that was verified stays so.
                card = again.0.open(&again.1)?;
                continue;
            }
            _ => match futures::FutureExt::now_or_never(card.exchange(&message)) {
                Some(Ok(answer)) => answer,
                Some(Err(error)) => return Err(error.into()),
                None => return Err(KeyError::Timeout.into()),
            },
        };
        let mut said = (answer.len() as u16).to_be_bytes().to_vec();
        said.extend(answer);
        line.write_all(&said)?;
    }
}

/// The reader writes the length by itself and waits to be acknowledged: at once, or an APDU takes 50 ms.
fn hear(mut line: &TcpStream, buffer: &mut [u8]) -> std::io::Result<()> {
    set_tcp_quickack(line, true)?;
    line.read_exact(buffer)
}
