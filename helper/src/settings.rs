//! The helper's own settings: which offices it obeys, and where it asks for a PIN. Written by `install`, in two places:
//! for everybody on this computer (root's, offices alone), and for one person (theirs).
//!
//! A file that somebody else could have written is not read. No variable of the environment chooses an office or a prompt.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum SettingsError {
    #[error("{path}: {error}")]
    File { path: PathBuf, error: io::Error },
    /// The owner or the rights are such that another person could have written it.
    #[error("{0} 不只归本人所有（或其他人可以改写），助手不读取它")]
    NotOwn(PathBuf),
    #[error("{path} 的内容无法识别：{why}")]
    Content { path: PathBuf, why: String },
    #[error("找不到用户目录")]
    NoHome,
}

/// An office as it is written, and as `GET /helper/office.json` gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeLine {
    pub origin: String,
    /// SPKI DER, base64.
    pub mandate_key: String,
}

/// An office whose mandates count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    pub origin: String,
    pub key: Vec<u8>,
}

/// Where a person types a PIN.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptPort {
    /// A window of this computer.
    #[default]
    Window,
    /// Somebody who listens at a socket of this person: tests, and desks without a screen.
    Unix(PathBuf),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub offices: Vec<OfficeLine>,
    pub prompt: PromptPort,
}

/// What counts for this process: a person's offices come before those of the computer with the same origin.
#[derive(Debug, Default)]
pub struct Effective {
    pub offices: Vec<Office>,
    pub prompt: PromptPort,
}

impl OfficeLine {
    pub fn office(&self) -> Option<Office> {
        let key = STANDARD.decode(&self.mandate_key).ok().filter(|key| !key.is_empty())?;
        crate::origin::is_origin(&self.origin).then(|| Office { origin: self.origin.clone(), key })
    }
}

impl Settings {
    /// `None` where there is no such file.
    pub fn read(path: &Path, owner: Owner) -> Result<Option<Settings>, SettingsError> {
        let fail = |error| SettingsError::File { path: path.to_owned(), error };
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fail(error)),
            Ok(found) if !owner.alone_wrote(&found) => return Err(SettingsError::NotOwn(path.to_owned())),
            Ok(_) => {}
        }
        let text = fs::read_to_string(path).map_err(fail)?;
        let settings: Settings = serde_json::from_str(&text)
            .map_err(|error| SettingsError::Content { path: path.to_owned(), why: error.to_string() })?;
        match settings.offices.iter().find(|line| line.office().is_none()) {
            Some(line) => {
                let why = format!("{} 的网址或公钥不正确", line.origin);
                Err(SettingsError::Content { path: path.to_owned(), why })
            }
            None => Ok(Some(settings)),
        }
    }

    /// Replaces the file whole, readable by all, writable by its owner.
    pub fn write(&self, path: &Path) -> Result<(), SettingsError> {
        let fail = |error| SettingsError::File { path: path.to_owned(), error };
        let text = serde_json::to_string_pretty(self).map_err(|error| fail(error.into()))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let beside = path.with_extension("json.new");
        fs::write(&beside, text + "\n").map_err(fail)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&beside, fs::Permissions::from_mode(0o644)).map_err(fail)?;
        }
        fs::rename(&beside, path).map_err(fail)
    }

    /// Adds an office, or replaces the one of the same origin.
    pub fn put(&mut self, line: OfficeLine) {
        self.offices.retain(|known| known.origin != line.origin);
        self.offices.push(line);
    }
}

/// Whose file it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Root,
    Me,
}

impl Owner {
    #[cfg(unix)]
    fn alone_wrote(self, found: &fs::Metadata) -> bool {
        use std::os::unix::fs::MetadataExt;
        let me = rustix::process::geteuid().as_raw();
        let owner = match self {
            Owner::Root => found.uid() == 0,
            Owner::Me => found.uid() == me,
        };
        found.is_file() && owner && found.mode() & 0o022 == 0
    }

    /// The folder's own rights decide there.
    #[cfg(not(unix))]
    fn alone_wrote(self, found: &fs::Metadata) -> bool {
        found.is_file()
    }
}

/// `/etc/certhall/helper.json`
pub fn system_file() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\ProgramData\certhall\helper.json")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/certhall/helper.json")
    } else {
        PathBuf::from("/etc/certhall/helper.json")
    }
}

/// `~/.config/certhall/helper.json`
pub fn user_file() -> Result<PathBuf, SettingsError> {
    let given = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = match given {
        Some(folder) => folder,
        None => {
            let home = env::home_dir().ok_or(SettingsError::NoHome)?;
            if cfg!(windows) {
                home.join(r"AppData\Local")
            } else if cfg!(target_os = "macos") {
                home.join("Library/Application Support")
            } else {
                home.join(".config")
            }
        }
    };
    Ok(folder.join("certhall/helper.json"))
}

/// Both files together.
pub fn effective() -> Result<Effective, SettingsError> {
    let own = Settings::read(&user_file()?, Owner::Me)?.unwrap_or_default();
    let shared = Settings::read(&system_file(), Owner::Root)?.unwrap_or_default();
    let offices = own.offices.iter().chain(&shared.offices).filter_map(OfficeLine::office).collect();
    Ok(Effective { offices, prompt: own.prompt })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_that_others_may_write_chooses_no_prompt() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("helper.json");
        let settings = Settings { prompt: PromptPort::Unix("/tmp/prompt".into()), ..Settings::default() };
        settings.write(&file).unwrap();
        assert_eq!(Settings::read(&file, Owner::Me).unwrap(), Some(settings));
        for mode in [0o664, 0o646, 0o666] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(Settings::read(&file, Owner::Me), Err(SettingsError::NotOwn(_))), "{mode:o}");
        }
        // Nor does a link, wherever it leads, nor a file of somebody else.
        let link = folder.path().join("link.json");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(matches!(Settings::read(&link, Owner::Me), Err(SettingsError::NotOwn(_))));
        if rustix::process::geteuid().is_root() {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
            std::os::unix::fs::chown(&file, Some(65534), None).unwrap();
            assert!(matches!(Settings::read(&file, Owner::Me), Err(SettingsError::NotOwn(_))));
        }
    }
}
