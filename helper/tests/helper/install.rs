//! `install`, `uninstall`, `doctor`: what a person does once on a computer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use key::message::{EXTENSION_ID, FIREFOX_EXTENSION_ID};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ORIGIN, counter::Counter};

/// A person with a home of their own, and browsers on their PATH.
struct Home {
    folder: TempDir,
    counter: Counter,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join("bin");
        fs::create_dir(&programs).unwrap();
        for browser in ["chromium", "google-chrome", "microsoft-edge", "firefox-esr"] {
            fs::write(programs.join(browser), "").unwrap();
        }
        let home = Self { folder, counter: Counter::at(ORIGIN) };
        fs::write(home.at("office.json"), home.counter.line().to_string()).unwrap();
        home
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_certhall-helper"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("PATH", self.at("bin"))
            .env("CERTHALL_SOFT_KEYS", self.at("keys"))
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .unwrap()
    }

    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

const MANIFESTS: [&str; 4] = [
    ".config/chromium/NativeMessagingHosts/cn.certhall.helper.json",
    ".config/google-chrome/NativeMessagingHosts/cn.certhall.helper.json",
    ".config/microsoft-edge/NativeMessagingHosts/cn.certhall.helper.json",
    ".mozilla/native-messaging-hosts/cn.certhall.helper.json",
];

#[test]
fn every_browser_is_told_and_only_our_extension_let_in() {
    let home = Home::new();
    let said = home.says(&["install", "--office", "office.json"]);
    for manifest in MANIFESTS {
        let file = home.at(manifest);
        assert!(said.contains(file.to_str().unwrap()), "{said}");
        let manifest = read(&file);
        assert_eq!(manifest["name"], "cn.certhall.helper");
        let program = Path::new(manifest["path"].as_str().unwrap());
        assert!(program.is_absolute() && program.exists());
    }
    let chromium = read(&home.at(MANIFESTS[0]));
    assert_eq!(chromium["allowed_origins"], json!([format!("chrome-extension://{EXTENSION_ID}/")]));
    let firefox = read(&home.at(MANIFESTS[3]));
    assert_eq!(firefox["allowed_extensions"], json!([FIREFOX_EXTENSION_ID]));
    assert!(firefox.get("allowed_origins").is_none());
    assert_eq!(read(&home.at(".config/certhall/helper.json"))["offices"], json!([home.counter.line()]));
    // Again, with the office's next key: one office, not two.
    let next = Counter::at(ORIGIN);
    fs::write(home.at("office.json"), next.line().to_string()).unwrap();
    home.says(&["install", "--office", "office.json"]);
    assert_eq!(read(&home.at(".config/certhall/helper.json"))["offices"], json!([next.line()]));
    // And gone, all of it.
    home.says(&["uninstall"]);
    for file in MANIFESTS.iter().chain(&[".config/certhall/helper.json"]) {
        assert!(!home.at(file).exists(), "{file}");
    }
}

#[test]
fn a_package_is_laid_out_below_a_folder() {
    let home = Home::new();
    home.says(&[
        "install",
        "--system",
        "--root",
        "stage",
        "--program",
        "/usr/bin/certhall-helper",
        "--office",
        "office.json",
    ]);
    for file in [
        "stage/etc/chromium/native-messaging-hosts/cn.certhall.helper.json",
        "stage/etc/opt/chrome/native-messaging-hosts/cn.certhall.helper.json",
        "stage/etc/opt/edge/native-messaging-hosts/cn.certhall.helper.json",
        "stage/usr/lib/mozilla/native-messaging-hosts/cn.certhall.helper.json",
    ] {
        assert_eq!(read(&home.at(file))["path"], "/usr/bin/certhall-helper", "{file}");
    }
    assert_eq!(read(&home.at("stage/etc/certhall/helper.json"))["offices"], json!([home.counter.line()]));
    assert!(!home.at(".config").exists());
}

#[test]
fn what_is_no_office_and_no_prompt_is_not_installed() {
    let home = Home::new();
    for line in [
        json!({ "origin": "http://hall.example", "mandate_key": "AA==" }),
        json!({ "origin": ORIGIN, "mandate_key": "?" }),
        json!({ "origin": ORIGIN }),
        json!({ "origin": ORIGIN, "mandate_key": "AA==", "prompt": "unix:/x" }),
    ] {
        fs::write(home.at("office.json"), line.to_string()).unwrap();
        assert!(!home.run(&["install", "--office", "office.json"]).status.success(), "{line}");
    }
    for prompt in ["unix:relative", "tcp:1", ""] {
        assert!(!home.run(&["install", "--prompt", prompt]).status.success(), "{prompt}");
    }
    // A prompt port is one person's own: never set for a whole computer.
    let everybody = ["install", "--system", "--root", "stage", "--prompt", "unix:/tmp/prompt"];
    assert!(!home.run(&everybody).status.success());
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let home = Home::new();
    let first = home.run(&["doctor"]);
    let said = String::from_utf8(first.stdout).unwrap();
    assert!(!first.status.success());
    for words in [
        "没有登记任何网站",
        "浏览器 Chromium：没有登记助手",
        "浏览器 Firefox：没有登记助手",
        "certhall-helper install",
        "证书Key：没有检测到",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    // Told everything: what is left is what this test's home has not.
    home.says(&[
        "install",
        "--office",
        "office.json",
        "--prompt",
        &format!("unix:{}", home.at("prompt").display()),
    ]);
    fs::write(home.at("prompt"), "").unwrap();
    home.says(&["soft", "new", "--insert"]);
    let said = home.says(&["doctor"]);
    assert!(!said.contains("[问题]") && said.matches("[正常]").count() >= 8, "{said}");
    // A program that moved, settings that others may write.
    let file = home.at(MANIFESTS[1]);
    let text = fs::read_to_string(&file).unwrap();
    let path = read(&file)["path"].as_str().unwrap().to_owned();
    fs::write(&file, text.replace(&path, "/opt/gone/certhall-helper")).unwrap();
    use std::os::unix::fs::PermissionsExt;
    let settings = home.at(".config/certhall/helper.json");
    fs::set_permissions(&settings, fs::Permissions::from_mode(0o666)).unwrap();
    let said = String::from_utf8(home.run(&["doctor"]).stdout).unwrap();
    assert!(said.contains("/opt/gone/certhall-helper 不存在") && said.contains("chmod 644"), "{said}");
}
