//! The way to the device.

use libc::{c_char, c_int};

/// Connects to `<ports>/<name>.sock`, keeping message borders.
///
/// # Errors
/// ENODEV: nothing is plugged there.
pub fn connect(ports: &str, name: &str) -> Result<c_int, c_int> {
    let path = format!("{ports}/{name}.sock");
    // SAFETY: a zeroed sockaddr_un is a valid empty one; its path is filled within its bounds.
    unsafe {
        let fd = libc::socket(libc::AF_UNIX, libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC, 0);
        if fd < 0 {
            return Err(libc::ENODEV);
        }
        let mut address: libc::sockaddr_un = std::mem::zeroed();
        address.sun_family = libc::AF_UNIX as libc::sa_family_t;
        if path.len() >= address.sun_path.len() {
            return Err(libc::ENODEV);
        }
        for (to, from) in address.sun_path.iter_mut().zip(path.bytes()) {
            *to = from as c_char;
        }
        let size = std::mem::size_of_val(&address) as libc::socklen_t;
        if libc::connect(fd, std::ptr::from_ref(&address).cast(), size) != 0 {
            libc::close(fd);
            return Err(libc::ENODEV);
        }
        Ok(fd)
    }
}
