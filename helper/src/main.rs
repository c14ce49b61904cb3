//! The helper: started by the browser for one page, it speaks for the keys in this computer. Started by a person, it looks
//! after soft keys and says to the browser where it is.
//!
//! Start at `serve.rs` (what each verb does); `host.rs` is the conversation with the browser.

mod allowed;
mod arguments;
mod frame;
mod host;
mod manifest;
mod origin;
mod serve;
mod soft;

use std::{env, ffi::OsString, io, process::ExitCode};

use key::message::EXTENSION_ID;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let caller = arguments.first().and_then(|first| first.to_str()).unwrap_or_default();
    let done = match caller.strip_prefix("chrome-extension://") {
        Some(id) if id.strip_suffix('/') == Some(EXTENSION_ID) => {
            host::run(io::stdin().lock(), io::stdout().lock())
        }
        None if caller == helper::library::CHILD => helper::library::serve(),
        Some(_) => Err("only the extension of the certificate office may start this program".into()),
        None => arguments::parse(arguments).and_then(arguments::carry_out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certhall-helper: {error}");
            ExitCode::FAILURE
        }
    }
}
