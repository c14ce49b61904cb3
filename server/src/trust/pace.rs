//! How often one address may ask: reading a certificate costs a signature's verification, and the answer is for people.

use crate::codes::network;
use journey::moment::Moment;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// Questions that one network (/24, /56) may ask in a window.
pub const QUESTIONS: u32 = 60;
const WINDOW_MINUTES: i64 = 5;
/// Networks remembered at most; with more the oldest windows go.
const NETWORKS: usize = 20_000;

#[derive(Default)]
pub struct Pace(Mutex<HashMap<String, Window>>);

struct Window {
    ends: Moment,
    asked: u32,
}

impl Pace {
    /// Counts a question.
    ///
    /// # Errors
    /// In how many seconds this network may ask again; then it was not counted.
    pub fn count(&self, ip: IpAddr, now: Moment) -> Result<(), u32> {
        let mut windows = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if windows.len() >= NETWORKS {
            windows.retain(|_, window| window.ends > now);
            if windows.len() >= NETWORKS {
                windows.clear();
            }
        }
        let fresh = Window { ends: now.plus_minutes(WINDOW_MINUTES), asked: 0 };
        let window = windows.entry(network(ip)).or_insert(fresh);
        if window.ends <= now {
            *window = Window { ends: now.plus_minutes(WINDOW_MINUTES), asked: 0 };
        }
        if window.asked >= QUESTIONS {
            let left = (window.ends.millis() - now.millis() + 999) / 1000;
            return Err(u32::try_from(left).unwrap_or(1).max(1));
        }
        window.asked += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_millis(seconds * 1000)
    }

    #[test]
    fn a_network_waits_for_its_window_and_others_do_not() {
        let pace = Pace::default();
        let (one, same, other) = ([10, 0, 0, 1].into(), [10, 0, 0, 99].into(), [10, 0, 1, 1].into());
        for _ in 0..QUESTIONS {
            assert_eq!(pace.count(one, at(0)), Ok(()));
        }
        assert_eq!(pace.count(same, at(60)), Err(240));
        assert_eq!(pace.count(other, at(60)), Ok(()));
        assert_eq!(pace.count(one, at(300)), Ok(()));
    }
}
