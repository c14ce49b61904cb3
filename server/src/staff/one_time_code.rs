//! The number on an authenticator (RFC 6238): SHA-1, 30 seconds, six digits, one step early or late.

use journey::moment::Moment;
use totp_rs::{Algorithm, TOTP};

pub const SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
/// Clocks of authenticators run a little wrong: one step to each side (RFC 6238 5.2).
const SKEW: i64 = 1;

/// The time step whose number this is; `None` when it is the number of none that may count now.
///
/// The caller uses the step up: a number counts once (ASVS 6.5.1).
pub fn step_of(secret: &[u8], code: &str, now: Moment) -> Option<i64> {
    let code = code.trim();
    let plain = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    let given: u32 = code.parse().ok().filter(|_| plain)?;
    let totp = authenticator(secret)?;
    let here = now.millis() / 1000 / STEP_SECONDS;
    let number = |step: i64| {
        let seconds = u64::try_from(step * STEP_SECONDS).ok()?;
        totp.generate(seconds).parse::<u32>().ok()
    };
    (here - SKEW..=here + SKEW).filter(|step| number(*step) == Some(given)).max()
}

/// The secret as an authenticator takes it: base32 without padding.
pub fn base32(secret: &[u8]) -> Option<String> {
    Some(authenticator(secret)?.get_secret_base32())
}

fn authenticator(secret: &[u8]) -> Option<TOTP> {
    TOTP::new(Algorithm::SHA1, 6, 0, STEP_SECONDS.unsigned_abs(), secret.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Moment {
        Moment::from_millis(seconds * 1000)
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(step_of(SECRET, code, at(seconds)), Some(seconds / 30));
        }
        assert_eq!(base32(SECRET).as_deref(), Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    }

    #[test]
    fn one_step_early_or_late_and_no_more() {
        for (seconds, good) in [(29, true), (59, true), (60, true), (89, true), (90, false), (119, false)] {
            assert_eq!(step_of(SECRET, "287082", at(seconds)).is_some(), good, "{seconds}");
        }
    }

    #[test]
    fn what_is_not_six_digits_is_no_code() {
        for code in ["", "28708", "2870820", "+87082", "28708２", "abcdef"] {
            assert_eq!(step_of(SECRET, code, at(59)), None, "{code}");
        }
        assert!(step_of(SECRET, " 287082 ", at(59)).is_some());
    }
}
