//! The process in which a library lives: loads it, then does what the helper asks, one thing at a time.

use std::{
    collections::HashMap,
    error::Error,
    io::{Read, Write},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
};

use futures::executor::block_on;
use key::{
    KeyError,
    remote::{Said, Verb, carry_out},
};

use super::{Kind, Library, Order, Report, pkcs11::Pkcs11, skf::Skf};
use crate::pipe;

/// A library that is loaded.
enum Loaded {
    Skf(Skf),
    Pkcs11(Pkcs11),
}

enum LibraryKey {
    Skf(super::skf::SkfKey),
    Pkcs11(super::pkcs11::Pkcs11Key),
}

/// Until the helper closes the pipe; then at once, whatever the library does.
///
/// # Errors
/// The pipe's.
pub fn serve() -> Result<(), Box<dyn Error>> {
    let output = own_output()?;
    let mut input = std::io::stdin();
    let library: Library = pipe::read(&mut input)?;
    let output = Arc::new(Mutex::new(output));
    let orders = orders(input);
    match load(&library) {
        Ok(loaded) => {
            say(&output, &Report::Ready)?;
            obey(loaded, &orders, &output)
        }
        Err(error) => say(&output, &Report::Failed(error)),
    }
}

/// Our pipe under another number: a library that prints must not speak to the helper. No core is written, it could hold
/// a PIN.
#[cfg(unix)]
fn own_output() -> Result<impl Write + Send + 'static, Box<dyn Error>> {
    let ours = rustix::io::fcntl_dupfd_cloexec(std::io::stdout(), 3)?;
    rustix::stdio::dup2_stdout(std::io::stderr())?;
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    rustix::process::setrlimit(rustix::process::Resource::Core, none)?;
    Ok(std::fs::File::from(ours))
}

#[cfg(not(unix))]
fn own_output() -> Result<impl Write + Send + 'static, Box<dyn Error>> {
    Ok(std::io::stdout())
}

/// Read by a thread of its own, so that the end of the helper is noticed while the library works, or hangs.
fn orders(mut input: impl Read + Send + 'static) -> Receiver<Order> {
    let (tell, orders) = channel();
    thread::spawn(move || {
        while let Ok(order) = pipe::read(&mut input) {
            if tell.send(order).is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    orders
}

fn load(library: &Library) -> Result<Loaded, KeyError> {
    library.check()?;
    match library.kind {
        Kind::Skf => Skf::load(&library.path, library.skf.clone()).map(Loaded::Skf),
        Kind::Pkcs11 => Pkcs11::load(&library.path, library.pkcs11.clone()).map(Loaded::Pkcs11),
    }
}

fn obey<W: Write>(
    mut loaded: Loaded,
    orders: &Receiver<Order>,
    output: &Mutex<W>,
) -> Result<(), Box<dyn Error>> {
    let mut keys: HashMap<u32, LibraryKey> = HashMap::new();
    let mut last = 0;
    while let Ok(order) = orders.recv() {
        let done = match order {
            Order::Devices => loaded.devices().map(Report::Devices),
            Order::Open(device) => loaded.open(&device).map(|key| {
                last += 1;
                keys.insert(last, key);
                Report::Opened(last)
            }),
            Order::Close(key) => {
                keys.remove(&key);
                Ok(Report::Closed)
            }
            Order::Ask(key, verb) => match keys.get_mut(&key) {
                Some(key) => Ok(Report::Said(key.ask(verb))),
                None => Err(KeyError::Removed),
            },
        };
        say(output, &done.unwrap_or_else(Report::Failed))?;
    }
    Ok(())
}

fn say<W: Write>(output: &Mutex<W>, report: &Report) -> Result<(), Box<dyn Error>> {
    let mut output = output.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(pipe::write(&mut *output, report)?)
}

impl Loaded {
    fn devices(&mut self) -> Result<Vec<String>, KeyError> {
        match self {
            Loaded::Skf(library) => library.devices(),
            Loaded::Pkcs11(library) => library.devices(),
        }
    }

    fn open(&mut self, device: &str) -> Result<LibraryKey, KeyError> {
        match self {
            Loaded::Skf(library) => library.open(device).map(LibraryKey::Skf),
            Loaded::Pkcs11(library) => library.open(device).map(LibraryKey::Pkcs11),
        }
    }
}

impl LibraryKey {
    fn ask(&mut self, verb: Verb) -> Said {
        let said = match self {
            LibraryKey::Skf(key) => block_on(carry_out(key, verb)),
            LibraryKey::Pkcs11(key) => block_on(carry_out(key, verb)),
        };
        said.unwrap_or_else(Said::Failed)
    }
}
