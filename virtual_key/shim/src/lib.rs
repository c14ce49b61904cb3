//! Preloaded into a program under test: `/dev/hidrawN` and `/dev/bus/usb/001/NNN` become sockets of the virtual key.
//!
//! `VIRTUAL_KEY_PORTS` names the folder of the sockets; without it nothing is changed. A hidraw node is one
//! SOCK_SEQPACKET connection, whose borders are those of reports. A usbfs node is a socket too, and its ioctls are
//! answered here: see `usbfs`. Everything else goes on to libc.

mod hidraw;
mod libc_below;
mod socket;
mod usbfs;

use libc::{c_char, c_int, c_ulong, c_void, mode_t, size_t, ssize_t};
use libc_below::{errno, is_a_child, next};
use std::collections::HashMap;
use std::ffi::CStr;
use std::sync::{Arc, OnceLock, RwLock};

/// What a descriptor that we gave out stands for.
#[derive(Clone)]
enum Node {
    Hidraw(Arc<Vec<u8>>),
    Usb(Arc<usbfs::Device>),
}

static NODES: RwLock<Option<HashMap<c_int, Node>>> = RwLock::new(None);

fn node(fd: c_int) -> Option<Node> {
    NODES.read().ok()?.as_ref()?.get(&fd).cloned()
}

fn keep(fd: c_int, node: Node) {
    if let Ok(mut nodes) = NODES.write() {
        nodes.get_or_insert_with(HashMap::new).insert(fd, node);
    }
}

fn ports() -> Option<&'static str> {
    static PORTS: OnceLock<Option<String>> = OnceLock::new();
    PORTS.get_or_init(|| std::env::var("VIRTUAL_KEY_PORTS").ok()).as_deref()
}

/// Opens one of our nodes; `None` for every other path.
fn open_node(path: *const c_char) -> Option<c_int> {
    if path.is_null() {
        return None;
    }
    let ports = ports()?;
    // SAFETY: the caller of open(2) gives a string that ends with a zero.
    let path = unsafe { CStr::from_ptr(path) }.to_str().ok()?;
    let opened = if let Some(number) = path.strip_prefix("/dev/hidraw") {
        hidraw::open(ports, number).map(|(fd, node)| (fd, Node::Hidraw(node)))
    } else if let Some(address) = path.strip_prefix("/dev/bus/usb/") {
        usbfs::open(ports, address).map(|(fd, device)| (fd, Node::Usb(device)))
    } else {
        return None;
    };
    Some(match opened {
        Ok((fd, node)) => {
            keep(fd, node);
            fd
        }
        Err(code) => errno(code),
    })
}

/// # Safety
/// As open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    if is_a_child() {
        // SAFETY: as the caller's own call.
        return unsafe { libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags, mode) } as c_int;
    }
    match open_node(path) {
        Some(fd) => fd,
        None => next!(c"open", fn(*const c_char, c_int, mode_t) -> c_int, (path, flags, mode)),
    }
}

/// # Safety
/// As open(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    if is_a_child() {
        // SAFETY: as the caller's own call.
        return unsafe { libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags, mode) } as c_int;
    }
    match open_node(path) {
        Some(fd) => fd,
        None => next!(c"open64", fn(*const c_char, c_int, mode_t) -> c_int, (path, flags, mode)),
    }
}

/// # Safety
/// As ioctl(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, argument: *mut c_void) -> c_int {
    if is_a_child() {
        // SAFETY: as the caller's own call.
        return unsafe { libc::syscall(libc::SYS_ioctl, fd, request, argument) } as c_int;
    }
    match node(fd) {
        // SAFETY: the caller gives the argument that this request wants.
        Some(Node::Usb(device)) => unsafe { usbfs::ioctl(&device, request, argument) },
        Some(Node::Hidraw(reports)) => unsafe { hidraw::ioctl(&reports, request, argument) },
        None => next!(c"ioctl", fn(c_int, c_ulong, *mut c_void) -> c_int, (fd, request, argument)),
    }
}

/// # Safety
/// As read(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, length: size_t) -> ssize_t {
    if is_a_child() {
        // SAFETY: as the caller's own call.
        return unsafe { libc::syscall(libc::SYS_read, fd, buffer, length) } as ssize_t;
    }
    let got = next!(c"read", fn(c_int, *mut c_void, size_t) -> ssize_t, (fd, buffer, length));
    match node(fd) {
        // A hidraw node whose device is gone fails; it does not end.
        Some(Node::Hidraw(_)) if got == 0 && length > 0 => errno(libc::EIO) as ssize_t,
        _ => got,
    }
}

/// # Safety
/// As write(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(fd: c_int, buffer: *const c_void, length: size_t) -> ssize_t {
    if is_a_child() {
        // SAFETY: as the caller's own call.
        return unsafe { libc::syscall(libc::SYS_write, fd, buffer, length) } as ssize_t;
    }
    match node(fd) {
        // SAFETY: the caller's buffer has this length.
        Some(Node::Hidraw(_)) => unsafe { libc::send(fd, buffer, length, libc::MSG_NOSIGNAL) },
        _ => next!(c"write", fn(c_int, *const c_void, size_t) -> ssize_t, (fd, buffer, length)),
    }
}

/// # Safety
/// As close(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn close(fd: c_int) -> c_int {
    if is_a_child() {
        // SAFETY: as the caller's own call.
        return unsafe { libc::syscall(libc::SYS_close, fd) } as c_int;
    }
    if node(fd).is_some() {
        let taken = NODES.write().ok().and_then(|mut nodes| nodes.as_mut()?.remove(&fd));
        if let Some(Node::Usb(device)) = taken {
            device.close();
        }
    }
    next!(c"close", fn(c_int) -> c_int, (fd))
}
