//! The functions of libc that ours stand before.

use libc::{c_int, c_void};
use std::ffi::CStr;

/// The next function of this name after ours.
pub fn address(name: &'static CStr) -> usize {
    // SAFETY: the name ends with a zero.
    let found: *mut c_void = unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) };
    found as usize
}

/// Calls it; looked up once a call site.
macro_rules! next {
    ($name:literal, fn($($kind:ty),*) -> $result:ty, ($($argument:expr),*)) => {{
        static ADDRESS: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
        let address = *ADDRESS.get_or_init(|| crate::libc_below::address($name));
        // SAFETY: libc's function of this name has this signature (open's third argument may be passed always).
        // The caller keeps the contract of that function, which is also ours.
        unsafe {
            let below = std::mem::transmute::<usize, unsafe extern "C" fn($($kind),*) -> $result>(address);
            below($($argument),*)
        }
    }};
}
pub(crate) use next;

/// Chromium forks while other threads of it are in here or in the next library below, whose locks then stay shut in the
/// child for ever. What a child does before it is another program goes past both, straight to the kernel.
pub fn is_a_child() -> bool {
    static LOADED_INTO: std::sync::OnceLock<libc::pid_t> = std::sync::OnceLock::new();
    // SAFETY: asks for a number.
    let own = unsafe { libc::getpid() };
    *LOADED_INTO.get_or_init(|| own) != own
}

/// Sets errno; -1, as a function that fails returns.
pub fn errno(code: c_int) -> c_int {
    // SAFETY: every thread has its own errno.
    unsafe { *libc::__errno_location() = code };
    -1
}
