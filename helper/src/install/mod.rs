//! Owns: `install`, `uninstall` and `doctor`: the files by which browsers find this program, and whom it obeys.
//! Never: a key, a PIN; a file that is not ours.
//! Start at: `install`, then `browser.rs` (where each browser looks) and `doctor.rs`.

mod browser;
mod doctor;
mod manifest;

pub use doctor::doctor;
pub use manifest::FILE as MANIFEST;

use std::{
    env,
    error::Error,
    fs, io,
    io::{Read, Write, stdout},
    path::{Path, PathBuf},
};

use browser::{Browser, Scope};

use crate::settings::{OfficeLine, Owner, PromptPort, Settings, system_file, user_file};

/// What the command line says.
#[derive(Debug, Default)]
pub struct Wanted {
    /// For everybody on this computer.
    pub system: bool,
    /// Files of an office (`/helper/office.json` of its site); `-` reads one from standard input.
    pub offices: Vec<PathBuf>,
    pub prompt: Option<String>,
    /// Only for the Chromium with this user data directory.
    pub profile: Option<PathBuf>,
    /// Below this folder instead of `/`, for building packages.
    pub root: Option<PathBuf>,
    /// Where the program will lie, if not where it lies now.
    pub program: Option<PathBuf>,
}

impl Wanted {
    fn scope(&self) -> Scope {
        if self.system { Scope::System } else { Scope::User }
    }

    /// `path`, below `--root`.
    fn placed(&self, path: PathBuf) -> PathBuf {
        match (&self.root, path.strip_prefix("/")) {
            (Some(root), Ok(inner)) => root.join(inner),
            _ => path,
        }
    }

    fn settings(&self) -> Result<(PathBuf, Owner), Box<dyn Error>> {
        // What is being packed belongs to whoever packs it.
        let owner = if self.system && self.root.is_none() { Owner::Root } else { Owner::Me };
        let file = if self.system { system_file() } else { user_file()? };
        Ok((self.placed(file), owner))
    }

    /// Every place for a manifest.
    fn places(&self) -> Result<Vec<(Browser, PathBuf)>, Box<dyn Error>> {
        if let Some(profile) = &self.profile {
            return Ok(vec![(Browser::Chromium, profile.join("NativeMessagingHosts"))]);
        }
        let mut places = Vec::new();
        for browser in Browser::ALL {
            let folder = browser.folder(self.scope()).ok_or("在这个操作系统上还不能自动登记浏览器")?;
            places.push((browser, self.placed(folder)));
        }
        Ok(places)
    }
}

/// Writes the manifests and the settings; says each file. Safe to repeat.
pub fn install(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    let program = match &wanted.program {
        Some(program) => program.clone(),
        None => env::current_exe()?.canonicalize()?,
    };
    let (file, owner) = wanted.settings()?;
    let mut settings = Settings::read(&file, owner)?.unwrap_or_default();
    for office in &wanted.offices {
        settings.put(read_office(office)?);
    }
    if let Some(prompt) = &wanted.prompt {
        if wanted.system {
            return Err("--prompt 只能为本人设置，不能与 --system 同用".into());
        }
        settings.prompt = prompt_port(prompt)?;
    }
    let mut out = stdout().lock();
    settings.write(&file)?;
    writeln!(out, "{}", file.display())?;
    for (browser, folder) in wanted.places()? {
        let file = folder.join(manifest::FILE);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let text = manifest::text(browser, &program)?;
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        writeln!(out, "{}", file.display())?;
    }
    Ok(())
}

/// Takes away what `install` wrote in the same scope; says each file.
pub fn uninstall(wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    let mut files: Vec<PathBuf> =
        wanted.places()?.into_iter().map(|(_, folder)| folder.join(manifest::FILE)).collect();
    if wanted.profile.is_none() {
        files.push(wanted.settings()?.0);
    }
    let mut out = stdout().lock();
    for file in files {
        match fs::remove_file(&file) {
            Ok(()) => writeln!(out, "{}", file.display())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{}: {error}", file.display()).into()),
        }
    }
    Ok(())
}

fn read_office(file: &Path) -> Result<OfficeLine, Box<dyn Error>> {
    let mut text = String::new();
    if file == Path::new("-") {
        io::stdin().read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let line: OfficeLine =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    match line.office() {
        Some(_) => Ok(line),
        None => Err(format!("{}：网址或公钥不正确", file.display()).into()),
    }
}

fn prompt_port(text: &str) -> Result<PromptPort, Box<dyn Error>> {
    match text.strip_prefix("unix:").map(Path::new) {
        Some(path) if path.is_absolute() && cfg!(unix) => Ok(PromptPort::Unix(path.to_owned())),
        None if text == "window" => Ok(PromptPort::Window),
        _ => Err("--prompt 应为 window 或 unix:/绝对路径".into()),
    }
}
