//! The load generator: so many connections, each asks, waits for the answer, and asks again (a closed loop).
//!
//! Plain HTTP/1.1 over kept-alive connections, written by hand: bytes made beforehand go out, and of the answer the status
//! and the body's length are looked at. All connections share one list of requests and end when it is through.

use crate::{Failure, cpu};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A server under test.
#[derive(Clone, Debug)]
pub struct Target {
    /// `127.0.0.1:8888`
    pub address: String,
    pub process: u32,
}

/// One side's turn in a round.
#[derive(Clone, Debug)]
pub struct Turn {
    pub calls: usize,
    pub seconds: f64,
    /// Of the server, in seconds.
    pub cpu: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Some of the answers' bodies, from all over the turn.
    pub samples: Vec<(usize, Vec<u8>)>,
}

impl Turn {
    pub fn per_core_second(&self) -> f64 {
        self.calls as f64 / self.cpu
    }
}

/// A whole request, head and body.
pub fn post(path: &str, content_type: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n{more}\r\n"
    );
    [head.as_bytes(), body].concat()
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n").into_bytes()
}

/// What all connections of a turn share.
struct Shared<'a> {
    calls: &'a [Vec<u8>],
    next: usize,
    count: usize,
    times: Vec<Duration>,
    samples: Vec<(usize, Vec<u8>)>,
}

/// One answer in so many is kept for whoever wants to look into it.
const KEPT: usize = 97;

/// Sends `count` of the calls, in their order, from the first on again when they are through; every answer must have a
/// status of 2xx and a body that `good` likes.
///
/// # Errors
/// The first answer that is not as it should be: a figure with errors in it is none.
pub async fn run(
    target: &Target,
    calls: &[Vec<u8>],
    count: usize,
    connections: usize,
    good: fn(&[u8]) -> bool,
) -> Result<Turn, Failure> {
    let times = Vec::with_capacity(count);
    let shared = Rc::new(RefCell::new(Shared { calls, next: 0, count, times, samples: Vec::new() }));
    let mut streams = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(&target.address).await?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let before = cpu::seconds(target.process)?;
    let start = Instant::now();
    let all = streams.into_iter().map(|stream| talk(stream, Rc::clone(&shared), good));
    futures::future::try_join_all(all).await?;
    let seconds = start.elapsed().as_secs_f64();
    let cpu = cpu::seconds(target.process)? - before;
    let mut shared = shared.borrow_mut();
    let mut times = std::mem::take(&mut shared.times);
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (p50, p99) = (at(0.5), at(0.99));
    Ok(Turn { calls: times.len(), seconds, cpu, p50, p99, samples: std::mem::take(&mut shared.samples) })
}

/// One connection, until the list is through.
async fn talk(
    mut stream: TcpStream,
    shared: Rc<RefCell<Shared<'_>>>,
    good: fn(&[u8]) -> bool,
) -> Result<(), Failure> {
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let (index, call) = {
            let mut shared = shared.borrow_mut();
            if shared.next == shared.count {
                return Ok(());
            }
            let index = shared.next;
            shared.next += 1;
            (index, shared.calls[index % shared.calls.len()].as_slice())
        };
        let start = Instant::now();
        stream.write_all(call).await?;
        let (status, body) = answer(&mut stream, &mut buffer).await?;
        let took = start.elapsed();
        if !(200..300).contains(&status) || !good(&buffer[body..]) {
            let said = String::from_utf8_lossy(&buffer[..buffer.len().min(1000)]).into_owned();
            return Err(format!("call {index} was answered:\n{said}").into());
        }
        let mut shared = shared.borrow_mut();
        shared.times.push(took);
        if index.is_multiple_of(KEPT) {
            shared.samples.push((index, buffer[body..].to_vec()));
        }
    }
}

/// One call by itself: its status and body.
pub async fn once(address: &str, call: &[u8]) -> Result<(u16, Vec<u8>), Failure> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(call).await?;
    let mut buffer = Vec::new();
    let (status, body) = answer(&mut stream, &mut buffer).await?;
    Ok((status, buffer.split_off(body)))
}

/// Reads one answer into `buffer`; its status, and where its body begins.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(u16, usize), Failure> {
    buffer.clear();
    let body = loop {
        if let Some(end) = find(buffer, b"\r\n\r\n") {
            break end + 4;
        }
        more(stream, buffer).await?;
    };
    let head = str::from_utf8(&buffer[..body])?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status line")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let end = body + length.ok_or_else(|| format!("an answer without Content-Length:\n{head}"))?;
    while buffer.len() < end {
        more(stream, buffer).await?;
    }
    Ok((status, body))
}

async fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Failure> {
    match stream.read_buf(buffer).await? {
        0 => Err("the server closed the connection".into()),
        _ => Ok(()),
    }
}

pub fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
