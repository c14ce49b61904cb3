//! `openssl cmp -port`: OpenSSL's mock authority in a process of its own, and the least HTTP to speak with it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use certificate::rand_core::{TryCryptoRng, TryRng};
use cmp::{Ask, CmpError, Exchange, Next, Outcome, Peer};

use crate::openssl::Folder;

pub struct Mock {
    process: Child,
    pub port: u16,
}

impl Mock {
    /// `arguments` beyond the port; files are those of the folder.
    pub fn start(folder: &Folder, arguments: &str) -> Mock {
        Mock::start_at(free_port(), folder, arguments)
    }

    pub fn start_at(port: u16, folder: &Folder, arguments: &str) -> Mock {
        let mut command = Command::new("openssl");
        command.args(["cmp", "-config", "", "-port", &port.to_string()]).args(arguments.split(' '));
        let log = std::fs::File::create(folder.path("mock.log")).unwrap();
        command.current_dir(folder.path("")).stdout(Stdio::null()).stderr(log);
        let mut mock = Mock { process: command.spawn().expect("openssl is installed"), port };
        let since = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(mock.process.try_wait().unwrap().is_none(), "the mock ended: see {arguments}");
            assert!(since.elapsed() < Duration::from_secs(20), "the mock does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        mock
    }

    pub fn post(&self, body: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!(
            "POST /pkix/ HTTP/1.0\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            cmp::CONTENT_TYPE,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an HTTP answer");
        answer.split_off(end + 4)
    }

    /// Walks a whole transaction; a wait is counted, not waited for longer than a second.
    pub fn walk(&self, peer: &Arc<Peer>, ask: Ask) -> Result<(Outcome, usize), CmpError> {
        let mut dice = SystemDice;
        let (mut exchange, mut bytes) = Exchange::begin(peer.clone(), ask, now(), &mut dice)?;
        let mut waits = 0;
        loop {
            bytes = match exchange.take(&self.post(&bytes), now(), &mut dice)? {
                Next::Send(bytes) => bytes,
                Next::Wait { seconds, then } => {
                    waits += 1;
                    std::thread::sleep(Duration::from_secs(seconds.min(1).into()));
                    then
                }
                Next::Done(outcome) => return Ok((outcome, waits)),
            };
        }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where nobody listens yet.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// The system's dice.
pub struct SystemDice;

impl TryRng for SystemDice {
    type Error = std::io::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        std::fs::File::open("/dev/urandom")?.read_exact(bytes)
    }
}

impl TryCryptoRng for SystemDice {}
