//! What a person can ask on the command line.

use std::{
    env,
    error::Error,
    ffi::OsString,
    io::{Write, stdout},
    path::PathBuf,
};

use key::soft::Drawer;
use lexopt::prelude::*;

use crate::{allowed, install, soft};

const USAGE: &str = "\
certhall-helper soft new    [--serial SERIAL] [--insert]   make a blank soft key, print its serial
certhall-helper soft list                                  serial, port, state and label of each
certhall-helper soft insert SERIAL                         put it into the port
certhall-helper soft remove SERIAL                         pull it out
certhall-helper soft show   SERIAL                         the commands it has answered
certhall-helper soft fault  SERIAL [--remove-after N] [--slow-ms N] [--full]   set faults, or none
    [--dir DIR]   where the soft keys lie; else $CERTHALL_SOFT_KEYS, else ~/.local/share/certhall/soft-keys
certhall-helper library list                               makers' libraries that may be loaded
certhall-helper library add skf|pkcs11 PATH [--decrypt FUNCTION] [--sm2-sign NUMBER]   this file, as it is now
certhall-helper library remove PATH
certhall-helper install [--system] [--office FILE]… [--prompt window|unix:PATH] [--profile DIR] [--root DIR] [--program PATH]
    tells Chromium, Chrome, Edge and Firefox where this program is, and this program whom it obeys
    --system   for everybody on this computer     --office   /helper/office.json of an office's site; - is standard input
    --profile  only for the Chromium with this user data directory
certhall-helper uninstall [--system] [--profile DIR]
certhall-helper doctor
certhall-helper --help | --version
";

#[derive(Debug, Default)]
pub struct Arguments {
    words: Vec<String>,
    pub dir: Option<PathBuf>,
    pub serial: Option<String>,
    pub insert: bool,
    pub remove_after: Option<u32>,
    pub slow_ms: u64,
    pub full: bool,
    pub decrypt: Option<String>,
    pub sm2_sign: Option<u32>,
    install: install::Wanted,
    help: bool,
    version: bool,
}

pub fn parse(arguments: Vec<OsString>) -> Result<Arguments, Box<dyn Error>> {
    let mut out = Arguments::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => out.words.push(word.string()?),
            Long("dir") => out.dir = Some(parser.value()?.into()),
            Long("serial") => out.serial = Some(parser.value()?.string()?),
            Long("insert") => out.insert = true,
            Long("remove-after") => out.remove_after = Some(parser.value()?.parse()?),
            Long("slow-ms") => out.slow_ms = parser.value()?.parse()?,
            Long("full") => out.full = true,
            Long("decrypt") => out.decrypt = Some(parser.value()?.string()?),
            Long("sm2-sign") => out.sm2_sign = Some(parser.value()?.parse()?),
            Long("system") => out.install.system = true,
            Long("office") => out.install.offices.push(parser.value()?.into()),
            Long("prompt") => out.install.prompt = Some(parser.value()?.string()?),
            Long("profile") => out.install.profile = Some(parser.value()?.into()),
            Long("root") => out.install.root = Some(parser.value()?.into()),
            Long("program") => out.install.program = Some(parser.value()?.into()),
            Short('h') | Long("help") => out.help = true,
            Short('V') | Long("version") => out.version = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(out)
}

pub fn carry_out(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    if arguments.help {
        return Ok(stdout().write_all(USAGE.as_bytes())?);
    }
    if arguments.version {
        return Ok(writeln!(stdout(), "certhall-helper {}", env!("CARGO_PKG_VERSION"))?);
    }
    let words: Vec<&str> = arguments.words.iter().map(String::as_str).collect();
    match words[..] {
        ["soft", verb] => soft::carry_out(verb, None, &arguments),
        ["soft", verb, serial] => soft::carry_out(verb, Some(serial), &arguments),
        ["library", ref rest @ ..] => allowed::carry_out(rest, &arguments),
        ["install"] => install::install(&arguments.install),
        ["uninstall"] => install::uninstall(&arguments.install),
        ["doctor"] => install::doctor(),
        _ => Err(format!("what should I do?\n{USAGE}").into()),
    }
}

/// `--dir`, the environment, or the user's own data directory.
pub fn drawer(dir: Option<PathBuf>) -> Result<Drawer, Box<dyn Error>> {
    let from_environment = || env::var_os("CERTHALL_SOFT_KEYS").map(PathBuf::from);
    let at_home = || env::home_dir().map(|home| home.join(".local/share/certhall/soft-keys"));
    let dir =
        dir.or_else(from_environment).or_else(at_home).ok_or("there is no home directory; say --dir")?;
    Ok(Drawer::at(dir))
}
