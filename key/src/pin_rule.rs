//! K16: which PINs a person may choose. Page and helper ask here, so that a key gets the same rule on every way.
//!
//! Ten tries stand between a thief and the key (A30): what counts is that a PIN is not among the first things tried, and
//! those are numbers that everybody likes, dates, and what stands on the holder's papers.

use serde::{Deserialize, Serialize};

use crate::{Pin, secret::PIN_LENGTH};

/// Why a PIN is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeakPin {
    /// Not 6 to 16 characters (A30).
    Length,
    /// Not printable ASCII, or a space.
    Characters,
    /// `000000`, `121212`, `abcabc`: a piece over and over.
    Repeats,
    /// `123456`, `fedcba`, `qwerty`: neighbours one after the other.
    Run,
    /// What everybody takes first.
    Common,
    /// A date: `19870412`, `870412`.
    Birthday,
    /// Part of a number on the holder's papers: identity document, phone, credit code.
    Known,
    /// The PIN that stands already.
    Unchanged,
}

const COMMON: [&str; 16] = [
    "password", "passw0rd", "p@ssword", "p@ssw0rd", "admin123", "abc123", "a12345", "a123456", "1q2w3e",
    "1q2w3e4r", "qaz123", "520131", "5201314", "112233", "147258", "159753",
];
/// Rows of a keyboard, and its number pad by columns.
const ROWS: [&str; 7] = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "147258369",
    "qazwsxedcrfv",
];
/// A part of the holder's numbers this long is known to too many.
const KNOWN_PART: usize = 6;

impl WeakPin {
    pub const ALL: [WeakPin; 8] = [
        WeakPin::Length,
        WeakPin::Characters,
        WeakPin::Repeats,
        WeakPin::Run,
        WeakPin::Common,
        WeakPin::Birthday,
        WeakPin::Known,
        WeakPin::Unchanged,
    ];

    pub fn code(self) -> &'static str {
        match self {
            WeakPin::Length => "pin.length",
            WeakPin::Characters => "pin.characters",
            WeakPin::Repeats => "pin.repeats",
            WeakPin::Run => "pin.run",
            WeakPin::Common => "pin.common",
            WeakPin::Birthday => "pin.birthday",
            WeakPin::Known => "pin.known",
            WeakPin::Unchanged => "pin.unchanged",
        }
    }

    /// The sentence for a person, the same in page and helper.
    pub fn sentence(self) -> &'static str {
        match self {
            WeakPin::Length => "密码应为6至16位。",
            WeakPin::Characters => "密码只能用数字、英文字母和常用符号，不能有空格或汉字。",
            WeakPin::Repeats => "密码不能由重复的字符组成，例如 000000、121212。",
            WeakPin::Run => "密码不能是连续的数字或字母，例如 123456、abcdef。",
            WeakPin::Common => "这个密码太常见，容易被猜中，请换一个。",
            WeakPin::Birthday => "密码不能是日期，例如生日。",
            WeakPin::Known => "密码不能是证件号码、手机号码等号码的一部分。",
            WeakPin::Unchanged => "新密码不能与原密码相同。",
        }
    }
}

/// Whether somebody may choose this PIN. `known`: what stands on the holder's papers, as far as the caller knows it.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(pin: &Pin, current: Option<&Pin>, known: &[&str]) -> Result<(), WeakPin> {
    let text = pin.reveal();
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(WeakPin::Characters);
    }
    if !PIN_LENGTH.contains(&text.len()) {
        return Err(WeakPin::Length);
    }
    if current == Some(pin) {
        return Err(WeakPin::Unchanged);
    }
    // The comparisons need small letters; the copy is wiped like the PIN itself.
    let small = zeroize::Zeroizing::new(text.to_ascii_lowercase());
    let rules = [
        (repeats(small.as_bytes()), WeakPin::Repeats),
        (is_run(&small), WeakPin::Run),
        (COMMON.contains(&small.as_str()), WeakPin::Common),
        (is_date(text), WeakPin::Birthday),
        (known.iter().any(|known| stands_in(&small, known)), WeakPin::Known),
    ];
    rules.into_iter().find(|(breaks, _)| *breaks).map_or(Ok(()), |(_, weak)| Err(weak))
}

/// A piece of at most half its length, over and over; the last one may be cut.
fn repeats(text: &[u8]) -> bool {
    (1..=text.len() / 2).any(|piece| text.iter().zip(&text[piece..]).all(|(one, next)| one == next))
}

/// All of it along one row, either way.
fn is_run(text: &str) -> bool {
    let back = zeroize::Zeroizing::new(text.chars().rev().collect::<String>());
    ROWS.iter().any(|row| row.contains(text) || row.contains(back.as_str()))
}

/// Year month day or day month year with a century, year month day without.
fn is_date(text: &str) -> bool {
    let number = |part: &str| part.parse::<u32>().ok();
    let day = |month: &str, day: &str| {
        number(month).is_some_and(|month| (1..=12).contains(&month))
            && number(day).is_some_and(|day| (1..=31).contains(&day))
    };
    let year = |year: &str| number(year).is_some_and(|year| (1900..2100).contains(&year));
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    match text.len() {
        6 => day(&text[2..4], &text[4..]),
        8 => {
            (year(&text[..4]) && day(&text[4..6], &text[6..]))
                || (year(&text[4..]) && day(&text[2..4], &text[..2]))
        }
        _ => false,
    }
}

/// The PIN is a part of the number, or the number's tail and little more.
fn stands_in(pin: &str, known: &str) -> bool {
    let known = known.to_ascii_lowercase();
    if known.len() < KNOWN_PART {
        return false;
    }
    let tail = known.get(known.len() - KNOWN_PART..).unwrap_or_default();
    known.contains(pin) || (pin.contains(tail) && pin.len() <= KNOWN_PART + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(pin: &str) -> Result<(), WeakPin> {
        check(&Pin::new(pin), Some(&Pin::new("Kx7uQ92m")), &["110105198704121234", "13800138742"])
    }

    #[test]
    fn k16_weak_pins_are_refused_each_by_its_rule() {
        for (pin, weak) in [
            ("12345", WeakPin::Length),
            ("12345678901234567", WeakPin::Length),
            ("密码密码密码", WeakPin::Characters),
            ("73 915 52", WeakPin::Characters),
            ("000000", WeakPin::Repeats),
            ("121212", WeakPin::Repeats),
            ("12312312", WeakPin::Repeats),
            ("AbcaBc", WeakPin::Repeats),
            ("123456", WeakPin::Run),
            ("987654", WeakPin::Run),
            ("Qwerty", WeakPin::Run),
            ("fedcba", WeakPin::Run),
            ("Passw0rd", WeakPin::Common),
            ("5201314", WeakPin::Common),
            ("19870412", WeakPin::Birthday),
            ("12041987", WeakPin::Birthday),
            ("870412", WeakPin::Birthday),
            ("121234", WeakPin::Known),
            ("8704121", WeakPin::Known),
            ("138742", WeakPin::Known),
            ("a138742", WeakPin::Known),
            ("Kx7uQ92m", WeakPin::Unchanged),
        ] {
            assert_eq!(judge(pin), Err(weak), "{pin}");
        }
    }

    #[test]
    fn k16_other_pins_are_taken() {
        for pin in ["739155", "Neu-7391", "x7#qLm", "2580147a", "941387", "correct-horse-42"] {
            assert_eq!(judge(pin), Ok(()), "{pin}");
        }
    }
}
