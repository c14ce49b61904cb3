//! After a failure an account waits, longer with each (kanidm's curve, NIST 800-63B): nobody guesses fast, and nobody is
//! locked out for good.

use journey::moment::Moment;
use std::collections::HashMap;
use std::sync::Mutex;

/// Names that nobody has, remembered at most.
const STRANGERS: usize = 10_000;

/// Until when an account waits that has failed this often, the last time now.
pub fn locked_until(failures: i64, now: Moment) -> Moment {
    let seconds = match failures {
        ..3 => 1,
        3..9 => 3,
        9..25 => 5,
        25..100 => 10,
        // To the end of the day in Beijing.
        _ => return next_midnight(now),
    };
    Moment::from_millis(now.millis() + seconds * 1000)
}

fn next_midnight(now: Moment) -> Moment {
    const DAY: i64 = 24 * 3600 * 1000;
    const BEIJING: i64 = 8 * 3600 * 1000;
    let today = (now.millis() + BEIJING).div_euclid(DAY);
    Moment::from_millis((today + 1) * DAY - BEIJING)
}

/// Whole seconds from now until then, at least one.
pub fn wait_s(until: Moment, now: Moment) -> u32 {
    let millis = (until.millis() - now.millis()).max(1);
    u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX)
}

/// Names that no member of staff has wait like those of members: waiting does not tell them apart. Kept by digest, in
/// memory.
#[derive(Default)]
pub struct Strangers(Mutex<HashMap<Vec<u8>, Failures>>);

#[derive(Clone, Copy)]
struct Failures {
    count: i64,
    locked_until: Moment,
}

impl Strangers {
    /// Counts a try.
    ///
    /// # Errors
    /// Until when this name waits; then it was not counted.
    pub fn count(&self, name: Vec<u8>, now: Moment) -> Result<(), Moment> {
        let mut names = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if names.len() >= STRANGERS && !names.contains_key(&name) {
            names.retain(|_, failures| failures.locked_until > now);
            if names.len() >= STRANGERS {
                names.clear();
            }
        }
        let failures =
            names.entry(name).or_insert(Failures { count: 0, locked_until: Moment::from_millis(0) });
        if failures.locked_until > now {
            return Err(failures.locked_until);
        }
        failures.count += 1;
        failures.locked_until = locked_until(failures.count, now);
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
    fn the_wait_grows_with_the_failures() {
        let waits = [(1, 1), (2, 1), (3, 3), (8, 3), (9, 5), (24, 5), (25, 10), (99, 10)];
        for (failures, seconds) in waits {
            assert_eq!(locked_until(failures, at(1000)), at(1000 + seconds), "{failures}");
        }
    }

    #[test]
    fn a_hundred_failures_wait_for_midnight_in_beijing() {
        // 2026-11-20 15:59:59 UTC is the last second of that day in Beijing.
        let last = at(1_795_190_399);
        assert_eq!(locked_until(100, last), at(1_795_190_400));
        assert_eq!(locked_until(5000, at(1_795_190_400)), at(1_795_190_400 + 24 * 3600));
    }

    #[test]
    fn a_strangers_name_waits_like_a_members() {
        let strangers = Strangers::default();
        let name = || b"digest".to_vec();
        assert_eq!(strangers.count(name(), at(10)), Ok(()));
        assert_eq!(strangers.count(name(), at(10)), Err(at(11)));
        assert_eq!(strangers.count(name(), at(11)), Ok(()));
        assert_eq!(strangers.count(name(), at(12)), Ok(()));
        assert_eq!(strangers.count(name(), at(14)), Err(at(15)));
        assert_eq!(strangers.count(b"another".to_vec(), at(14)), Ok(()));
        assert_eq!(wait_s(at(15), Moment::from_millis(14_001)), 1);
    }
}
