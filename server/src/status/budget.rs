//! How much is signed for one asker alone: so many a second, and no more than a second's worth saved up.

use journey::moment::Moment;
use std::sync::Mutex;

pub struct Budget {
    per_second: f64,
    state: Mutex<(f64, Moment)>,
}

impl Budget {
    pub fn new(per_second: u32) -> Budget {
        let full = f64::from(per_second);
        Budget { per_second: full, state: Mutex::new((full, Moment::from_millis(0))) }
    }

    /// Takes one; `false`: none is left at this moment.
    pub fn take(&self, now: Moment) -> bool {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (left, at) = *state;
        // A clock that goes back gives nothing, and takes nothing.
        let passed = (now.millis() - at.millis()).clamp(0, 1000) as f64 / 1000.0;
        let left = (left + passed * self.per_second).min(self.per_second);
        let given = left >= 1.0;
        *state = (if given { left - 1.0 } else { left }, now);
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_a_second_and_no_hoard() {
        let budget = Budget::new(3);
        let at = Moment::from_millis;
        let count = |now: Moment| (0..10).filter(|_| budget.take(now)).count();
        assert_eq!(count(at(1_000_000)), 3);
        assert_eq!(count(at(1_000_000)), 0);
        assert_eq!(count(at(1_000_400)), 1);
        assert_eq!(count(at(9_000_000)), 3, "a long rest is no hoard");
        assert_eq!(count(at(8_000_000)), 0, "a clock that goes back gives nothing");
        assert_eq!(count(at(8_001_000)), 3, "and stops nothing");
    }
}
