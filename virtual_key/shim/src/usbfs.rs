//! usbfs: transfers (URBs) are submitted and reaped by ioctl; each becomes one message to the device and one back.
//!
//! ```text
//! to the device    id u64 · what u8 (0 transfer, 1 give up) · type u8 · endpoint u8 · 0 · length u32 · data
//! from the device  id u64 · status i32 · length u32 · data           (native byte order: one machine)
//! ```
//! A program waits for its node to become writable before it reaps. So the descriptor that we give out is one end of a
//! socket pair whose buffer is kept full, and is drained as soon as a transfer is complete.

use crate::libc_below::errno;
use crate::socket;
use libc::{c_int, c_uint, c_ulong, c_void};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

const CONTROL: u8 = 2;
const SETUP: usize = 8;
const MESSAGE: usize = 16;

/// struct usbdevfs_urb.
#[repr(C)]
struct Urb {
    kind: u8,
    endpoint: u8,
    status: c_int,
    flags: c_uint,
    buffer: *mut u8,
    buffer_length: c_int,
    actual_length: c_int,
    start_frame: c_int,
    packets: c_int,
    errors: c_int,
    signal: c_uint,
    context: *mut c_void,
}

impl Urb {
    /// Data towards the program.
    fn reads(&self) -> bool {
        let direction = if self.kind == CONTROL {
            // SAFETY: a control transfer's buffer begins with its setup packet.
            unsafe { *self.buffer }
        } else {
            self.endpoint
        };
        direction & 0x80 != 0
    }

    fn offset(&self) -> usize {
        if self.kind == CONTROL { SETUP } else { 0 }
    }

    /// What goes with the message: data out, and a control transfer's setup always.
    fn outgoing(&self) -> &[u8] {
        let length = if self.reads() { self.offset() } else { self.buffer_length.max(0) as usize };
        // SAFETY: the program's buffer has this length.
        unsafe { std::slice::from_raw_parts(self.buffer, length) }
    }
}

pub struct Device {
    /// The connection to the device.
    line: c_int,
    /// The full end that the program waits on, and the end that drains it.
    gate: c_int,
    drain: c_int,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Addresses of URBs at the device, by our number.
    pending: HashMap<u64, usize>,
    done: VecDeque<usize>,
    last: u64,
    gone: bool,
}

/// # Errors
/// ENODEV.
pub fn open(ports: &str, address: &str) -> Result<(c_int, Arc<Device>), c_int> {
    let line = socket::connect(ports, &format!("usb-{}", address.replace('/', "-")))?;
    let mut pair = [0; 2];
    // SAFETY: two descriptors into an array of two; a small buffer is quickly full.
    unsafe {
        libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0, pair.as_mut_ptr());
        let small: c_int = 4096;
        let size = std::mem::size_of_val(&small) as libc::socklen_t;
        libc::setsockopt(pair[0], libc::SOL_SOCKET, libc::SO_SNDBUF, std::ptr::from_ref(&small).cast(), size);
    }
    let device = Arc::new(Device { line, gate: pair[0], drain: pair[1], state: Mutex::default() });
    device.fill();
    let reader = device.clone();
    std::thread::spawn(move || reader.listen());
    Ok((pair[0], device))
}

impl Device {
    pub fn close(&self) {
        // SAFETY: our own descriptor; the listener sees the end and goes.
        unsafe { libc::shutdown(self.line, libc::SHUT_RDWR) };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn fill(&self) {
        let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
        let zeros = [0_u8; 4096];
        // SAFETY: our own buffer.
        while unsafe { libc::send(self.gate, zeros.as_ptr().cast(), zeros.len(), flags) } > 0 {}
    }

    fn let_reap(&self) {
        let mut sink = [0_u8; 65536];
        // SAFETY: our own buffer.
        while unsafe { libc::recv(self.drain, sink.as_mut_ptr().cast(), sink.len(), libc::MSG_DONTWAIT) } > 0
        {
        }
    }

    /// Takes what the device says until it is gone.
    fn listen(&self) {
        let mut message = vec![0_u8; 70_000];
        loop {
            // SAFETY: our own buffer.
            let got = unsafe { libc::recv(self.line, message.as_mut_ptr().cast(), message.len(), 0) };
            let mut state = self.state();
            if got < MESSAGE as isize {
                state.gone = true;
                let left: Vec<usize> = state.pending.drain().map(|(_, urb)| urb).collect();
                for urb in left {
                    // SAFETY: a pending URB stays the kernel's, that is ours, until it is reaped.
                    unsafe { (*(urb as *mut Urb)).status = -libc::ENODEV };
                    state.done.push_back(urb);
                }
                return self.let_reap();
            }
            let (head, data) = message[..got as usize].split_at(MESSAGE);
            let word = |at: usize| u32::from_ne_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
            let id =
                u64::from_ne_bytes([head[0], head[1], head[2], head[3], head[4], head[5], head[6], head[7]]);
            if let Some(urb) = state.pending.remove(&id) {
                // SAFETY: as above.
                complete(unsafe { &mut *(urb as *mut Urb) }, word(8) as i32, word(12) as usize, data);
                state.done.push_back(urb);
                self.let_reap();
            }
        }
    }

    fn submit(&self, address: usize) -> c_int {
        let mut state = self.state();
        if state.gone {
            return errno(libc::ENODEV);
        }
        // SAFETY: the program's URB, ours until it is reaped.
        let urb = unsafe { &*(address as *const Urb) };
        state.last += 1;
        let id = state.last;
        let mut message = id.to_ne_bytes().to_vec();
        message.extend([0, urb.kind, urb.endpoint, 0]);
        message.extend((urb.buffer_length as u32).to_ne_bytes());
        message.extend(urb.outgoing());
        state.pending.insert(id, address);
        if self.tell(&message) {
            return 0;
        }
        state.pending.remove(&id);
        state.gone = true;
        errno(libc::ENODEV)
    }

    fn reap(&self, into: *mut *mut c_void) -> c_int {
        let mut state = self.state();
        match state.done.pop_front() {
            Some(urb) => {
                // SAFETY: the caller's place for a pointer.
                unsafe { *into = urb as *mut c_void };
                if state.done.is_empty() && !state.gone {
                    self.fill();
                }
                0
            }
            None if state.gone => errno(libc::ENODEV),
            None => {
                self.fill();
                errno(libc::EAGAIN)
            }
        }
    }

    fn discard(&self, address: usize) -> c_int {
        let mut state = self.state();
        let found = state.pending.iter().find(|(_, urb)| **urb == address).map(|(id, _)| *id);
        let Some(id) = found else { return errno(libc::EINVAL) };
        state.pending.remove(&id);
        // SAFETY: as above.
        unsafe { (*(address as *mut Urb)).status = -libc::ENOENT };
        state.done.push_back(address);
        self.let_reap();
        let mut message = id.to_ne_bytes().to_vec();
        message.extend([1, 0, 0, 0, 0, 0, 0, 0]);
        self.tell(&message);
        0
    }

    fn tell(&self, message: &[u8]) -> bool {
        // SAFETY: our own buffer.
        unsafe { libc::send(self.line, message.as_ptr().cast(), message.len(), libc::MSG_NOSIGNAL) >= 0 }
    }
}

fn complete(urb: &mut Urb, status: i32, length: usize, data: &[u8]) {
    urb.status = status;
    urb.actual_length = length as c_int;
    if urb.reads() {
        let room = (urb.buffer_length.max(0) as usize).saturating_sub(urb.offset());
        let taken = data.len().min(room);
        if data.len() > room {
            urb.status = -libc::EOVERFLOW;
        }
        // SAFETY: within the program's buffer.
        unsafe { std::ptr::copy_nonoverlapping(data.as_ptr(), urb.buffer.add(urb.offset()), taken) };
        urb.actual_length = taken as c_int;
    }
}

/// # Safety
/// `argument` is what this request wants (linux/usbdevice_fs.h).
pub unsafe fn ioctl(device: &Device, request: c_ulong, argument: *mut c_void) -> c_int {
    if (request >> 8) & 0xFF != c_ulong::from(b'U') {
        return errno(libc::ENOTTY);
    }
    match request & 0xFF {
        10 => device.submit(argument as usize),
        11 => device.discard(argument as usize),
        12 | 13 => device.reap(argument.cast()),
        // GETDRIVER and IOCTL (detach a driver): no kernel driver sits on it.
        8 | 18 => errno(libc::ENODATA),
        // GET_CAPABILITIES: none.
        26 => {
            unsafe { *argument.cast::<u32>() = 0 };
            0
        }
        _ if device.state().gone => errno(libc::ENODEV),
        // Claim, release, set configuration, set interface, reset, clear halt: nothing to do.
        _ => 0,
    }
}
