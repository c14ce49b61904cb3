//! How many tests ran, read from the closing lines of cargo test, nextest and Playwright.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u32,
    pub failed: u32,
}

impl Count {
    pub fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    pub fn read(said: &str) -> Count {
        let mut count = Count::default();
        for line in said.lines().filter(|line| closing(line.trim())) {
            let words: Vec<&str> = line
                .split(|c: char| c.is_whitespace() || ",;()".contains(c))
                .filter(|word| !word.is_empty())
                .collect();
            for pair in words.windows(2) {
                let Ok(number) = pair[0].parse::<u32>() else { continue };
                match pair[1] {
                    "passed" => count.passed += number,
                    // Playwright counts apart what passed the second time.
                    "flaky" if !line.contains("tests run") => count.passed += number,
                    "failed" | "timed" => count.failed += number,
                    _ => {}
                }
            }
        }
        count
    }
}

/// `test result: ok. 3 passed; …`, `Summary [ 1.2s] 3 tests run: 3 passed, …`, and Playwright's `3 passed (4s)`.
fn closing(line: &str) -> bool {
    let plain = || {
        let mut words = line.split_whitespace();
        let number = words.next().is_some_and(|word| word.parse::<u32>().is_ok());
        number && matches!(words.next(), Some("passed" | "failed" | "flaky")) && words.count() <= 1
    };
    line.starts_with("test result: ") || line.starts_with("Summary [") || plain()
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn each_runner_is_understood() {
        let said = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
             \x20    Summary [   1.234s] 30 tests run: 28 passed (1 slow), 2 failed, 3 skipped\n\
             \x20 4 passed (1.2m)\n  1 failed\n  1 flaky\n";
        assert_eq!(Count::read(said), Count { passed: 45, failed: 3 });
    }

    #[test]
    fn sentences_are_not_counted() {
        assert_eq!(
            Count::read("5 passed the door before noon\nall 7 passed\n3 failed attempts burn the code"),
            Count::default()
        );
    }
}
