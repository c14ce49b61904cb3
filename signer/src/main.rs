//! `certhall-signer`: the authorities' keys in a process of their own, and the ceremonies that make them.
//!
//! Start at `program/mod.rs`.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match program::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certhall-signer: {error}");
            ExitCode::FAILURE
        }
    }
}
