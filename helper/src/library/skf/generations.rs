//! Which container is which: a generation of pairs each, numbered, and a mark on the one that is not in use yet.
//!
//! SKF has neither names that change nor two things that happen at once. So the mark is an empty container of its own,
//! made before the next generation is; deleting it is the switch, one call that happens or does not.
//!
//! A pair of before that comes back has a container of its own: SKF opens an envelope with the signing pair of the very
//! container, and a container holds one encryption pair.

/// The containers of the office on a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generations {
    /// Ascending.
    made: Vec<u32>,
    marked: Vec<u32>,
    /// For pairs of before that came back, or are to: ascending.
    history: Vec<u32>,
}

impl Generations {
    /// From the names of all containers; other programs' are passed over.
    pub fn of(prefix: &str, names: &[Vec<u8>]) -> Self {
        let mut found = Self::default();
        for name in names {
            let Some(rest) = std::str::from_utf8(name).ok().and_then(|name| name.strip_prefix(prefix)) else {
                continue;
            };
            let Some(rest) = rest.strip_prefix('-') else { continue };
            match (rest.strip_prefix("NEXT-"), rest.strip_prefix("PAST-")) {
                (Some(number), _) => found.marked.extend(number.parse::<u32>()),
                (None, Some(number)) => found.history.extend(number.parse::<u32>()),
                (None, None) => found.made.extend(rest.parse::<u32>()),
            }
        }
        found.made.sort_unstable();
        found.history.sort_unstable();
        found
    }

    /// The newest that no mark holds back.
    pub fn in_use(&self) -> Option<u32> {
        self.made.iter().rev().copied().find(|number| !self.marked.contains(number))
    }

    /// The one being made.
    pub fn next(&self) -> Option<u32> {
        self.made.last().copied().filter(|number| self.marked.contains(number))
    }

    /// The number that the next one has or will have.
    pub fn number_of_next(&self) -> u32 {
        self.in_use().unwrap_or(0) + 1
    }

    pub fn is_marked(&self, number: u32) -> bool {
        self.marked.contains(&number)
    }

    /// Those of before, the newest first.
    pub fn past(&self) -> Vec<u32> {
        let in_use = self.in_use();
        self.made.iter().rev().copied().filter(|number| Some(*number) < in_use).collect()
    }

    /// Containers for pairs of before that came back, or are to; the oldest first.
    pub fn history(&self) -> &[u32] {
        &self.history
    }

    pub fn number_of_next_history(&self) -> u32 {
        self.history.last().unwrap_or(&0) + 1
    }
}

pub fn name(prefix: &str, number: u32) -> String {
    format!("{prefix}-{number}")
}

pub fn history_name(prefix: &str, number: u32) -> String {
    format!("{prefix}-PAST-{number}")
}

pub fn mark(prefix: &str, number: u32) -> String {
    format!("{prefix}-NEXT-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Generations {
        Generations::of("G", &names.iter().map(|name| name.as_bytes().to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn each_step_of_a_renewal_says_which_is_in_use() {
        for (names, in_use, next, past) in [
            (&[][..], None, None, vec![]),
            (&["G-1", "other", "G1", "G-x"], Some(1), None, vec![]),
            // Marked, not yet made; made; switched; marked again.
            (&["G-1", "G-NEXT-2"], Some(1), None, vec![]),
            (&["G-NEXT-2", "G-2", "G-1"], Some(1), Some(2), vec![]),
            (&["G-2", "G-1"], Some(2), None, vec![1]),
            (&["G-2", "G-1", "G-NEXT-3", "G-3"], Some(2), Some(3), vec![1]),
            (&["G-10", "G-9", "G-2"], Some(10), None, vec![9, 2]),
        ] {
            let found = of(names);
            assert_eq!((found.in_use(), found.next(), found.past()), (in_use, next, past), "{names:?}");
        }
        let brought = of(&["G-PAST-2", "G-1", "G-PAST-10", "G-PAST-x", "G-2"]);
        assert_eq!((brought.in_use(), brought.past(), brought.history()), (Some(2), vec![1], &[2, 10][..]));
        assert_eq!((brought.number_of_next_history(), of(&["G-1"]).number_of_next_history()), (11, 1));
        assert_eq!(of(&[]).number_of_next(), 1);
        assert_eq!(of(&["G-1", "G-NEXT-2", "G-2"]).number_of_next(), 2);
    }
}
