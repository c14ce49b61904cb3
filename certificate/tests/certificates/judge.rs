//! OpenSSL 3 on the command line, in a folder of its own per test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// China's identity, as OpenSSL wants to be told.
pub const DISTID: &str = "distid:1234567812345678";

pub struct Judge {
    folder: PathBuf,
}

pub struct Verdict {
    pub good: bool,
    pub stdout: Vec<u8>,
    /// What it said on both channels.
    pub said: String,
}

impl Judge {
    pub fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("judge").join(test);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(&folder).unwrap();
        Judge { folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.folder.join(file), content).unwrap();
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(file)).unwrap()
    }

    /// A revocation list as PEM, which OpenSSL's verification wants.
    pub fn write_list(&self, file: &str, der: &[u8]) {
        let pem = der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, der).unwrap();
        self.write(file, pem);
    }

    pub fn run(&self, arguments: &[&str]) -> Verdict {
        let output = Command::new("openssl").args(arguments).current_dir(&self.folder).output();
        let output = output.expect("these tests need the openssl program (Debian: apt-get install openssl)");
        let said = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat();
        Verdict { good: output.status.success(), stdout: output.stdout, said }
    }

    /// As [`Judge::run`], and it must succeed.
    #[track_caller]
    pub fn must(&self, arguments: &[&str]) -> Vec<u8> {
        let verdict = self.run(arguments);
        assert!(verdict.good, "openssl {arguments:?}: {}", verdict.said);
        verdict.stdout
    }
}
