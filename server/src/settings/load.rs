//! Reading the settings: files, then environment, then the checks that keep a sandbox out of production.

use super::Settings;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{file}: {why}")]
    File { file: String, why: String },
    #[error("settings: {0}")]
    Content(#[from] toml::de::Error),
    #[error("environment variable {name}: {why}")]
    Environment { name: String, why: String },
    #[error(
        "[{section}] points to {address}: a loopback provider is a sandbox; set [office] demo = true or the provider's own address"
    )]
    SandboxInProduction { section: String, address: String },
    #[error("[office] public_origin must be http(s)://host[:port] without a path, is {0}")]
    Origin(String),
}

/// Merges the files left to right, lays the environment over them, and checks the whole.
///
/// # Errors
/// Says which file, section or variable, and what to do.
pub fn load(
    files: &[PathBuf],
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Settings, SettingsError> {
    let mut merged = Table::new();
    for file in files {
        merge(&mut merged, read(file)?);
    }
    for (name, value) in environment {
        if let Some(path) = name.strip_prefix("CERTHALL__") {
            lay_over(&mut merged, path, &value)
                .map_err(|why| SettingsError::Environment { name: name.clone(), why })?;
        }
    }
    let settings: Settings = Value::Table(merged).try_into()?;
    check(&settings)?;
    Ok(settings)
}

fn read(file: &Path) -> Result<Table, SettingsError> {
    let fail = |why: String| SettingsError::File { file: file.display().to_string(), why };
    let text = std::fs::read_to_string(file).map_err(|e| fail(e.to_string()))?;
    let mut table: Table = toml::from_str(&text).map_err(|e| fail(e.to_string()))?;
    let folder = std::path::absolute(file).map_err(|e| fail(e.to_string()))?;
    let folder = folder.parent().unwrap_or(Path::new("/")).to_path_buf();
    anchor(&mut table, &folder);
    Ok(table)
}

/// Makes the paths of a file (keys ending in `_file` or `_dir`) relative to that file.
fn anchor(table: &mut Table, folder: &Path) {
    for (key, value) in table.iter_mut() {
        match value {
            Value::Table(inner) => anchor(inner, folder),
            Value::String(path) if key.ends_with("_file") || key.ends_with("_dir") => {
                *path = folder.join(&*path).display().to_string();
            }
            _ => {}
        }
    }
}

fn merge(into: &mut Table, from: Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// `OFFICE__LISTEN` sets `[office] listen`. The value is TOML where it parses as such (numbers, booleans), else text.
fn lay_over(table: &mut Table, path: &str, value: &str) -> Result<(), String> {
    let path = path.to_ascii_lowercase();
    let mut parts: Vec<&str> = path.split("__").collect();
    let key = parts.pop().filter(|key| !key.is_empty()).ok_or("names no key")?;
    let mut here = table;
    for part in parts {
        here = here
            .entry(part)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| format!("{part} is not a section"))?;
    }
    let parsed = format!("v = {value}").parse::<Table>().ok().and_then(|mut t| t.remove("v"));
    let value = match parsed {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Float(_))) => value,
        _ => Value::String(value.to_owned()),
    };
    here.insert(key.to_owned(), value);
    Ok(())
}

fn check(settings: &Settings) -> Result<(), SettingsError> {
    let origin = &settings.office.public_origin;
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
        return Err(SettingsError::Origin(origin.clone()));
    }
    if settings.office.demo {
        return Ok(());
    }
    for (section, address) in settings.providers() {
        let host = address.split("://").last().unwrap_or(address);
        let loopback = ["127.", "localhost", "[::1]", "::1", "0.0.0.0"].iter().any(|l| host.starts_with(l));
        if loopback {
            return Err(SettingsError::SandboxInProduction {
                section: section.to_owned(),
                address: address.to_owned(),
            });
        }
    }
    Ok(())
}
