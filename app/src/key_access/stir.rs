//! Something came into a port or left it, on any way: the browser tells it of the keys that the page was given, the helper
//! of all that it reaches. What it was, only looking tells.

use super::js::{self, Ear};
use leptos::prelude::*;

struct Stir {
    count: ArcRwSignal<u32>,
    _ears: Vec<Ear>,
}

thread_local! {
    static STIR: Stir = {
        let count = ArcRwSignal::new(0);
        let mut ears = Vec::new();
        // The office renders pages too, and has no ports.
        if !cfg!(feature = "ssr") {
            for bus in ["hid", "usb"].into_iter().filter_map(js::of_navigator) {
                for event in ["connect", "disconnect"] {
                    let count = count.clone();
                    ears.push(Ear::new(&bus, event, move |_| count.update(|count| *count += 1)));
                }
            }
        }
        Stir { count, _ears: ears }
    };
}

/// Counts up each time; a page that waits for a key looks when it does.
pub fn stirred() -> ArcReadSignal<u32> {
    STIR.with(|stir| stir.count.read_only())
}

/// The helper has said so.
pub fn stir() {
    STIR.with(|stir| stir.count.update(|count| *count += 1));
}
