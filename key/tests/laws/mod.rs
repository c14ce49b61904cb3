//! Owns: the laws of a key, the same whatever carries them: a backend passes when `all` does on a stand of it.
//! Never: knows how a key is reached, or what a page or an office asks for in which order.
//! Start at: `Stand`, then `all`.

/// `list()`, of these.
macro_rules! laws {
    ($($law:ident),* $(,)?) => {
        pub fn list<S: super::Stand>() -> Vec<super::Law<S>> {
            vec![$((stringify!($law), $law as fn(&mut S))),*]
        }
    };
}

mod generations;
mod pins;
mod production;
mod pulled;

use std::time::Instant;

use futures::executor::block_on;
use key::{
    KeyError, Pin,
    key::Key,
    message::NameParts,
    production::{Personalised, personalise},
};

use crate::office::{Issued, Office};

/// 32 hex digits: a nonce of the office.
pub const NONCE: &str = "00112233445566778899aabbccddeeff";

/// A folder for soft keys: in memory where there is such a place, for a key writes its file through to the disk at each
/// command, and the laws give it thousands.
pub fn shelf() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// A port of some kind, with one key in it.
pub trait Stand {
    type Key: Key;

    fn office(&self) -> &Office;
    /// Takes out what is in and puts in a key fresh from the factory; its serial.
    fn blank(&mut self) -> String;
    /// A new session. Waits for what was just put in.
    fn open(&mut self) -> Result<Self::Key, KeyError>;
    /// It leaves its port instead of answering, when its card has answered so many more commands.
    fn pull_after(&mut self, commands: u32);
    /// The same, but it was just about to do that command (or had done it) when its power went.
    fn power_goes_after(&mut self, commands: u32, done: bool);
    fn put_back(&mut self);
    /// A renewal is cut at every so many commands: at each, unless the way is slow.
    fn stride(&self) -> u32 {
        1
    }
}

/// Its name, and itself: it panics where it does not hold.
pub type Law<S> = (&'static str, fn(&mut S));

/// Every law, on a blank key each.
pub fn list<S: Stand>() -> Vec<Law<S>> {
    [production::list(), pins::list(), pulled::list(), generations::list()].concat()
}

pub fn all<S: Stand>(stand: &mut S) {
    for (name, law) in list::<S>() {
        let since = Instant::now();
        law(stand);
        eprintln!("{:6.1} s  {name}", since.elapsed().as_secs_f32());
    }
}

pub fn user() -> Pin {
    Pin::new("Kx7-uQ92")
}

pub fn admin() -> Pin {
    Pin::new("ADMINADMIN234567")
}

pub fn subject() -> NameParts {
    NameParts {
        country: "CN".into(),
        organisation: Some("北京示例科技有限公司".into()),
        unit: None,
        serial_number: Some("91110108MA01ABCDE6".into()),
        common_name: "北京示例科技有限公司".into(),
    }
}

pub fn begin(key: &mut impl Key) -> Result<Personalised, KeyError> {
    block_on(personalise(key, "示例科技", &admin(), &user(), &subject(), NONCE))
}

pub fn install(key: &mut impl Key, issued: &Issued) -> Result<(), KeyError> {
    let Issued { sign_certificate, encrypt_certificate, enveloped_key, .. } = issued;
    block_on(key::production::install(key, sign_certificate, encrypt_certificate, enveloped_key))
}

/// A finished key, still open and logged in.
pub fn finished<S: Stand>(stand: &mut S) -> (S::Key, Issued) {
    stand.blank();
    let mut key = stand.open().unwrap();
    let issued = stand.office().issue(&begin(&mut key).unwrap().request);
    install(&mut key, &issued).unwrap();
    (key, issued)
}
