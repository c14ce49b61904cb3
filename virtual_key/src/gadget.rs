//! The key as a USB gadget: the kernel's own device side, of two functions as `ports.py` plays them, HID by /dev/hidg0 and
//! vendor bulk by FunctionFS. With dummy_hcd the same kernel is its host, and nothing between key and browser is ours.
//!
//! One key at a time: it is plugged by binding the gadget to the controller, and pulled by unbinding it.

use crate::device::Inside;
use key::frame::{PACKET, Packet};
use key::soft::{Drawer, Port};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write, stdout};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(25);
/// One collection on vendor page FF00, reports of 64 octets both ways, no report number: as in `ports.py`.
const REPORTS: [u8; 34] = [
    0x06, 0x00, 0xFF, 0x09, 0x01, 0xA1, 0x01, 0x09, 0x02, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95,
    0x40, 0x81, 0x02, 0x09, 0x03, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xC0,
];
/// A bulk packet of high speed; ours are shorter.
const BULK: usize = 512;

/// What is plugged now.
type Plugged = Arc<Mutex<Option<Inside>>>;

/// Follows the drawer until `stop`.
///
/// # Errors
/// A kernel without gadgets, or without a controller for them; the drawer's.
pub fn follow(drawer: &Drawer, stop: &AtomicBool) -> Result<(), Box<dyn Error>> {
    let gadget = Gadget::make()?;
    let plugged = Plugged::default();
    let bulk = plugged.clone();
    let (read_from, write_to) = gadget.bulk()?;
    thread::spawn(move || serve_bulk(&bulk, read_from, write_to));
    writeln!(stdout(), "ready")?;
    let mut serial: Option<String> = None;
    let mut over = Arc::new(AtomicBool::new(false));
    while !stop.load(Ordering::Relaxed) {
        let inserted = drawer.list()?.into_iter().find(|key| key.inserted).map(|key| key.serial);
        let dead = lock(&plugged).as_ref().is_some_and(Inside::is_dead);
        if serial.is_some() && (dead || serial != inserted) {
            over.store(true, Ordering::Relaxed);
            gadget.unbind()?;
            (*lock(&plugged), serial) = (None, None);
        }
        if let (None, Some(next)) = (&serial, inserted)
            && let Ok(card) = drawer.open(&next)
        {
            *lock(&plugged) = Some(Inside::of(card));
            gadget.bind(&next)?;
            over = Arc::new(AtomicBool::new(false));
            let (hid, over) = (plugged.clone(), over.clone());
            thread::spawn(move || serve_hid(&hid, &over));
            serial = Some(next);
        }
        thread::sleep(LOOK);
    }
    gadget.unbind().or(Ok(()))
}

fn lock(plugged: &Mutex<Option<Inside>>) -> std::sync::MutexGuard<'_, Option<Inside>> {
    plugged.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(plugged: &Mutex<Option<Inside>>, which: fn(&mut Inside) -> &mut Port, packet: &[u8]) -> Vec<Packet> {
    // A key that is gone answers nothing; whoever follows the drawer pulls it.
    lock(plugged).as_mut().and_then(|inside| inside.take(which, packet).ok()).unwrap_or_default()
}

/// For as long as this key is plugged: the kernel makes the node anew for each binding.
fn serve_hid(plugged: &Mutex<Option<Inside>>, over: &AtomicBool) {
    let mut opened = None;
    while opened.is_none() && !over.load(Ordering::Relaxed) {
        opened = OpenOptions::new().read(true).write(true).open("/dev/hidg0").ok();
        thread::sleep(Duration::from_millis(2));
    }
    let Some(mut node) = opened else { return };
    let mut packet = [0; PACKET];
    while !over.load(Ordering::Relaxed) {
        let mut wait = [PollFd::new(&node, PollFlags::IN)];
        let patience = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
        if !matches!(poll(&mut wait, Some(&patience)), Ok(1..)) || !wait[0].revents().contains(PollFlags::IN)
        {
            continue;
        }
        let Ok(PACKET) = node.read(&mut packet) else { continue };
        for answer in take(plugged, |inside| &mut inside.hid, &packet) {
            let _ = node.write_all(&answer);
        }
    }
}

/// For as long as this process lives: while nothing is bound the endpoints wait.
fn serve_bulk(plugged: &Mutex<Option<Inside>>, mut read_from: File, mut write_to: File) {
    let mut packet = [0; BULK];
    loop {
        match read_from.read(&mut packet) {
            Ok(PACKET) => {
                for answer in take(plugged, |inside| &mut inside.usb, &packet[..PACKET]) {
                    let _ = write_to.write_all(&answer);
                }
            }
            // Pulled, or something that is no packet of ours.
            Ok(_) | Err(_) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// A gadget in configfs, and the folder of its endpoints.
struct Gadget {
    at: PathBuf,
    endpoints: PathBuf,
    controller: String,
    /// The function lives for as long as this is open.
    _control: File,
}

impl Gadget {
    fn make() -> Result<Gadget, Box<dyn Error>> {
        let at = PathBuf::from("/sys/kernel/config/usb_gadget/certhall");
        let controllers = fs::read_dir("/sys/class/udc").map_err(|_| "this kernel has no USB gadgets")?;
        let controller =
            controllers.flatten().next().ok_or("there is no controller for gadgets (dummy_hcd)")?;
        let endpoints = PathBuf::from("/dev/certhall-key");
        // One that ran here before has left it, unbound.
        if !at.is_dir() {
            describe(&at)?;
            fs::create_dir_all(&endpoints)?;
            let mounted = Command::new("mount").args(["-t", "functionfs", "key"]).arg(&endpoints).status()?;
            if !mounted.success() {
                return Err("functionfs cannot be mounted".into());
            }
        }
        let mut control = OpenOptions::new().read(true).write(true).open(endpoints.join("ep0"))?;
        control.write_all(&descriptors())?;
        // No strings: magic, length, and no languages.
        control.write_all(&[2u32, 16, 0, 0].map(u32::to_le_bytes).concat())?;
        let controller = controller.file_name().to_string_lossy().into_owned();
        Ok(Gadget { at, endpoints, controller, _control: control })
    }

    /// The endpoint that the host writes to, and the one that it reads from.
    fn bulk(&self) -> std::io::Result<(File, File)> {
        let open = |name: &str| OpenOptions::new().read(true).write(true).open(self.endpoints.join(name));
        Ok((open("ep2")?, open("ep1")?))
    }

    fn bind(&self, serial: &str) -> std::io::Result<()> {
        fs::write(self.at.join("strings/0x409/serialnumber"), serial)?;
        fs::write(self.at.join("UDC"), &self.controller)
    }

    fn unbind(&self) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(self.at.join("UDC"), "\n")?)
    }
}

/// What it is called, and its two functions.
fn describe(at: &Path) -> Result<(), Box<dyn Error>> {
    // Configfs makes what belongs to a folder by itself, and no folder above it.
    for folder in ["", "strings/0x409", "configs/c.1", "functions/hid.0", "functions/ffs.key"] {
        fs::create_dir(at.join(folder)).map_err(|error| format!("{}/{folder}: {error}", at.display()))?;
    }
    let values: [(&str, &[u8]); 6] = [
        ("idVendor", b"0x1209"),
        ("idProduct", b"0x0001"),
        ("strings/0x409/manufacturer", b"certhall"),
        ("strings/0x409/product", b"Virtual UKEY"),
        ("functions/hid.0/report_length", b"64"),
        ("functions/hid.0/report_desc", &REPORTS),
    ];
    for (name, value) in values {
        fs::write(at.join(name), value).map_err(|error| format!("{name}: {error}"))?;
    }
    for function in ["hid.0", "ffs.key"] {
        symlink(at.join("functions").join(function), at.join("configs/c.1").join(function))?;
    }
    Ok(())
}

/// One vendor interface with two bulk endpoints, for both speeds (linux/usb/functionfs.h, version 2).
fn descriptors() -> Vec<u8> {
    let of = |size: u16| {
        let [low, high] = size.to_le_bytes();
        let interface = [9, 4, 0, 0, 2, 0xFF, 0, 0, 0];
        [&interface[..], &[7, 5, 0x81, 2, low, high, 0], &[7, 5, 0x02, 2, low, high, 0]].concat()
    };
    let speeds = [of(64), of(BULK as u16)].concat();
    let head = [3, 20 + speeds.len() as u32, 1 | 2, 3, 3].map(u32::to_le_bytes).concat();
    [head, speeds].concat()
}
