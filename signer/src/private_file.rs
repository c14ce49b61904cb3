//! Files that only their owner may read, written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Writes a new file with mode 0600. Name and bytes survive a power cut; a file that stands is never touched.
///
/// # Errors
/// `AlreadyExists`, and whatever the file system says.
pub(crate) fn create(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut mark = [0; 8];
    getrandom::fill(&mut mark).map_err(io::Error::other)?;
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let draft = file.with_file_name(format!(".{}.{}", name.to_string_lossy(), hex::encode(mark)));
    let written = write(&draft, bytes);
    // A link, unlike a rename, fails where something stands.
    let linked = written.and_then(|()| fs::hard_link(&draft, file));
    let removed = fs::remove_file(&draft);
    linked.and(removed)?;
    sync_folder(file)
}

/// Writes a file with mode 0600 in the place of one that may stand: whoever reads sees the old bytes or the new.
///
/// # Errors
/// Whatever the file system says.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let draft = file.with_file_name(format!(".{}.new", name.to_string_lossy()));
    match fs::remove_file(&draft) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    write(&draft, bytes)?;
    fs::rename(&draft, file)?;
    sync_folder(file)
}

/// The name of a new file survives a power cut too.
pub(crate) fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut handle = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    handle.write_all(bytes)?;
    handle.sync_all()
}

/// A folder with mode 0700; one that stands keeps its mode.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Whether somebody else may read or write the file.
pub(crate) fn is_open_to_others(file: &Path) -> io::Result<bool> {
    is_open_beyond(file, None)
}

/// As [`is_open_to_others`], but members of `group` may read it.
pub(crate) fn is_open_beyond(file: &Path, group: Option<u32>) -> io::Result<bool> {
    let about = fs::metadata(file)?;
    let open = if group == Some(about.gid()) { 0o037 } else { 0o077 };
    Ok(about.mode() & open != 0)
}
