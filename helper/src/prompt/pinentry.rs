//! The window on Linux: pinentry, the program that GnuPG asks with. It keeps what is typed out of swap, takes the keyboard
//! for itself while it is open, and speaks Assuan: one line a command, `OK`, `ERR` or `D data` back.
//!
//! It is called by its full path with an environment of our choice, so that no variable chooses another program.

use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use key::{KeyError, Pin};
use zeroize::Zeroizing;

use super::{Asks, Leash, Prompt, Question, TITLE, line};

/// In order of preference: those with a window of their own first.
const PROGRAMS: [&str; 6] = [
    "/usr/bin/pinentry-qt",
    "/usr/bin/pinentry-qt5",
    "/usr/bin/pinentry-gtk-2",
    "/usr/bin/pinentry-gnome3",
    "/usr/bin/pinentry-fltk",
    "/usr/bin/pinentry-x11",
];
/// What a window needs of the session, and nothing that loads code.
const KEPT: [&str; 9] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
    "XDG_CURRENT_DESKTOP",
    "DBUS_SESSION_BUS_ADDRESS",
    "HOME",
    "LANG",
];
const SECONDS: u32 = 120;
/// GPG_ERR_TIMEOUT of the low 16 bits; every other refusal is the person's.
const TIMEOUT: u32 = 62;

pub struct Pinentry {
    leash: Leash,
}

/// One window.
struct Dialogue {
    child: Arc<Mutex<Child>>,
    input: ChildStdin,
    output: ChildStdout,
}

/// What is missing for a window, as a person is told.
pub fn fault() -> Option<String> {
    if program().is_none() {
        return Some(
            "没有密码输入窗口。请安装 pinentry-qt 或 pinentry-gtk2，例如：sudo apt install pinentry-qt"
                .into(),
        );
    }
    let screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
    (!screen).then(|| "没有图形界面（DISPLAY 未设置），密码输入窗口无法显示。请在桌面中打开浏览器。".into())
}

fn program() -> Option<PathBuf> {
    PROGRAMS.iter().map(Path::new).find(|path| path.is_file()).map(Path::to_owned)
}

impl Pinentry {
    pub fn new(leash: Leash) -> Self {
        Self { leash }
    }

    /// Says the question, gives the command, and reads what the person said.
    fn ask(&self, question: &Question, command: &str) -> Result<Option<Pin>, KeyError> {
        let mut dialogue = Dialogue::start().map_err(|_| KeyError::PinMissing)?;
        let child = dialogue.child.clone();
        let close = move || {
            let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
        };
        if !self.leash.hold(close) {
            return Err(KeyError::Cancelled);
        }
        let answer = dialogue.converse(question, command);
        self.leash.let_go();
        answer
    }
}

impl Prompt for Pinentry {
    fn pin(&mut self, question: &Question) -> Result<Pin, KeyError> {
        self.ask(question, "GETPIN")?.ok_or(KeyError::Cancelled)
    }

    fn confirm(&mut self, question: &Question) -> Result<(), KeyError> {
        self.ask(question, "CONFIRM").map(drop)
    }
}

impl Dialogue {
    fn start() -> std::io::Result<Self> {
        let program = program().ok_or(std::io::ErrorKind::NotFound)?;
        let kept = KEPT.iter().filter_map(|name| Some((*name, env::var_os(name)?)));
        let mut child = Command::new(program)
            .env_clear()
            .envs(kept)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (input, output) = input.zip(output).ok_or(std::io::ErrorKind::BrokenPipe)?;
        Ok(Self { child: Arc::new(Mutex::new(child)), input, output })
    }

    fn converse(&mut self, question: &Question, command: &str) -> Result<Option<Pin>, KeyError> {
        self.reply()?;
        let settings = [
            "OPTION grab".to_owned(),
            "OPTION lc-ctype=C.UTF-8".to_owned(),
            format!("SETTIMEOUT {SECONDS}"),
            format!("SETTITLE {}", escaped(TITLE)),
            format!("SETDESC {}", escaped(&question.text())),
            format!("SETPROMPT {}", escaped(question.field())),
            format!("SETOK {}", if question.asks == Asks::GoOn { "继续输入" } else { "确定" }),
            "SETCANCEL 取消".to_owned(),
        ];
        let fault = question.fault.map(|fault| format!("SETERROR {}", escaped(fault)));
        for setting in settings.into_iter().chain(fault) {
            self.say(&setting)?;
            // An older pinentry that does not know an option shows its window all the same.
            match self.reply() {
                Ok(_) | Err(KeyError::Cancelled) => {}
                Err(error) => return Err(error),
            }
        }
        self.say(command)?;
        self.reply()
    }

    fn say(&mut self, command: &str) -> Result<(), KeyError> {
        writeln!(self.input, "{command}").map_err(|_| KeyError::Cancelled)
    }

    /// Up to the next `OK` or `ERR`, with the data before it.
    fn reply(&mut self) -> Result<Option<Pin>, KeyError> {
        let mut data = None;
        loop {
            // It ended: killed because the page is gone, or it could not open a window.
            let line = line::read(&mut self.output).map_err(|_| KeyError::Cancelled)?;
            match &line[..] {
                [b'O', b'K', ..] => return Ok(data),
                [b'D', b' ', typed @ ..] => data = Some(unescaped(typed)?),
                [b'E', b'R', b'R', b' ', why @ ..] => {
                    let code = std::str::from_utf8(why)
                        .ok()
                        .and_then(|why| why.split(' ').next()?.parse::<u32>().ok());
                    let late = code.is_some_and(|code| code & 0xFFFF == TIMEOUT);
                    return Err(if late { KeyError::Timeout } else { KeyError::Cancelled });
                }
                // `S …` and comments.
                _ => {}
            }
        }
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// A text as an argument: one line.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What was typed, with `%XX` put back.
fn unescaped(data: &[u8]) -> Result<Pin, KeyError> {
    let mut text = Zeroizing::new(Vec::with_capacity(data.len()));
    let mut rest = data;
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or(KeyError::PinRule);
                text.push((digit(high)? * 16 + digit(low)?) as u8);
                rest = after;
            }
            _ => {
                text.push(*first);
                rest = tail;
            }
        }
    }
    std::str::from_utf8(&text).map(Pin::new).map_err(|_| KeyError::PinRule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_arrives_as_it_was_typed() {
        assert_eq!(unescaped(b"50%25%0A%E5%AF%86").unwrap().reveal(), "50%\n密");
        assert_eq!(unescaped(b"plain").unwrap().reveal(), "plain");
        assert!(unescaped(b"%ZZ").is_err());
        assert_eq!(escaped("一\n二%"), "一%0A二%25");
    }
}
