//! Devices, and proving oneself to one.

use super::export;
use crate::card::Card;
use crate::memory::{give, octets, put, tell, text};
use crate::world::{DEVICE_KEY, Device, Handle, drawer, inserted, world};
use key::command::object;
use key::profile::iso7816 as set;
use key::skf::{device_info, sar};
use sm4::Sm4;
use sm4::cipher::{BlockCipherEncrypt, KeyInit};
use std::ffi::{c_char, c_void};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(50);
const CAME: u32 = 1;
const WENT: u32 = 2;

/// Counts up with each cancelling: who waits watches it.
static CANCELLED: AtomicU32 = AtomicU32::new(0);

export! {
    fn SKF_WaitForDevEvent(name: *mut c_char, length: *mut u32, event: *mut u32) {
        let (before, cancelled) = (inserted()?, CANCELLED.load(Ordering::Relaxed));
        loop {
            std::thread::sleep(LOOK);
            let now = inserted()?;
            let came = now.iter().find(|serial| !before.contains(serial)).map(|serial| (serial, CAME));
            let went = before.iter().find(|serial| !now.contains(serial)).map(|serial| (serial, WENT));
            if let Some((serial, what)) = came.or(went) {
                tell(event, what);
                return give(name.cast(), length, format!("{serial}\0").as_bytes());
            }
            if CANCELLED.load(Ordering::Relaxed) != cancelled {
                return Err(sar::FAIL);
            }
        }
    }

    fn SKF_CancelWaitForDevEvent() {
        CANCELLED.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn SKF_EnumDev(_present: u32, list: *mut u8, length: *mut u32) {
        give(list, length, &names(&inserted()?))
    }

    fn SKF_ConnectDev(name: *const c_char, device: *mut Handle) {
        let serial = text(name)?;
        let channel = drawer()?.open(&serial).map_err(|_| sar::DEVICE_REMOVED)?;
        let card = Card::open(channel)?;
        tell(device, world().connect(Device { card, serial, challenge: None, authenticated: false }));
        Ok(())
    }

    fn SKF_DisConnectDev(device: Handle) {
        world().close(device)
    }

    fn SKF_GetDevState(name: *const c_char, state: *mut u32) {
        tell(state, u32::from(inserted()?.contains(&text(name)?)));
        Ok(())
    }

    fn SKF_GetDevInfo(device: Handle, info: *mut u8) {
        let mut world = world();
        let device = world.device(device)?;
        let label = device.card.get(set::LABEL)?.unwrap_or_default();
        put(info, &device_info::write("certhall", &String::from_utf8_lossy(&label), &device.serial))
    }

    fn SKF_SetLabel(device: Handle, label: *const c_char) {
        let label = text(label)?;
        world().device(device)?.card.ask(object::put(set::LABEL, label.as_bytes())).map(drop)
    }

    fn SKF_LockDev(_device: Handle, _milliseconds: u32) {
        // Each command is whole by itself; nobody is kept out between two.
        Ok(())
    }

    fn SKF_UnlockDev(_device: Handle) {
        Ok(())
    }

    fn SKF_GenRandom(device: Handle, random: *mut u8, length: u32) {
        let mut world = world();
        let device = world.device(device)?;
        let mut bytes = Vec::new();
        while bytes.len() < length as usize {
            let mut command = key::apdu::Command::new(set::GET_CHALLENGE, 0, 0);
            command.expected = (length - bytes.len() as u32).min(256);
            bytes.extend(device.card.ask(command)?);
        }
        device.challenge = bytes.as_slice().try_into().ok();
        put(random, &bytes)
    }

    /// One block: the random octets given last, filled up with zeros, under the device key.
    fn SKF_DevAuth(device: Handle, answer: *const u8, length: u32) {
        let answer = octets(answer, length as usize)?;
        let mut world = world();
        let device = world.device(device)?;
        let challenge = device.challenge.take().ok_or(sar::FAIL)?;
        let mut block = [0; 16];
        block[..8].copy_from_slice(&challenge);
        let cipher = Sm4::new_from_slice(DEVICE_KEY).map_err(|_| sar::FAIL)?;
        cipher.encrypt_block((&mut block).into());
        device.authenticated = answer == block;
        if device.authenticated { Ok(()) } else { Err(sar::FAIL) }
    }

    fn SKF_ChangeDevAuthKey(_device: Handle, _key: *const u8, _length: u32) {
        Err(sar::NOT_SUPPORTED)
    }

    fn SKF_Transmit(_device: Handle, _command: *const u8, _length: u32, _answer: *mut c_void, _room: *mut u32) {
        Err(sar::NOT_SUPPORTED)
    }
}

/// Each with a zero after it, and one more at the end.
pub fn names(names: &[String]) -> Vec<u8> {
    let mut list: Vec<u8> = names.iter().flat_map(|name| [name.as_bytes(), &[0]].concat()).collect();
    list.push(0);
    list
}
