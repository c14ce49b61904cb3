//! The vendor interface: transfers as the shim sends them (`shim/src/usbfs.rs` has the layout).

use crate::device::{Inside, lock};
use crate::seqpacket::Line;
use key::frame::{PACKET, Packet};
use std::collections::VecDeque;
use std::sync::Mutex;

const HEAD: usize = 16;
const CONTROL: u8 = 2;
/// EPIPE: the endpoint stalls.
const STALL: i32 = -32;

pub fn serve(inside: &Mutex<Inside>, line: &Line) {
    let mut waiting: VecDeque<u64> = VecDeque::new();
    let mut ready: VecDeque<Packet> = VecDeque::new();
    {
        let mut inside = lock(inside);
        // This interface has its own answers: its line takes none of the HID reports.
        inside.usb = Default::default();
    }
    let mut buffer = vec![0; 70_000];
    while let Some(transfer) = Transfer::read(line.hear(&mut buffer)) {
        match transfer {
            Transfer { given_up: true, id, .. } => waiting.retain(|other| *other != id),
            // Vendor requests: our key knows none.
            Transfer { kind: CONTROL, id, .. } => answer(line, id, STALL, &[]),
            Transfer { endpoint, id, .. } if endpoint & 0x80 != 0 => waiting.push_back(id),
            Transfer { id, data, .. } => {
                if data.len() != PACKET {
                    answer(line, id, STALL, &[]);
                    continue;
                }
                let Ok(packets) = lock(inside).take(|inside| &mut inside.usb, data) else { break };
                written(line, id, data.len());
                ready.extend(packets);
            }
        }
        while let (Some(id), Some(packet)) = (waiting.front().copied(), ready.front()) {
            answer(line, id, 0, packet);
            waiting.pop_front();
            ready.pop_front();
        }
    }
    line.close();
}

struct Transfer<'a> {
    id: u64,
    given_up: bool,
    kind: u8,
    endpoint: u8,
    data: &'a [u8],
}

impl Transfer<'_> {
    fn read(message: &[u8]) -> Option<Transfer<'_>> {
        let (head, data) = message.split_first_chunk::<HEAD>()?;
        let (id, rest) = head.split_first_chunk::<8>()?;
        Some(Transfer {
            id: u64::from_ne_bytes(*id),
            given_up: rest[0] == 1,
            kind: rest[1],
            endpoint: rest[2],
            data,
        })
    }
}

fn answer(line: &Line, id: u64, status: i32, data: &[u8]) {
    respond(line, id, status, data.len(), data);
}

fn written(line: &Line, id: u64, length: usize) {
    respond(line, id, 0, length, &[]);
}

fn respond(line: &Line, id: u64, status: i32, length: usize, data: &[u8]) {
    let mut message = id.to_ne_bytes().to_vec();
    message.extend(status.to_ne_bytes());
    message.extend((length as u32).to_ne_bytes());
    message.extend(data);
    line.say(&message);
}
