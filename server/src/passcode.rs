//! The passcode (证书密码, initial PIN): drawn and sealed when the review has passed, sent once by the channel of the
//! chosen method, opened again only to seal it to a production station (A03, R013, R014, R129, R154).

/// Eight digits: the remark of a transfer carries digits only, and a PIN takes 6 to 16.
pub const DIGITS: usize = 8;

/// Where the sealed passcode of an order stands.
pub fn place(order_id: &str) -> String {
    format!("passcodes.sealed/{order_id}")
}

/// Whether digits are too easy: one digit repeated, or a run up or down.
pub fn is_weak(digits: &str) -> bool {
    let steps: Vec<i16> = digits.as_bytes().windows(2).map(|w| i16::from(w[1]) - i16::from(w[0])).collect();
    steps.iter().all(|step| *step == 0) || steps.iter().all(|s| *s == 1) || steps.iter().all(|s| *s == -1)
}

#[cfg(test)]
mod tests {
    use super::is_weak;

    #[test]
    fn runs_and_repetitions_are_weak() {
        assert!(is_weak("00000000") && is_weak("12345678") && is_weak("87654321"));
        assert!(!is_weak("12345679") && !is_weak("20261122"));
    }
}
