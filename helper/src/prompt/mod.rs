//! Owns: where a person types a PIN: a window of the helper's own, or a port that `install --prompt` named.
//! Never: a PIN in a log, in a message to a page, in memory for longer than one command.
//! Start at: `Question`, then `entry.rs`; `pinentry.rs` and `socket.rs` are the two ports.

pub mod entry;
mod leash;
mod line;
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod nowhere;
#[cfg(target_os = "macos")]
mod osascript;
#[cfg(target_os = "linux")]
mod pinentry;
#[cfg(unix)]
mod socket;

pub use leash::Leash;

use key::{KeyError, Pin};

use crate::settings::PromptPort;

/// What the window says and asks.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// Of the page, as the browser knows it and the office signed it.
    pub origin: &'a str,
    /// The office's sentence.
    pub purpose: &'a str,
    pub serial: &'a str,
    /// Tries left before this one.
    pub left: Option<u8>,
    pub asks: Asks,
    /// Why what was typed before is not taken.
    pub fault: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The PIN that stands.
    Current,
    /// A new one.
    New,
    /// The new one once more.
    Again,
    /// Whether to go on, with few tries left.
    GoOn,
}

/// A way to ask. `Cancelled` is the person's no.
pub trait Prompt {
    fn pin(&mut self, question: &Question) -> Result<Pin, KeyError>;
    fn confirm(&mut self, question: &Question) -> Result<(), KeyError>;
}

/// The port that the settings name. `leash` closes an open window when the browser is gone.
pub fn open(port: &PromptPort, leash: Leash) -> Box<dyn Prompt> {
    match port {
        #[cfg(target_os = "linux")]
        PromptPort::Window => Box::new(pinentry::Pinentry::new(leash)),
        #[cfg(unix)]
        PromptPort::Unix(path) => Box::new(socket::Socket::at(path.clone(), leash)),
        #[cfg(target_os = "macos")]
        PromptPort::Window => Box::new(osascript::Osascript::new(leash)),
        #[cfg(not(any(target_os = "linux", target_os = "macos")))]
        _ => Box::new(nowhere::Nowhere),
    }
}

/// What is missing on this computer for a window, as a person is told.
pub fn window_fault() -> Option<String> {
    #[cfg(target_os = "linux")]
    return pinentry::fault();
    #[cfg(target_os = "macos")]
    return None;
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    Some("本机助手在这个操作系统上还没有密码输入窗口。".into())
}

impl Question<'_> {
    /// The lines above the field.
    pub fn text(&self) -> String {
        let mut lines = vec![
            format!("网站：{}", self.origin),
            format!("用途：{}", self.purpose),
            format!("证书Key：{}", self.serial),
        ];
        match (self.asks, self.left) {
            (Asks::New, _) => lines.push("请设置新密码，6至16位，不要用生日、连续或重复的数字。".into()),
            (Asks::Again, _) => lines.push("请再输入一次新密码。".into()),
            (Asks::Current, Some(left)) => lines.push(format!("还可输错{left}次，用完后证书Key将锁定。")),
            (Asks::GoOn, Some(left)) => lines.push(format!(
                "只剩{left}次输入机会。不确定密码时请选“取消”，然后办理证书解锁。确定要现在输入吗？"
            )),
            (Asks::Current | Asks::GoOn, None) => {}
        }
        lines.join("\n")
    }

    /// The word in front of the field.
    pub fn field(&self) -> &'static str {
        match self.asks {
            Asks::Current | Asks::GoOn => "证书密码：",
            Asks::New => "新密码：",
            Asks::Again => "确认新密码：",
        }
    }
}

pub const TITLE: &str = "证书大厅 Key 助手";
