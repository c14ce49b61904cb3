//! hidraw: the node is the connection itself; ioctls tell the report descriptor and the names.

use crate::libc_below::errno;
use crate::socket;
use libc::{c_int, c_ulong, c_void};
use std::sync::Arc;

const NAME: &[u8] = b"certhall Virtual UKEY\0";
const BUS_USB: u32 = 3;
const VENDOR: u16 = 0x1209;
const PRODUCT: u16 = 0x0001;

/// # Errors
/// ENODEV.
pub fn open(ports: &str, number: &str) -> Result<(c_int, Arc<Vec<u8>>), c_int> {
    let fd = socket::connect(ports, &format!("hidraw{number}"))?;
    let reports = std::fs::read(format!("{ports}/reports")).map_err(|_| libc::ENODEV)?;
    Ok((fd, Arc::new(reports)))
}

/// # Safety
/// `argument` is what this request wants (linux/hidraw.h).
pub unsafe fn ioctl(reports: &[u8], request: c_ulong, argument: *mut c_void) -> c_int {
    let room = ((request >> 16) & 0x3FFF) as usize;
    unsafe {
        match request & 0xFF {
            // HIDIOCGRDESCSIZE
            1 => {
                *argument.cast::<c_int>() = reports.len() as c_int;
                0
            }
            // HIDIOCGRDESC: its size, then up to 4096 octets.
            2 => {
                *argument.cast::<u32>() = reports.len() as u32;
                std::ptr::copy_nonoverlapping(reports.as_ptr(), argument.cast::<u8>().add(4), reports.len());
                0
            }
            // HIDIOCGRAWINFO
            3 => {
                *argument.cast::<u32>() = BUS_USB;
                *argument.cast::<u16>().add(2) = VENDOR;
                *argument.cast::<u16>().add(3) = PRODUCT;
                0
            }
            // HIDIOCGRAWNAME, PHYS, UNIQ
            4 | 5 | 8 => {
                let length = NAME.len().min(room);
                std::ptr::copy_nonoverlapping(NAME.as_ptr(), argument.cast::<u8>(), length);
                length as c_int
            }
            // Feature reports: our key has none.
            _ => errno(libc::EPIPE),
        }
    }
}
