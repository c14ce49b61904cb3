//! Keys, certificates and requests made by the openssl command, in a folder that goes with the test.

use std::path::PathBuf;
use std::process::Command;

use certificate::Certificate;
use tempfile::TempDir;

pub struct Folder(TempDir);

impl Folder {
    /// With a P-256 root `ca`, its key, a request `holder.csr` and the certificate `holder.crt` that answers it.
    pub fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.key("ca");
        folder.run("req -new -x509 -key ca.key -subj /CN=Upstream -days 30 -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt");
        folder.key("holder");
        folder.run("req -new -key holder.key -subj /CN=Holder -out holder.csr");
        folder.issue("holder");
        folder
    }

    pub fn key(&self, name: &str) {
        self.run(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"));
    }

    /// `<name>.crt` for `<name>.csr`, by the root.
    pub fn issue(&self, name: &str) {
        std::fs::write(self.path("usage"), "keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n").unwrap();
        self.run(&format!(
            "x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -days 20 -extfile usage -out {name}.crt"
        ));
    }

    pub fn run(&self, arguments: &str) {
        let done = Command::new("openssl").args(arguments.split(' ')).current_dir(self.0.path()).output();
        let done = done.expect("openssl is installed");
        assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub fn certificate(&self, name: &str) -> Certificate {
        Certificate::from_pem(&std::fs::read_to_string(self.path(&format!("{name}.crt"))).unwrap()).unwrap()
    }

    /// DER of a request.
    pub fn request(&self, name: &str) -> Vec<u8> {
        self.run(&format!("req -in {name}.csr -outform DER -out {name}.der"));
        std::fs::read(self.path(&format!("{name}.der"))).unwrap()
    }

    /// PKCS#8 of a private key, DER.
    pub fn private_key(&self, name: &str) -> Vec<u8> {
        self.run(&format!("pkcs8 -topk8 -nocrypt -in {name}.key -outform DER -out {name}.p8"));
        std::fs::read(self.path(&format!("{name}.p8"))).unwrap()
    }
}
