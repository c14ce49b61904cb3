//! Owns: the exported functions, in the chapters of the standard.
//! Never: keeps a PIN or a pair; the card of the soft key does.
//! Start at: `device.rs`.

mod application;
mod container;
mod crypto;
mod device;

use key::skf::sar;

/// Exports functions whose body is a `Result<(), u32>`. A panic must not reach C: it is a failure.
macro_rules! export {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident: $kind:ty),* $(,)?) $body:block)*) => {
        $($(#[$doc])*
        /// # Safety
        /// As GM/T 0016: pointers are null or lead to what the function expects.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $name($($argument: $kind),*) -> u32 {
            #[allow(unused_unsafe)]
            // SAFETY: the caller keeps the contract of this function.
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| unsafe { $body }));
            $crate::functions::code(done.unwrap_or(Err(key::skf::sar::FAIL)))
        })*
    };
}
pub(crate) use export;

pub fn code(done: Result<(), u32>) -> u32 {
    done.err().unwrap_or(sar::OK)
}
