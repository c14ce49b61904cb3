//! Somebody in front of the prompt port: types what they were told, says no otherwise, and remembers what was asked.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixListener,
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use key::Pin;
use serde_json::{Value, json};

#[derive(Clone)]
pub struct Person {
    pub path: PathBuf,
    mind: Arc<Mutex<Mind>>,
}

#[derive(Default)]
struct Mind {
    will_type: VecDeque<Pin>,
    /// Presses 取消 where few tries are left.
    careful: bool,
    /// Looks at the window and does nothing.
    absent: bool,
    asked: Vec<Value>,
}

impl Person {
    pub fn sits_at(path: PathBuf) -> Self {
        let listener = UnixListener::bind(&path).unwrap();
        let person = Self { path, mind: Arc::default() };
        let mind = person.mind.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                BufReader::new(&stream).read_line(&mut line).unwrap();
                let question: Value = serde_json::from_str(&line).unwrap();
                let answer = {
                    let mut mind = mind.lock().unwrap();
                    mind.asked.push(question.clone());
                    if mind.absent {
                        drop(mind);
                        thread::sleep(Duration::from_secs(60));
                        continue;
                    }
                    match (question["asks"].as_str().unwrap(), mind.careful) {
                        ("go_on", careful) => json!({ "go_on": !careful }),
                        _ => match mind.will_type.pop_front() {
                            Some(pin) => json!({ "pin": pin.reveal() }),
                            None => json!({ "cancel": true }),
                        },
                    }
                };
                // The helper may have given up meanwhile.
                let _ = writeln!(stream, "{answer}");
            }
        });
        person
    }

    pub fn will_type(&self, pin: Option<Pin>) {
        self.mind.lock().unwrap().will_type.extend(pin);
    }

    /// Whatever was left from before is forgotten.
    pub fn will_type_only(&self, pins: impl Iterator<Item = Pin>) {
        self.mind.lock().unwrap().will_type = pins.collect();
    }

    pub fn is_careful(&self) {
        self.mind.lock().unwrap().careful = true;
    }

    pub fn is_absent(&self) {
        self.mind.lock().unwrap().absent = true;
    }

    /// What was asked since the last time.
    pub fn was_asked(&self) -> Vec<Value> {
        std::mem::take(&mut self.mind.lock().unwrap().asked)
    }
}
