//! Containers: a generation of pairs each, and their certificates.

use super::application::finish;
use super::device::names;
use super::export;
use crate::memory::{give, octets, tell, text};
use crate::world::{Container, Handle, Place, world};
use key::command::{object, pair};
use key::profile::iso7816 as set;
use key::skf::{CONTAINER_SM2, sar};
use std::ffi::c_char;

export! {
    /// There on the card once it has a pair; until then only this handle knows of it.
    fn SKF_CreateContainer(application: Handle, name: *const c_char, container: *mut Handle) {
        let wanted = Container::of(&text(name)?).ok_or(sar::INVALID_PARAMETER)?;
        let mut world = world();
        let (handle, device) = world.application(application)?;
        if device.containers()?.contains(&wanted) {
            return Err(sar::FILE_EXISTS);
        }
        match wanted {
            Container::Generation(number) => {
                device.place(number)?;
            }
            Container::History(number) if number != device.history()?.len() + 1 => return Err(sar::NO_FILE),
            Container::History(_) | Container::Next(_) => {}
        }
        tell(container, world.open_container(handle, wanted));
        Ok(())
    }

    fn SKF_OpenContainer(application: Handle, name: *const c_char, container: *mut Handle) {
        let wanted = Container::of(&text(name)?).ok_or(sar::NO_FILE)?;
        let mut world = world();
        let (handle, device) = world.application(application)?;
        if !device.containers()?.contains(&wanted) {
            return Err(sar::NO_FILE);
        }
        tell(container, world.open_container(handle, wanted));
        Ok(())
    }

    /// What says "next" goes: that is the switch. A generation that is being made goes when it is made anew.
    fn SKF_DeleteContainer(application: Handle, name: *const c_char) {
        let wanted = Container::of(&text(name)?).ok_or(sar::NO_FILE)?;
        let mut world = world();
        let (_, device) = world.application(application)?;
        match wanted {
            Container::Next(_) if device.containers()?.contains(&wanted) => {
                device.card.ask(object::switch()).map(drop)
            }
            Container::Next(_) => Err(sar::NO_FILE),
            Container::Generation(number) => match device.place(number)? {
                Place::Next => Ok(()),
                Place::InUse | Place::Past(_) | Place::History(_) => Err(sar::NOT_SUPPORTED),
            },
            Container::History(_) => Err(sar::NOT_SUPPORTED),
        }
    }

    fn SKF_EnumContainer(application: Handle, list: *mut u8, length: *mut u32) {
        let all = world().application(application)?.1.containers()?;
        give(list, length, &names(&all.into_iter().map(Container::name).collect::<Vec<_>>()))
    }

    fn SKF_CloseContainer(container: Handle) {
        let mut world = world();
        world.container(container)?;
        world.close(container)
    }

    fn SKF_GetContainerType(container: Handle, kind: *mut u32) {
        let mut world = world();
        let (device, container) = world.container(container)?;
        let filled = !matches!(container, Container::Next(_)) && device.containers()?.contains(&container);
        tell(kind, if filled { CONTAINER_SM2 } else { 0 });
        Ok(())
    }

    fn SKF_ImportCertificate(container: Handle, sign: u32, der: *const u8, length: u32) {
        let der = octets(der, length as usize)?;
        let mut world = world();
        let (device, place) = world.generation(container)?;
        let tag = match (&place, sign != 0) {
            (Place::InUse, true) => set::SIGN_CERTIFICATE,
            (Place::InUse, false) => set::ENCRYPT_CERTIFICATE,
            (Place::Next, true) => set::NEXT_SIGN_CERTIFICATE,
            (Place::Next, false) => set::NEXT_ENCRYPT_CERTIFICATE,
            (Place::Past(_) | Place::History(_), _) => return Err(sar::NOT_SUPPORTED),
        };
        device.card.ask(object::put(tag, der))?;
        finish(device)
    }

    fn SKF_ExportCertificate(container: Handle, sign: u32, der: *mut u8, length: *mut u32) {
        let mut world = world();
        let (device, place) = world.generation(container)?;
        let tag = match (&place, sign != 0) {
            (Place::InUse, true) => set::SIGN_CERTIFICATE,
            (Place::InUse, false) => set::ENCRYPT_CERTIFICATE,
            (Place::Next, true) => set::NEXT_SIGN_CERTIFICATE,
            (Place::Next, false) => set::NEXT_ENCRYPT_CERTIFICATE,
            (Place::Past(number), false) => set::PAST_CERTIFICATES + u16::from(*number),
            // Forgotten with its pair.
            (Place::Past(_), true) | (Place::History(_), _) => return Err(sar::CERTIFICATE_NOT_FOUND),
        };
        give(der, length, &device.card.get(tag)?.ok_or(sar::CERTIFICATE_NOT_FOUND)?)
    }

    fn SKF_ExportPublicKey(container: Handle, sign: u32, blob: *mut u8, length: *mut u32) {
        let mut world = world();
        let (device, place) = world.generation(container)?;
        let point = match (&place, sign != 0) {
            (Place::InUse, true) => device.card.get(set::SIGN_POINT)?,
            (Place::InUse, false) => device.card.get(set::ENCRYPT_POINT)?,
            (Place::Next, true) => device.card.get(set::NEXT_SIGN_POINT)?,
            (Place::Next, false) => device.card.get(set::NEXT_ENCRYPT_POINT)?,
            (Place::Past(number), false) => {
                let points = device.card.get(set::PAST_POINTS)?.unwrap_or_default();
                points.chunks(65).nth(usize::from(*number)).map(<[u8]>::to_vec)
            }
            (Place::Past(_), true) => None,
            (Place::History(number), sign) => {
                let history = device.history()?;
                let place = history.get(*number).ok_or(sar::KEY_NOT_FOUND)?;
                if sign { Some(place.sign) } else { place.encrypt }.map(Vec::from)
            }
        };
        let point = point.ok_or(sar::KEY_NOT_FOUND)?.try_into().map_err(|_| sar::FAIL)?;
        give(blob, length, &key::skf::blob::public_key(&point))
    }

    fn SKF_GenECCKeyPair(container: Handle, algorithm: u32, blob: *mut u8) {
        if algorithm != key::skf::SM2_SIGN {
            return Err(sar::INVALID_PARAMETER);
        }
        let mut world = world();
        let (device, place) = world.generation(container)?;
        let command = match place {
            Place::InUse => pair::generate(),
            Place::Next => pair::generate_next(),
            Place::History(number) if number == device.history()?.len() => pair::generate_place(),
            Place::Past(_) | Place::History(_) => return Err(sar::NOT_SUPPORTED),
        };
        let point = pair::generated(&device.card.ask(command)?).map_err(|_| sar::FAIL)?;
        crate::memory::put(blob, &key::skf::blob::public_key(&point))
    }
}
