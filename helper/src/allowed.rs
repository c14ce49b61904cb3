//! Which kinds of port this helper looks at, and which makers' libraries it may load: `certhall/keys.json` in the user's
//! configuration folder, else in `/etc`.

use std::{
    env,
    error::Error,
    fs,
    io::{self, Write, stdout},
    path::{Path, PathBuf},
};

use helper::{
    library::{Kind, Library, skf::Decrypt},
    ring::Places,
};
use serde::{Deserialize, Serialize};

use crate::arguments::{Arguments, drawer};

#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Allowed {
    soft_keys: bool,
    hid: bool,
    cards: bool,
    libraries: Vec<Library>,
}

impl Default for Allowed {
    fn default() -> Self {
        Self { soft_keys: true, hid: true, cards: true, libraries: Vec::new() }
    }
}

/// Where the ring looks for keys.
///
/// # Errors
/// The file is there and not as it should be: then nothing is looked at, rather than too much.
pub fn places() -> Result<Places, Box<dyn Error>> {
    let allowed = read()?;
    Ok(Places {
        drawer: if allowed.soft_keys { Some(drawer(None)?) } else { None },
        hid: allowed.hid,
        cards: allowed.cards,
        libraries: allowed.libraries,
        program: env::current_exe()?,
    })
}

/// `certhall-helper library …`.
///
/// # Errors
/// The files'.
pub fn carry_out(words: &[&str], arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut allowed = read()?;
    match *words {
        ["list"] => {
            for library in &allowed.libraries {
                let state = library.check().map_or_else(|error| error.to_string(), |()| "as allowed".into());
                let Library { kind, path, sha256, .. } = library;
                writeln!(stdout(), "{}\t{}\t{sha256}\t{state}", kind.prefix(), path.display())?;
            }
            return Ok(());
        }
        ["add", kind, path] => {
            let kind = match kind {
                "skf" => Kind::Skf,
                "pkcs11" => Kind::Pkcs11,
                _ => return Err("a library is skf or pkcs11".into()),
            };
            let mut library = Library::of(kind, Path::new(path))?;
            library.skf.decrypt = match arguments.decrypt.as_deref() {
                None => Decrypt::No,
                Some("SKF_ECCDecrypt") => Decrypt::EccDecrypt,
                Some("SKF_PrvKeyDecrypt") => Decrypt::PrivateKeyDecrypt,
                Some(_) => return Err("--decrypt SKF_ECCDecrypt or SKF_PrvKeyDecrypt".into()),
            };
            library.pkcs11.sm2_sign = arguments.sm2_sign;
            allowed.libraries.retain(|known| known.path != library.path);
            allowed.libraries.push(library);
        }
        ["remove", path] => {
            let before = allowed.libraries.len();
            allowed.libraries.retain(|known| known.path != Path::new(path));
            if allowed.libraries.len() == before {
                return Err(format!("{path} is not on the list").into());
            }
        }
        _ => return Err("library list | add skf|pkcs11 PATH | remove PATH".into()),
    }
    let file = own_file()?;
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
    fs::write(&file, serde_json::to_string_pretty(&allowed)?)?;
    Ok(writeln!(stdout(), "{}", file.display())?)
}

fn read() -> Result<Allowed, Box<dyn Error>> {
    for file in [own_file()?, PathBuf::from("/etc/certhall/keys.json")] {
        match fs::read(&file) {
            Ok(text) => {
                return serde_json::from_slice(&text)
                    .map_err(|error| format!("{}: {error}", file.display()).into());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{}: {error}", file.display()).into()),
        }
    }
    Ok(Allowed::default())
}

fn own_file() -> Result<PathBuf, Box<dyn Error>> {
    let from_environment = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let at_home = || env::home_dir().map(|home| home.join(".config"));
    let dir = from_environment.or_else(at_home).ok_or("there is no home directory")?;
    Ok(dir.join("certhall/keys.json"))
}
