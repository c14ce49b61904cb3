//! Owns: finding out what this machine lacks for building and testing, and installing it, saying so.
//! Never: changes what is already there in a version that fits.
//! Start at: `for_running`, `for_testing`, `for_benchmarks`.

mod debian;
mod npm;
mod rust;

use crate::place::Place;

/// What `run` needs: the browser bundle can be built.
///
/// # Errors
/// What is missing and cannot be installed from here, with the command that a person can run.
pub fn for_running(place: &Place, browser: bool) -> Result<(), String> {
    rust::wasm_target()?;
    rust::trunk(place)?;
    rust::wasm_bindgen(place)?;
    // The fonts are for the invoices.
    let mut wanted = vec![debian::COMPILER, debian::PCSC, debian::PKG_CONFIG, debian::FONTS];
    if browser {
        wanted.push(debian::CHROMIUM);
    }
    debian::install(&wanted)
}

/// What `test` needs besides: a browser to walk in, a judge of certificates, the scripts' packages.
///
/// # Errors
/// As `for_running`.
pub fn for_testing(place: &Place) -> Result<(), String> {
    for_running(place, true)?;
    debian::install(&[debian::OPENSSL, debian::SOFTHSM, debian::LIBCRYPTO, debian::NODE])?;
    debian::install(&[debian::FIREFOX, debian::DPKG, debian::PINENTRY, debian::XVFB, debian::XDOTOOL])?;
    debian::install(&[debian::UMOCKDEV, debian::UMOCKDEV_FOR_PYTHON, debian::GI_FOR_PYTHON])?;
    debian::install(&[debian::PCSCD, debian::VIRTUAL_READER, debian::FAKETIME, debian::POPPLER])?;
    npm::install(place)
}

/// What `bench key` needs: readers and ports in software, and a page in a browser.
///
/// # Errors
/// As `for_running`.
pub fn for_key_benchmarks(place: &Place) -> Result<(), String> {
    for_running(place, true)?;
    debian::install(&[debian::PCSCD, debian::VIRTUAL_READER, debian::NODE])?;
    debian::install(&[debian::UMOCKDEV, debian::UMOCKDEV_FOR_PYTHON, debian::GI_FOR_PYTHON])?;
    npm::install(place)
}

/// What `bench` needs besides Rust: the peer.
///
/// # Errors
/// As `for_running`.
pub fn for_benchmarks() -> Result<(), String> {
    debian::install(&[debian::COMPILER, debian::PCSC, debian::PKG_CONFIG, debian::CFSSL])
}

/// What building a kernel needs besides, and the one program in it that is not this computer's usual.
///
/// # Errors
/// As `for_running`.
pub fn for_a_kernel() -> Result<(), String> {
    debian::install(&[debian::COMPILER, debian::MAKE, debian::FLEX, debian::BISON, debian::BC])?;
    debian::install(&[debian::KERNEL_SOURCE, debian::BUSYBOX])
}

/// What `fuzz` needs.
///
/// # Errors
/// As `for_running`.
pub fn for_fuzzing() -> Result<(), String> {
    debian::install(&[debian::COMPILER, debian::CPP_COMPILER])
}
