//! What an operator does at the desk: making keys and authorities, looking at them, checking the log.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::extension::Places;
use certificate::profile::{ISSUING_AUTHORITY, Profile};
use certificate::{Certificate, KeyKind, Name, NameParts, SoftwareKey};
use signer::{Ceremony, NewKey, SharedSecret, system_clock};
use zeroize::Zeroizing;

use super::arguments::Arguments;
use super::settings::SignerSettings;
use super::{Done, say};

pub fn new_secret(settings: &SignerSettings) -> Done {
    if settings.secret_file.exists() {
        return Err(format!("{} stands already", settings.secret_file.display()));
    }
    SharedSecret::from_file_or_new(&settings.secret_file).map_err(|e| e.to_string())?;
    say(&format!("wrote {}; the office needs the same file", settings.secret_file.display()));
    Ok(())
}

pub fn new_key(settings: &SignerSettings, mut arguments: Arguments) -> Done {
    let name = arguments.word("a name")?;
    let key = new(&mut arguments)?;
    ceremony(settings, arguments, |ceremony| {
        ceremony.new_key(&name, key).map(drop).map_err(|e| e.to_string())
    })
}

pub fn new_root(settings: &SignerSettings, mut arguments: Arguments) -> Done {
    let name = arguments.word("a name")?;
    let (key, subject) = (new(&mut arguments)?, subject(&mut arguments)?);
    ceremony(settings, arguments, |ceremony| {
        ceremony.new_root(&name, key, &subject).map(drop).map_err(|e| e.to_string())
    })
}

pub fn new_issuing(settings: &SignerSettings, arguments: Arguments) -> Done {
    below(settings, arguments, &ISSUING_AUTHORITY)
}

pub fn new_certified(settings: &SignerSettings, mut arguments: Arguments) -> Done {
    let profile = arguments.needed("--profile")?;
    let profile = Profile::find_by_name(&profile).ok_or_else(|| {
        let names: Vec<_> = Profile::ALL.iter().map(|profile| profile.name).collect();
        format!("no profile is called {profile}; there are {}", names.join(" "))
    })?;
    below(settings, arguments, profile)
}

fn below(settings: &SignerSettings, mut arguments: Arguments, profile: &'static Profile) -> Done {
    let name = arguments.word("a name")?;
    let under = arguments.needed("--under")?;
    let (key, subject) = (new(&mut arguments)?, subject(&mut arguments)?);
    let places = Places {
        crl_urls: arguments.options("--crl-url")?,
        ocsp_urls: arguments.options("--ocsp-url")?,
        issuer_urls: arguments.options("--issuer-url")?,
        ..Places::default()
    };
    ceremony(settings, arguments, |ceremony| {
        let made = ceremony.new_below(&name, &under, profile, key, &subject, &places);
        made.map(drop).map_err(|e| e.to_string())
    })
}

/// Opens the key folder, does it, prints what was done and writes it into the minutes.
fn ceremony(
    settings: &SignerSettings,
    mut arguments: Arguments,
    act: impl FnOnce(&mut Ceremony) -> Done,
) -> Done {
    let file = arguments.option("--minutes")?;
    arguments.end()?;
    let mut ceremony = Ceremony::open(&settings.keyring, system_clock()).map_err(|e| e.to_string())?;
    let done = act(&mut ceremony);
    if let Err(error) = &done {
        ceremony.note_failure(error).map_err(|e| e.to_string())?;
    }
    say(ceremony.minutes());
    if let Some(file) = file {
        ceremony.write_minutes(Path::new(&file)).map_err(|e| e.to_string())?;
        say(&format!("minutes: {file}"));
    }
    done
}

fn new(arguments: &mut Arguments) -> Result<NewKey, String> {
    let kind = arguments
        .option("--kind")?
        .map(|code| KeyKind::from_code(&code).ok_or_else(|| format!("no kind of key is called {code}")));
    let kind = kind.transpose()?;
    let import = arguments.option("--import")?;
    match (arguments.flag("--device"), kind, import) {
        (true, None, None) => Ok(NewKey::InDevice),
        (true, Some(kind), None) => Ok(NewKey::MadeInDevice(kind)),
        (false, Some(kind), None) => Ok(NewKey::File(kind)),
        (false, None, Some(file)) => {
            let pem = std::fs::read_to_string(&file).map_err(|e| format!("{file}: {e}"))?;
            let key =
                SoftwareKey::from_pkcs8_pem(&Zeroizing::new(pem)).map_err(|e| format!("{file}: {e}"))?;
            Ok(NewKey::Imported(key))
        }
        _ => Err("a key is wanted: --kind, --import or --device; --help says more".to_owned()),
    }
}

fn subject(arguments: &mut Arguments) -> Result<Name, String> {
    let parts = NameParts {
        country: Some(arguments.option("--country")?.unwrap_or_else(|| "CN".to_owned())),
        organisation: Some(arguments.needed("--organisation")?),
        common_name: Some(arguments.needed("--common-name")?),
        ..NameParts::default()
    };
    Name::from_parts(&parts).map_err(|e| e.to_string())
}

pub fn show(settings: &SignerSettings) -> Done {
    let folder = &settings.keyring.key_dir;
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(fail)?;
    let mut files =
        entries.map(|it| it.map(|it| it.path())).collect::<Result<Vec<PathBuf>, _>>().map_err(fail)?;
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match file.extension().and_then(|it| it.to_str()) {
            Some("crt") => say(&certificate_line(&name, &file)?),
            Some("key") => say(&format!("{name}.key\n{}", open_part(&file)?)),
            _ => {}
        }
    }
    for (name, key) in settings.keyring.keys.iter().filter(|(_, key)| key.device.is_some()) {
        say(&format!("{name}: in the device {}", key.device.as_deref().unwrap_or_default()));
    }
    Ok(())
}

fn certificate_line(name: &str, file: &Path) -> Result<String, String> {
    let fail = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let pem = std::fs::read_to_string(file).map_err(|e| fail(&e))?;
    let certificate = Certificate::from_pem(&pem).map_err(|e| fail(&e))?;
    let digest = certificate::digest::hex(&certificate::sm3(certificate.der()));
    Ok(format!(
        "{name}.crt\n  subject: {}\n  issuer: {}\n  serial: {}\n  valid: {} to {}\n  sm3: {digest}",
        certificate.subject(),
        certificate.issuer(),
        certificate.serial_hex(),
        signer::beijing_time(certificate.not_before()),
        signer::beijing_time(certificate.not_after()),
    ))
}

/// The header of a key file: what stands in it for everybody.
fn open_part(file: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let lines = text.lines().skip(1).take_while(|line| !line.starts_with("sealed:"));
    Ok(lines.map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"))
}

pub fn verify_log(settings: &SignerSettings, mut arguments: Arguments) -> Done {
    let file = arguments.word("a file").map_or_else(|_| settings.keyring.log_file.clone(), PathBuf::from);
    arguments.end()?;
    let key = log_key(&settings.keyring.key_dir.join("log.key"));
    let report = signer::verify_log(&file, key.as_deref()).map_err(|e| e.to_string())?;
    say(&format!(
        "{}: {} lines, the chain holds; {} signatures, {} lines after the last one; {} bytes of half a line\n\
         chain: {}",
        file.display(),
        report.lines,
        report.seals,
        report.unsealed,
        report.torn,
        certificate::digest::hex(&report.chain),
    ));
    match (key, report.compared) {
        (Some(_), true) => {}
        (Some(_), false) if file == settings.keyring.log_file => {
            return Err(format!("{}.seal, which knows the last signature, is missing", file.display()));
        }
        (Some(_), false) => say("a copy without its .seal: whether its end is missing was not looked at"),
        (None, _) if report.seals > 0 => return Err("the log is signed, and log.key is missing".to_owned()),
        (None, _) => say("no log.key in the key folder, and no signature"),
    }
    Ok(())
}

/// The public half stands in the clear.
fn log_key(file: &Path) -> Option<Vec<u8>> {
    let text = std::fs::read_to_string(file).ok()?;
    BASE64.decode(text.lines().find_map(|line| line.strip_prefix("public: "))?).ok()
}
