//! The package looked at from outside, as dpkg will unpack it.

use crate::command;
use crate::place::Place;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every file and its rights; all of them are root's.
const FILES: [(&str, &str); 12] = [
    ("./etc/certhall/helper.json", "-rw-r--r--"),
    ("./etc/chromium/native-messaging-hosts/cn.certhall.helper.json", "-rw-r--r--"),
    ("./etc/opt/chrome/native-messaging-hosts/cn.certhall.helper.json", "-rw-r--r--"),
    ("./etc/opt/edge/native-messaging-hosts/cn.certhall.helper.json", "-rw-r--r--"),
    ("./usr/bin/certhall-helper", "-rwxr-xr-x"),
    ("./usr/lib/mozilla/native-messaging-hosts/cn.certhall.helper.json", "-rw-r--r--"),
    ("./usr/lib/udev/rules.d/70-certhall-ukey.rules", "-rw-r--r--"),
    ("./usr/share/certhall-helper/extension-firefox/bridge.js", "-rw-r--r--"),
    ("./usr/share/certhall-helper/extension-firefox/worker.js", "-rw-r--r--"),
    ("./usr/share/certhall-helper/extension/manifest.json", "-rw-r--r--"),
    ("./usr/share/certhall-helper/extension/worker.js", "-rw-r--r--"),
    ("./usr/share/doc/certhall-helper/copyright", "-rw-r--r--"),
];

/// Packs the helper of the last debug build for a made-up office, and looks at it.
///
/// # Errors
/// What is missing or otherwise than it should be.
pub fn built(place: &Place) -> Result<(), String> {
    let office = place.target.join("deb/office.json");
    let line = r#"{"origin":"https://ra.example.cn","mandate_key":"MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE"}"#;
    fs::create_dir_all(place.target.join("deb")).map_err(|error| error.to_string())?;
    fs::write(&office, line).map_err(|error| error.to_string())?;
    let offices = [office];
    contents(&super::pack(place, &offices, false)?, &offices)
}

/// # Errors
/// What is missing or otherwise than it should be.
pub fn contents(package: &Path, offices: &[PathBuf]) -> Result<(), String> {
    let shown = package.display().to_string();
    let list = command::ask("dpkg-deb", &["--contents", &shown]).ok_or("dpkg-deb cannot read the package")?;
    for (file, rights) in FILES {
        let line = list.lines().find(|line| line.ends_with(&format!(" {file}")));
        let line = line.ok_or_else(|| format!("{file} is not in the package"))?;
        if !line.starts_with(rights) || !line.contains("root/root") {
            return Err(format!("{file} should be {rights} root/root: {line}"));
        }
    }
    let depends = command::ask("dpkg-deb", &["--field", &shown, "Depends"]).unwrap_or_default();
    if !depends.contains("pinentry-gtk2") {
        return Err(format!("without a window for PINs: {depends}"));
    }
    unpacked(package, offices)
}

/// The program starts, its manifests name it where it will lie, and it knows its offices.
fn unpacked(package: &Path, offices: &[PathBuf]) -> Result<(), String> {
    let folder = package.with_extension("unpacked");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    command::run_quiet(Command::new("dpkg-deb").arg("--extract").arg(package).arg(&folder))?;
    let read = |path: &str| {
        let file = folder.join(path);
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let program = folder.join("usr/bin/certhall-helper");
    super::version(&program)?;
    for (file, _) in FILES.iter().filter(|(file, _)| file.ends_with("cn.certhall.helper.json")) {
        let manifest = read(file)?;
        if !manifest.contains("\"path\": \"/usr/bin/certhall-helper\"") {
            return Err(format!("{file} names another program: {manifest}"));
        }
    }
    let (settings, worker) =
        (read("etc/certhall/helper.json")?, read("usr/share/certhall-helper/extension/worker.js")?);
    for origin in super::offices::read(offices)? {
        if !settings.contains(&origin) || !worker.contains(&origin) {
            return Err(format!("{origin} is not in settings and extension"));
        }
    }
    fs::remove_dir_all(&folder).map_err(|error| error.to_string())
}
