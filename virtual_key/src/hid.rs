//! The HID interface: a report in, reports to everybody who has the node open, as the kernel's hidraw does.

use crate::device::{Inside, lock};
use crate::seqpacket::Line;
use key::frame::PACKET;
use std::sync::Mutex;

pub fn serve(inside: &Mutex<Inside>, line: &Line) {
    lock(inside).openers.push(line.clone());
    let mut buffer = [0; 256];
    loop {
        let report = line.hear(&mut buffer);
        // A report is written with its number before it; ours has none, which is a zero.
        let Some((0, packet)) = report.split_first().map(|(first, rest)| (*first, rest)) else { break };
        if packet.len() != PACKET {
            continue;
        }
        let mut inside = lock(inside);
        let Ok(answer) = inside.take(|inside| &mut inside.hid, packet) else { break };
        for packet in answer {
            // One who has closed hears nothing, and that is no fault of the others.
            for opener in &inside.openers {
                opener.say(&packet);
            }
        }
    }
    lock(inside).openers.retain(|opener| !opener.is(line));
    line.close();
}
