//! Ctrl-C and SIGTERM: noted, so that the children are stopped in order; and SIGTERM to a child.
//!
//! The standard library has no signals. Two functions of the C library that is linked anyway are enough.
#![allow(
    unsafe_code,
    reason = "std cannot catch or send signals; a dependency for two calls is not worth it"
)]

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Someone asked us to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

#[cfg(unix)]
mod unix {
    use super::{ASKED, Ordering};

    const SIGINT: i32 = 2;
    const SIGTERM: i32 = 15;

    unsafe extern "C" {
        fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
        fn kill(process: i32, number: i32) -> i32;
    }

    extern "C" fn note(_number: i32) {
        ASKED.store(true, Ordering::Relaxed);
    }

    pub fn listen() {
        // SAFETY: the handler only stores an atomic, which is async-signal-safe.
        unsafe {
            signal(SIGINT, note);
            signal(SIGTERM, note);
        }
    }

    /// Asks the process to end; it may already have.
    pub fn terminate(process: u32) {
        let Ok(process) = i32::try_from(process) else { return };
        // SAFETY: kill takes plain numbers; the process is our own child, not yet waited for.
        unsafe {
            kill(process, SIGTERM);
        }
    }
}

#[cfg(unix)]
pub use unix::{listen, terminate};

#[cfg(not(unix))]
pub fn listen() {}
#[cfg(not(unix))]
pub fn terminate(_process: u32) {}
