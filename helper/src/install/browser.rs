//! The browsers, and where each looks for the programs that its extensions may start.

use std::{env, path::PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Chromium,
    Chrome,
    Edge,
    Firefox,
}

/// For one person, or for everybody on this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    User,
    System,
}

impl Browser {
    pub const ALL: [Browser; 4] = [Browser::Chromium, Browser::Chrome, Browser::Edge, Browser::Firefox];

    pub fn name(self) -> &'static str {
        match self {
            Browser::Chromium => "Chromium",
            Browser::Chrome => "Google Chrome",
            Browser::Edge => "Microsoft Edge",
            Browser::Firefox => "Firefox",
        }
    }

    /// What a person types to start it.
    pub fn programs(self) -> &'static [&'static str] {
        match self {
            Browser::Chromium => &["chromium", "chromium-browser"],
            Browser::Chrome => &["google-chrome", "google-chrome-stable"],
            Browser::Edge => &["microsoft-edge", "microsoft-edge-stable"],
            Browser::Firefox => &["firefox", "firefox-esr"],
        }
    }

    /// `None` on Windows, where the registry says it.
    pub fn folder(self, scope: Scope) -> Option<PathBuf> {
        if cfg!(windows) {
            return None;
        }
        let mac = cfg!(target_os = "macos");
        let home = || env::home_dir();
        Some(match (scope, mac) {
            (Scope::User, true) => home()?.join("Library/Application Support").join(match self {
                Browser::Chromium => "Chromium/NativeMessagingHosts",
                Browser::Chrome => "Google/Chrome/NativeMessagingHosts",
                Browser::Edge => "Microsoft Edge/NativeMessagingHosts",
                Browser::Firefox => "Mozilla/NativeMessagingHosts",
            }),
            (Scope::System, true) => PathBuf::from(match self {
                Browser::Chromium => "/Library/Application Support/Chromium/NativeMessagingHosts",
                Browser::Chrome => "/Library/Google/Chrome/NativeMessagingHosts",
                Browser::Edge => "/Library/Microsoft/Edge/NativeMessagingHosts",
                Browser::Firefox => "/Library/Application Support/Mozilla/NativeMessagingHosts",
            }),
            (Scope::User, false) => match self {
                Browser::Chromium => config()?.join("chromium/NativeMessagingHosts"),
                Browser::Chrome => config()?.join("google-chrome/NativeMessagingHosts"),
                Browser::Edge => config()?.join("microsoft-edge/NativeMessagingHosts"),
                Browser::Firefox => home()?.join(".mozilla/native-messaging-hosts"),
            },
            (Scope::System, false) => PathBuf::from(match self {
                Browser::Chromium => "/etc/chromium/native-messaging-hosts",
                Browser::Chrome => "/etc/opt/chrome/native-messaging-hosts",
                Browser::Edge => "/etc/opt/edge/native-messaging-hosts",
                Browser::Firefox => "/usr/lib/mozilla/native-messaging-hosts",
            }),
        })
    }

    /// Somewhere on PATH.
    pub fn is_installed(self) -> bool {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut folders = env::split_paths(&path);
        folders.any(|folder| self.programs().iter().any(|program| folder.join(program).is_file()))
    }
}

/// As Chromium looks for it.
fn config() -> Option<PathBuf> {
    let given = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    given.or_else(|| Some(env::home_dir()?.join(".config")))
}
