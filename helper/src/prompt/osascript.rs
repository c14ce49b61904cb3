//! The window on macOS: the system's own dialogue with a hidden field, shown by `/usr/bin/osascript`. What it says comes as
//! arguments and is never part of the script.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use key::{KeyError, Pin};
use zeroize::Zeroizing;

use super::{Asks, Leash, Prompt, Question, TITLE, line};

const PROGRAM: &str = "/usr/bin/osascript";
/// Title, text, the button that goes on. A window that nobody answers is the system's own time-out (-1712).
const ASK: &str = r#"on run argv
    set said to display dialog (item 2 of argv) with title (item 1 of argv) default answer "" ¬
        buttons {"取消", item 3 of argv} default button 2 cancel button 1 with hidden answer giving up after 120
    if gave up of said then error "" number -1712
    return text returned of said
end run"#;
const CONFIRM: &str = r#"on run argv
    set said to display dialog (item 2 of argv) with title (item 1 of argv) ¬
        buttons {"取消", item 3 of argv} default button 1 cancel button 1 giving up after 120
    if gave up of said then error "" number -1712
    return "yes"
end run"#;

pub struct Osascript {
    leash: Leash,
}

impl Osascript {
    pub fn new(leash: Leash) -> Self {
        Self { leash }
    }

    /// What the person typed; the window closes when the page is gone.
    fn ask(&self, question: &Question, script: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let mut text = question.text();
        if let Some(fault) = question.fault {
            text = format!("{fault}\n\n{text}");
        }
        if question.asks != Asks::GoOn {
            text = format!("{text}\n\n{}", question.field());
        }
        let go_on = if question.asks == Asks::GoOn { "继续输入" } else { "确定" };
        let mut child = Command::new(PROGRAM)
            .args(["-e", script, TITLE, &text, go_on])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|_| KeyError::PinMissing)?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let (mut output, mut errors) = output.zip(errors).ok_or(KeyError::PinMissing)?;
        let window = Window(Arc::new(Mutex::new(child)));
        let closing = window.0.clone();
        let close = move || drop(closing.lock().unwrap_or_else(PoisonError::into_inner).kill());
        if !self.leash.hold(close) {
            return Err(KeyError::Cancelled);
        }
        let said = line::read(&mut output);
        self.leash.let_go();
        said.map_err(|_| {
            let mut why = String::new();
            let _ = errors.read_to_string(&mut why);
            if why.contains("(-1712)") { KeyError::Timeout } else { KeyError::Cancelled }
        })
    }
}

impl Prompt for Osascript {
    fn pin(&mut self, question: &Question) -> Result<Pin, KeyError> {
        let typed = self.ask(question, ASK)?;
        std::str::from_utf8(&typed).map(Pin::new).map_err(|_| KeyError::PinRule)
    }

    fn confirm(&mut self, question: &Question) -> Result<(), KeyError> {
        self.ask(question, CONFIRM).map(drop)
    }
}

struct Window(Arc<Mutex<Child>>);

impl Drop for Window {
    fn drop(&mut self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}
