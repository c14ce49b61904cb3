//! Handles, and what hangs on them: devices that are connected, their applications, their containers.
//!
//! One lock for all of it: an SKF library may be called by several threads, a card answers one command at a time.

use crate::card::Card;
use key::profile::iso7816 as set;
use key::skf::sar;
use key::soft::Drawer;
use std::collections::HashMap;
use std::ffi::c_void;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

pub type Handle = *mut c_void;

/// The one application that a key of ours has.
pub const APPLICATION: &str = "CERTHALL";
/// The device key of every soft key.
pub const DEVICE_KEY: &[u8; 16] = b"1234567812345678";

#[derive(Default)]
pub struct World {
    last: usize,
    things: HashMap<usize, Thing>,
}

enum Thing {
    Device(Device),
    /// Of the device with this handle.
    Application(usize),
    Container(usize, Container),
}

pub struct Device {
    pub card: Card,
    pub serial: String,
    /// The random octets that an authentication answers; for one try.
    pub challenge: Option<[u8; 8]>,
    pub authenticated: bool,
}

/// A name for a generation of pairs on the card; it may not have been made yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Its number, from 1 for the first that the key had.
    Generation(usize),
    /// For one pair of before that came back, from 1: a signing pair made for it, and that pair.
    History(usize),
    /// Says that the generation of this number is not the one in use yet. It is empty.
    Next(usize),
}

impl Container {
    pub fn name(self) -> String {
        match self {
            Container::Generation(number) => format!("{APPLICATION}-{number}"),
            Container::History(number) => format!("{APPLICATION}-PAST-{number}"),
            Container::Next(number) => format!("{APPLICATION}-NEXT-{number}"),
        }
    }

    pub fn of(name: &str) -> Option<Container> {
        let rest = name.strip_prefix(APPLICATION)?.strip_prefix('-')?;
        match (rest.strip_prefix("NEXT-"), rest.strip_prefix("PAST-")) {
            (Some(number), _) => Some(Container::Next(number.parse().ok()?)),
            (None, Some(number)) => Some(Container::History(number.parse().ok()?)),
            (None, None) => Some(Container::Generation(rest.parse().ok()?)),
        }
    }
}

/// What the card calls a generation.
pub enum Place {
    InUse,
    Next,
    /// The newest is 0.
    Past(u8),
    /// The first is 0; perhaps still to be made.
    History(usize),
}

/// The points of a place for a pair of before: its signing pair, and what came under it.
pub struct History {
    pub sign: [u8; 65],
    pub encrypt: Option<[u8; 65]>,
}

impl Device {
    /// Generations of before.
    pub fn past(&mut self) -> Result<usize, u32> {
        let all = self.card.get(set::PAST_POINTS)?.map_or(0, |points| points.len() / 65);
        Ok(all - self.history()?.iter().filter(|place| place.encrypt.is_some()).count())
    }

    pub fn history(&mut self) -> Result<Vec<History>, u32> {
        let points = self.card.get(set::PLACES)?.unwrap_or_default();
        let (points, _) = points.as_chunks::<65>();
        let (places, _) = points.as_chunks::<2>();
        let place = |[sign, encrypt]: &[[u8; 65]; 2]| History {
            sign: *sign,
            encrypt: (encrypt[0] != 0).then_some(*encrypt),
        };
        Ok(places.iter().map(place).collect())
    }

    pub fn place(&mut self, number: usize) -> Result<Place, u32> {
        let past = self.past()?;
        match number {
            0 => Err(sar::NO_FILE),
            number if number <= past => Ok(Place::Past((past - number) as u8)),
            number if number == past + 1 => Ok(Place::InUse),
            number if number == past + 2 => Ok(Place::Next),
            _ => Err(sar::NO_FILE),
        }
    }

    pub fn has_application(&mut self) -> Result<bool, u32> {
        Ok(self.card.get(set::USER_TRIES)?.is_some())
    }

    /// What is on the card, in the words of containers.
    pub fn containers(&mut self) -> Result<Vec<Container>, u32> {
        let past = self.past()?;
        let mut all: Vec<Container> = (1..=past).map(Container::Generation).collect();
        if self.card.get(set::SIGN_POINT)?.is_some() {
            all.push(Container::Generation(past + 1));
        }
        if self.card.get(set::NEXT_SIGN_POINT)?.is_some() {
            all.extend([Container::Generation(past + 2), Container::Next(past + 2)]);
        }
        all.extend((1..=self.history()?.len()).map(Container::History));
        Ok(all)
    }
}

impl World {
    fn keep(&mut self, thing: Thing) -> Handle {
        self.last += 1;
        self.things.insert(self.last, thing);
        self.last as Handle
    }

    pub fn connect(&mut self, device: Device) -> Handle {
        self.keep(Thing::Device(device))
    }

    pub fn open_application(&mut self, device: Handle) -> Handle {
        self.keep(Thing::Application(device as usize))
    }

    pub fn open_container(&mut self, device: usize, container: Container) -> Handle {
        self.keep(Thing::Container(device, container))
    }

    /// And all that was opened through it.
    pub fn close(&mut self, handle: Handle) -> Result<(), u32> {
        let gone = handle as usize;
        self.things.remove(&gone).ok_or(sar::INVALID_HANDLE)?;
        self.things.retain(|_, thing| match thing {
            Thing::Device(_) => true,
            Thing::Application(device) | Thing::Container(device, _) => *device != gone,
        });
        Ok(())
    }

    pub fn device(&mut self, handle: Handle) -> Result<&mut Device, u32> {
        match self.things.get_mut(&(handle as usize)) {
            Some(Thing::Device(device)) => Ok(device),
            _ => Err(sar::INVALID_HANDLE),
        }
    }

    /// The device of an application, and its handle.
    pub fn application(&mut self, handle: Handle) -> Result<(usize, &mut Device), u32> {
        match self.things.get(&(handle as usize)) {
            Some(Thing::Application(device)) => {
                let device = *device;
                Ok((device, self.device(device as Handle)?))
            }
            _ => Err(sar::INVALID_HANDLE),
        }
    }

    /// The device of a container, and which it is.
    pub fn container(&mut self, handle: Handle) -> Result<(&mut Device, Container), u32> {
        match self.things.get(&(handle as usize)) {
            Some(Thing::Container(device, container)) => {
                let (device, container) = (*device, *container);
                Ok((self.device(device as Handle)?, container))
            }
            _ => Err(sar::INVALID_HANDLE),
        }
    }

    /// A container's generation as the card knows it.
    pub fn generation(&mut self, handle: Handle) -> Result<(&mut Device, Place), u32> {
        let (device, container) = self.container(handle)?;
        match container {
            Container::Generation(number) => {
                let place = device.place(number)?;
                Ok((device, place))
            }
            Container::History(number) => {
                let place = number.checked_sub(1).ok_or(sar::NO_FILE)?;
                Ok((device, Place::History(place)))
            }
            Container::Next(_) => Err(sar::KEY_NOT_FOUND),
        }
    }
}

pub fn world() -> MutexGuard<'static, World> {
    static WORLD: OnceLock<Mutex<World>> = OnceLock::new();
    WORLD.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn drawer() -> Result<Drawer, u32> {
    let named = |name| std::env::var_os(name).map(PathBuf::from);
    let at_home = || std::env::home_dir().map(|home| home.join(".local/share/certhall/soft-keys"));
    let dir = named("CERTHALL_SOFT_SKF").or_else(|| named("CERTHALL_SOFT_KEYS")).or_else(at_home);
    dir.map(Drawer::at).ok_or(sar::FAIL)
}

/// Serials of the keys in the port.
pub fn inserted() -> Result<Vec<String>, u32> {
    let keys = drawer()?.list().map_err(|_| sar::FAIL)?;
    Ok(keys.into_iter().filter(|key| key.inserted).map(|key| key.serial).collect())
}
