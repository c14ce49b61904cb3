//! Owns: what an operator says to `certhall-signer`, its settings file, what it prints.
//! Never: a check or a signature of its own: the library's.
//! Start at: `run`.

mod arguments;
mod ceremonies;
mod serve;
mod settings;

use std::path::Path;

use arguments::Arguments;
use settings::SignerSettings;

const USAGE: &str = "\
certhall-signer --settings signer.toml COMMAND

  serve                                    serve the office until SIGTERM or SIGINT
  new-secret                               make the file of the secret that office and signer share
  new-key NAME KEY                         a key without a certificate
  new-root NAME KEY SUBJECT [MINUTES]      a root, self-signed
  new-issuing NAME --under ROOT KEY SUBJECT [PLACES] [MINUTES]
                                           an issuing authority
  new-certified NAME --under ISSUER --profile PROFILE KEY SUBJECT [PLACES] [MINUTES]
                                           any other certificate of the house, such as an OCSP responder's
  show                                     keys and certificates, without opening any key
  verify-log [FILE]                        check the log of acts: every link, every signature

  KEY       --kind sm2|p256                made here, sealed in a file
            --import FILE.pem              unencrypted PKCS#8 made elsewhere (RSA: openssl genpkey), sealed in a file
            --device                       already in the device that the settings name for it
            --device --kind p256|rsa3072   made in that device
  SUBJECT   --organisation TEXT --common-name TEXT [--country CN]
  PLACES    [--crl-url URL]… [--ocsp-url URL]… [--issuer-url URL]…
  MINUTES   --minutes FILE                 what was done, for people to sign; never overwritten";

/// What goes wrong is one sentence for the operator.
pub type Done = Result<(), String>;

pub fn run(arguments: &[String]) -> Done {
    let mut arguments = Arguments::new(arguments);
    if arguments.flag("--help") || arguments.is_empty() {
        say(USAGE);
        return Ok(());
    }
    signer::keep_memory_private()?;
    let settings = arguments.option("--settings")?.ok_or("--settings FILE is missing; --help says more")?;
    let settings = SignerSettings::load(Path::new(&settings))?;
    let command = arguments.word("a command")?;
    match command.as_str() {
        "serve" => {
            arguments.end()?;
            serve::serve(&settings)
        }
        "new-secret" => {
            arguments.end()?;
            ceremonies::new_secret(&settings)
        }
        "new-key" => ceremonies::new_key(&settings, arguments),
        "new-root" => ceremonies::new_root(&settings, arguments),
        "new-issuing" => ceremonies::new_issuing(&settings, arguments),
        "new-certified" => ceremonies::new_certified(&settings, arguments),
        "show" => {
            arguments.end()?;
            ceremonies::show(&settings)
        }
        "verify-log" => ceremonies::verify_log(&settings, arguments),
        other => Err(format!("there is no command {other}; --help names them")),
    }
}

/// To the operator's terminal.
fn say(text: &str) {
    use std::io::Write;
    // A closed pipe is the reader's choice.
    writeln!(std::io::stdout(), "{text}").ok();
}
