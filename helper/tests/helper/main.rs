//! The helper as a process: pipes, frames and arguments, the way a browser and a person meet it.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod authorisations;
mod command_line;
mod conversation;
mod counter;
mod frames;
mod install;
mod mandates;
#[path = "../../../key/tests/soft_key/office.rs"]
mod office;
mod person;
mod prompts;
mod uncounted;
mod window;

use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

use counter::Counter;
use key::{
    Pin,
    mandate::Given,
    message::{Answer, EXTENSION_ID, Envelope, KeyRef, Request, Stamped},
    soft::Drawer,
};
use person::Person;
use tempfile::TempDir;

pub const ORIGIN: &str = "http://127.0.0.1:8420";

/// A drawer with one blank key in the port, an office whom the helper obeys, and somebody who types PINs.
pub struct Desk {
    pub dir: TempDir,
    pub drawer: Drawer,
    pub key: KeyRef,
    pub serial: String,
    pub counter: Counter,
    pub person: Person,
}

impl Desk {
    pub fn set_up() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let drawer = Drawer::at(dir.path());
        let serial = drawer.add(None).unwrap();
        drawer.insert(&serial).unwrap();
        // What else is in the ports of this machine is none of a test's business.
        let settings = dir.path().join("certhall");
        std::fs::create_dir(&settings).unwrap();
        std::fs::write(settings.join("keys.json"), r#"{"cards":false,"hid":false}"#).unwrap();
        let (counter, person) = (Counter::at(ORIGIN), Person::sits_at(dir.path().join("prompt")));
        counter.install(dir.path(), &person);
        Self { key: KeyRef(format!("soft:{serial}")), dir, drawer, serial, counter, person }
    }

    pub fn helper(&self) -> Helper {
        Helper {
            counter: Some((self.counter.clone(), self.person.clone())),
            ..Helper::start(self.dir.path(), EXTENSION_ID)
        }
    }
}

/// One helper process with the browser's end of its pipes.
pub struct Helper {
    process: Child,
    last: u32,
    /// Whose page it is, and who sits in front of it.
    counter: Option<(Counter, Person)>,
    station: Option<String>,
}

impl Helper {
    pub fn start(folder: &Path, extension_id: &str) -> Self {
        Self::called(folder, &[&format!("chrome-extension://{extension_id}/")])
    }

    pub fn called(folder: &Path, arguments: &[&str]) -> Self {
        Self::spawn(Self::program(folder).args(arguments))
    }

    /// As a browser on this screen starts it for the page of the desk's office.
    pub fn on_screen(desk: &Desk, display: &str) -> Self {
        Self::told(desk, "DISPLAY", display.as_ref())
    }

    /// The same with this in its environment.
    pub fn told(desk: &Desk, name: &str, value: &Path) -> Self {
        let extension = format!("chrome-extension://{EXTENSION_ID}/");
        let helper = Self::spawn(Self::program(desk.dir.path()).arg(extension).env(name, value));
        Helper { counter: Some((desk.counter.clone(), desk.person.clone())), ..helper }
    }

    fn program(folder: &Path) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_certhall-helper"));
        program.env("CERTHALL_SOFT_KEYS", folder).env("XDG_CONFIG_HOME", folder);
        program
    }

    fn spawn(program: &mut Command) -> Self {
        let process =
            program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self { process, last: 0, counter: None, station: None }
    }

    /// As a page of the office asks: with a mandate where one is needed; PINs are typed by the person.
    pub fn ask(&mut self, mut request: Request) -> Answer {
        let pins = request.pins();
        let take = |pin: Option<&mut Option<Pin>>| pin.and_then(Option::take);
        let (current, new) = (take(pins.current), take(pins.new));
        let Some((counter, person)) = self.counter.clone() else { return self.say(request, None) };
        if current.is_some() || new.is_some() {
            person.will_type_only([current, new.clone(), new].into_iter().flatten());
        }
        let given = request.mandated().then(|| counter.give(&request, &self.station()));
        self.say(request, given)
    }

    pub fn say(&mut self, request: Request, mandate: Option<Given>) -> Answer {
        self.say_as(ORIGIN, request, mandate)
    }

    /// As the worker says it for a page of this origin.
    pub fn say_as(&mut self, origin: &str, request: Request, mandate: Option<Given>) -> Answer {
        self.last += 1;
        let message = Envelope { mandate, ..Envelope::new(self.last, request) };
        let message = Stamped { origin: origin.into(), message };
        self.frame(&serde_json::to_vec(&message).unwrap());
        let answer = self.read().expect("an answer");
        assert_eq!((answer.version, answer.id), (1, self.last));
        answer.body
    }

    /// Base64, of this process.
    pub fn station(&mut self) -> String {
        if self.station.is_none() {
            let Answer::Hello { station_key, .. } = self.say(Request::Hello {}, None) else {
                panic!("no hello")
            };
            self.station = Some(station_key);
        }
        self.station.clone().unwrap()
    }

    pub fn frame(&mut self, message: &[u8]) {
        self.raw(&(message.len() as u32).to_le_bytes());
        self.raw(message);
    }

    /// The helper may already have gone: a broken pipe is then the expected end.
    pub fn raw(&mut self, bytes: &[u8]) {
        let _ = self.process.stdin.as_mut().unwrap().write_all(bytes);
    }

    /// The next answer to a question.
    pub fn read(&mut self) -> Option<Envelope<Answer>> {
        loop {
            let said = self.hear()?;
            if said.body != (Answer::PortsChanged {}) {
                return Some(said);
            }
        }
    }

    /// Whatever is said next.
    pub fn hear(&mut self) -> Option<Envelope<Answer>> {
        let output = self.process.stdout.as_mut().unwrap();
        let mut length = [0; 4];
        output.read_exact(&mut length).ok()?;
        let mut message = vec![0; u32::from_le_bytes(length) as usize];
        output.read_exact(&mut message).unwrap();
        Some(serde_json::from_slice(&message).unwrap())
    }

    /// Closes the pipe, as the browser does, and gives what the process leaves behind.
    pub fn close(mut self) -> (ExitStatus, String) {
        drop(self.process.stdin.take());
        let output = self.process.wait_with_output().unwrap();
        (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
