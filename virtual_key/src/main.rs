//! Soft keys as USB devices: follows a drawer, and puts every key that is inserted into a port of its own.
//!
//! Owns: the devices behind the sockets that the shim connects to, and when they come and go.
//! Never: what a key answers (`key::soft`), sysfs (`ports.py`).
//! Start at: `main`, then `device.rs`.

mod card;
mod device;
mod gadget;
mod hid;
mod ports;
mod seqpacket;
mod usb;

use device::Device;
use key::soft::Drawer;
use ports::Ports;
use std::collections::HashMap;
use std::error::Error;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str = "\
virtual-key --drawer DIR --ports DIR
    as USB devices; DIR of --ports is made anew
virtual-key card --drawer DIR [--vpcd PORT]
    as cards in the virtual readers of a PC/SC service with vsmartcard's driver, from port 35963 upwards
virtual-key gadget --drawer DIR
    the key that is inserted as a USB gadget of this very kernel, which has dummy_hcd; as root
Stop it by closing stdin.";
const LOOK: Duration = Duration::from_millis(25);

fn main() -> Result<(), Box<dyn Error>> {
    let Asked { card, gadget, drawer, ports, vpcd } = arguments()?;
    let drawer = Drawer::at(drawer.ok_or(USAGE)?);
    if card {
        writeln!(stdout(), "ready")?;
        return card::follow(&drawer, vpcd, &until_stdin_closes());
    }
    if gadget {
        return gadget::follow(&drawer, &until_stdin_closes());
    }
    as_devices(&drawer, ports.ok_or(USAGE)?)
}

fn as_devices(drawer: &Drawer, folder: PathBuf) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(&folder)?;
    let mut ports = Ports::start(&folder)?;
    // The one line that a test waits for: the environment of a program that shall see the keys.
    writeln!(stdout(), "ready UMOCKDEV_DIR={} VIRTUAL_KEY_PORTS={}", ports.root, folder.display())?;
    let stop = until_stdin_closes();
    let mut plugged: HashMap<String, Device> = HashMap::new();
    let mut last = 0;
    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
        let inserted: Vec<String> =
            drawer.list()?.into_iter().filter(|key| key.inserted).map(|key| key.serial).collect();
        // Pulled; or pulled and put back between two looks, which its wire knows.
        let over = |(serial, device): (&String, &Device)| {
            (device.is_dead() || !inserted.contains(serial)).then(|| serial.clone())
        };
        for serial in plugged.iter().filter_map(over).collect::<Vec<_>>() {
            let number = plugged.remove(&serial).map(|device| device.number);
            if let Some(number) = number {
                ports.unplug(number)?;
            }
        }
        for serial in inserted {
            if !plugged.contains_key(&serial)
                && let Ok(card) = drawer.open(&serial)
            {
                plugged.insert(serial.clone(), Device::plug(&folder, last, card)?);
                ports.plug(last, &serial)?;
                last += 1;
            }
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

struct Asked {
    card: bool,
    gadget: bool,
    drawer: Option<PathBuf>,
    ports: Option<PathBuf>,
    vpcd: u16,
}

fn arguments() -> Result<Asked, Box<dyn Error>> {
    use lexopt::prelude::*;
    let mut asked = Asked { card: false, gadget: false, drawer: None, ports: None, vpcd: card::VPCD };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) if word == "card" => asked.card = true,
            Value(word) if word == "gadget" => asked.gadget = true,
            Long("drawer") => asked.drawer = Some(parser.value()?.into()),
            Long("ports") => asked.ports = Some(parser.value()?.into()),
            Long("vpcd") => asked.vpcd = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(asked)
}

/// Whoever started us ends us by closing the pipe; also when they die.
fn until_stdin_closes() -> std::sync::Arc<std::sync::atomic::AtomicBool> {
    let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let tell = over.clone();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        tell.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    over
}
