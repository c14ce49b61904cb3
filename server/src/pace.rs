//! How often somebody may ask for what costs the office work: counted in memory, forgotten with the process.

use journey::moment::Moment;
use std::collections::HashMap;
use std::sync::Mutex;

/// Askers remembered at most; with more the windows that are over go, then all.
const ASKERS: usize = 20_000;

/// So many questions of one asker in a window.
pub struct Pace {
    questions: u32,
    minutes: i64,
    windows: Mutex<HashMap<String, Window>>,
}

struct Window {
    ends: Moment,
    asked: u32,
}

impl Pace {
    pub fn new(questions: u32, minutes: i64) -> Pace {
        Pace { questions, minutes, windows: Mutex::default() }
    }

    /// Counts a question.
    ///
    /// # Errors
    /// In how many seconds this asker may ask again; then it was not counted.
    pub fn count(&self, asker: String, now: Moment) -> Result<(), u32> {
        let mut windows = self.windows.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if windows.len() >= ASKERS {
            windows.retain(|_, window| window.ends > now);
            if windows.len() >= ASKERS {
                windows.clear();
            }
        }
        let fresh = || Window { ends: now.plus_minutes(self.minutes), asked: 0 };
        let window = windows.entry(asker).or_insert_with(fresh);
        if window.ends <= now {
            *window = fresh();
        }
        if window.asked >= self.questions {
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
    fn an_asker_waits_for_the_window_and_others_do_not() {
        let pace = Pace::new(3, 5);
        let count = |asker: &str, seconds| pace.count(asker.to_owned(), at(seconds));
        for _ in 0..3 {
            assert_eq!(count("one", 0), Ok(()));
        }
        assert_eq!(count("one", 60), Err(240));
        assert_eq!(count("other", 60), Ok(()));
        assert_eq!(count("one", 300), Ok(()));
    }

    #[test]
    fn many_askers_do_not_fill_the_memory() {
        let pace = Pace::new(1, 5);
        for asker in 0..ASKERS + 10 {
            assert_eq!(pace.count(asker.to_string(), at(0)), Ok(()));
        }
        assert!(pace.windows.lock().unwrap().len() <= ASKERS);
    }
}
