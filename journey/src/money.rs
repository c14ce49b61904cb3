//! Money in whole fen, and how it is written on screens and invoices.

use serde::{Deserialize, Serialize};

/// An amount of fen (1/100 yuan). Sums are checked: money never wraps round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    pub const ZERO: Fen = Fen(0);

    pub const fn get(self) -> i64 {
        self.0
    }

    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// `None` where the sum has no room in 64 bits.
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// `None` where the difference has no room in 64 bits.
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }

    /// `None` where the sum has no room in 64 bits.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
        amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
    }

    /// `123.45`, without a currency sign.
    pub fn yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// Reads `123`, `123.4` or `123.45`; nothing else (no sign, no blanks, no separators).
    pub fn parse_yuan(text: &str) -> Option<Fen> {
        let (yuan, cents) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(yuan) || !digits(cents) || cents.len() > 2 {
            return None;
        }
        let tenths = if cents.len() == 1 { 10 } else { 1 };
        let cents = cents.parse::<i64>().ok()? * tenths;
        yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents).map(Fen)
    }

    /// The capitals of an invoice: `壹佰贰拾叁元肆角伍分`, `壹佰元整` (支付结算办法, annex 1).
    pub fn capitals(self) -> String {
        let mut text = String::new();
        if self.0 < 0 {
            text.push('负');
        }
        let fen = self.0.unsigned_abs();
        let (yuan, jiao, cents) = (fen / 100, fen / 10 % 10, fen % 10);
        if yuan > 0 {
            write_yuan(&mut text, yuan);
            text.push('元');
        }
        match (jiao, cents) {
            (0, 0) if yuan == 0 => text.push_str("零元整"),
            (0, 0) => text.push('整'),
            (0, cents) => {
                if yuan > 0 {
                    text.push('零');
                }
                text.push(DIGITS[cents as usize]);
                text.push('分');
            }
            (jiao, 0) => {
                text.push(DIGITS[jiao as usize]);
                text.push_str("角整");
            }
            (jiao, cents) => {
                text.extend([DIGITS[jiao as usize], '角', DIGITS[cents as usize], '分']);
            }
        }
        text
    }
}

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
/// Groups of four digits, least first. 兆 for 10^12, 京 for 10^16: more than 64 bits of fen can hold.
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];

/// Whole yuan, greater than nothing. One 零 stands for any run of zeros between digits.
fn write_yuan(text: &mut String, yuan: u64) {
    let mut started = false;
    let mut zero_pending = false;
    for group in (0..GROUPS.len()).rev() {
        let part = yuan / 10_u64.pow(4 * group as u32) % 10_000;
        for place in (0..PLACES.len()).rev() {
            let digit = part / 10_u64.pow(place as u32) % 10;
            if digit == 0 {
                zero_pending = started;
                continue;
            }
            if zero_pending {
                text.push('零');
            }
            text.push(DIGITS[digit as usize]);
            text.push_str(PLACES[place]);
            started = true;
            zero_pending = false;
        }
        if part > 0 {
            text.push_str(GROUPS[group]);
        }
    }
}
