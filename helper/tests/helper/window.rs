//! The real window: pinentry on a screen of its own, a keyboard that types into it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use key::{
    KeyError,
    message::{Answer, Request},
};
use serde_json::json;

use super::{Desk, Helper, counter::write_settings, prompts};

/// Xvfb: a screen that nobody sees.
struct Screen {
    program: Child,
    display: String,
}

impl Screen {
    fn on(desk: &Desk) -> Self {
        let mut program = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "900x600x24", "-nolisten", "tcp", "-fbdir"])
            .arg(desk.dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb, which `cargo xtask test` installs");
        let mut number = String::new();
        BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut number).unwrap();
        Self { program, display: format!(":{}", number.trim()) }
    }

    fn xdotool(&self, arguments: &[&str]) -> bool {
        let mut xdotool = Command::new("xdotool");
        xdotool.args(arguments).env("DISPLAY", &self.display).stdout(Stdio::null()).stderr(Stdio::null());
        xdotool.status().expect("xdotool, which `cargo xtask test` installs").success()
    }

    /// Until a window is there.
    fn wait(&self) {
        let since = Instant::now();
        while !self.xdotool(&["search", "--onlyvisible", "--class", "pinentry"]) {
            assert!(since.elapsed() < Duration::from_secs(30), "no window opened");
            thread::sleep(Duration::from_millis(100));
        }
        // Until it has the keyboard.
        thread::sleep(Duration::from_millis(700));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn a_person_types_into_the_window_or_closes_it() {
    let (desk, helper) = prompts::personalised();
    drop(helper);
    // No prompt is named: then it is the window.
    write_settings(desk.dir.path(), &json!({ "offices": [desk.counter.line()] }));
    let screen = Screen::on(&desk);
    let mut helper = Helper::on_screen(&desk, &screen.display);
    let verify = Request::VerifyPin { key: desk.key.clone(), pin: None };
    thread::scope(|scope| {
        let typing = scope.spawn(|| {
            screen.wait();
            if let Ok(folder) = std::env::var("CERTHALL_PICTURES") {
                fs::copy(desk.dir.path().join("Xvfb_screen0"), format!("{folder}/pin-window.xwd")).unwrap();
            }
            assert!(screen.xdotool(&["type", "--delay", "20", prompts::PIN]));
            assert!(screen.xdotool(&["key", "Return"]));
        });
        assert_eq!(helper.ask(verify.clone()), Answer::Verified {});
        typing.join().unwrap();
    });
    thread::scope(|scope| {
        let closing = scope.spawn(|| {
            screen.wait();
            assert!(screen.xdotool(&["key", "Escape"]));
        });
        assert_eq!(helper.ask(verify), Answer::Failed { error: KeyError::Cancelled });
        closing.join().unwrap();
    });
    assert!(desk.person.was_asked().is_empty());
    assert!(helper.close().0.success());
}
