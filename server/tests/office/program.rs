//! The office as the program that people run: a process of its own that can be killed at any moment.

use crate::town::{Streets, Town, free_address, until};
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;

pub struct Program {
    town: Arc<Town>,
    child: Child,
}

impl Program {
    /// `more` are lines for the section `[office]` of the settings.
    pub async fn open(more: &str) -> Program {
        let more = format!("codes_per_address_hour = 1000\n{more}");
        let found = tokio::task::spawn_blocking(move || Town::found(&free_address(), &more));
        let town = Arc::new(found.await.unwrap());
        let child = spawn(&town);
        let program = Program { town, child };
        program.until_open().await;
        program
    }

    /// In a town that had another office.
    pub async fn take_over(town: Arc<Town>) -> Program {
        let child = spawn(&town);
        let program = Program { town, child };
        program.until_open().await;
        program
    }

    /// kill -9: nothing is finished, nothing is said.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub async fn start_again(&mut self) {
        self.child = spawn(&self.town);
        self.until_open().await;
    }

    async fn until_open(&self) {
        let browser = self.town.browser();
        until("the office to open", || async {
            let answer = browser.try_send(browser.bare(reqwest::Method::GET, "/readyz")).await;
            answer.is_ok_and(|answer| answer.status == 200).then_some(())
        })
        .await;
    }

    /// Everything it ever said.
    pub fn log(&self) -> PathBuf {
        log(&self.town)
    }
}

impl Streets for Program {
    fn town(&self) -> &Arc<Town> {
        &self.town
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(town: &Town) -> Child {
    let log = OpenOptions::new().create(true).append(true).open(log(town)).unwrap();
    let mut office = Command::new(env!("CARGO_BIN_EXE_server"));
    for file in town.settings_files() {
        office.arg("--settings").arg(file);
    }
    office.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

fn log(town: &Town) -> PathBuf {
    town.folder().join("office.log")
}
