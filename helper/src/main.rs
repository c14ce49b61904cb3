//! The helper: started by the browser for one page, it speaks for the keys in this computer. Started by a person, it looks
//! after soft keys and says to the browser where it is.
//!
//! Start at `serve.rs` (what each verb does); `host.rs` is the conversation with the browser.

mod allowed;
mod arguments;
mod frame;
mod host;
mod install;
mod mandates;
mod origin;
mod prompt;
mod serve;
mod settings;
mod soft;

use std::{env, ffi::OsString, io, process::ExitCode};

use key::message::{EXTENSION_ID, FIREFOX_EXTENSION_ID};

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let done = match caller(&arguments) {
        Caller::Ours => host::run(io::stdin(), io::stdout().lock()),
        Caller::Parent => helper::library::serve(),
        Caller::Stranger => Err("only the extension of the certificate office may start this program".into()),
        Caller::Person => arguments::parse(arguments).and_then(arguments::carry_out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("certhall-helper: {error}");
            ExitCode::FAILURE
        }
    }
}

enum Caller {
    Ours,
    /// This very program, for a maker's library in a process of its own.
    Parent,
    Stranger,
    Person,
}

/// Chromium says `chrome-extension://ID/`; Firefox says the manifest it found and the extension's id.
fn caller(arguments: &[OsString]) -> Caller {
    let words: Vec<&str> = arguments.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    let ours = |known: bool| if known { Caller::Ours } else { Caller::Stranger };
    match words[..] {
        [first, ..] if first.starts_with("chrome-extension://") => {
            ours(first.strip_prefix("chrome-extension://") == Some(&format!("{EXTENSION_ID}/")))
        }
        [first, ..] if first == helper::library::CHILD => Caller::Parent,
        [manifest, extension, ..] if manifest.ends_with(install::MANIFEST) => {
            ours(extension == FIREFOX_EXTENSION_ID)
        }
        _ => Caller::Person,
    }
}
