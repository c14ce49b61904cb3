//! What another party says may be kept in a log or shown: without the people it may speak of (R141).

/// Digits in a row that may be a phone, an account, an ID number.
const LONG: usize = 7;

/// The party's words without mail addresses and long numbers; of those the place stays, as `…`.
pub fn quote(words: &str) -> String {
    let mut quoted = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !is_of_a_token(c)).unwrap_or(rest.len());
        if length == 0 {
            quoted.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (token, after) = rest.split_at(length);
        quoted.push_str(if tells_of_somebody(token) { "…" } else { token });
        rest = after;
    }
    quoted
}

fn is_of_a_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '+' | '-' | '_')
}

fn tells_of_somebody(token: &str) -> bool {
    let mut row = 0;
    token.contains('@')
        || token.bytes().any(|byte| {
            row = if byte.is_ascii_digit() { row + 1 } else { 0 };
            row >= LONG
        })
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn r141_a_quotation_tells_what_is_wrong_and_not_with_whom() {
        assert_eq!(quote("550 5.1.1 <zhang.san+ca@example.cn>: user unknown"), "550 5.1.1 <…>: user unknown");
        assert_eq!(
            quote("isv.MOBILE_NUMBER_ILLEGAL 号码13812345678无效"),
            "isv.MOBILE_NUMBER_ILLEGAL 号码…无效"
        );
        assert_eq!(
            quote("phone number +8613812345678 is blocked, code 1016"),
            "phone number … is blocked, code 1016"
        );
        assert_eq!(quote("户名不符 收方账号 110946000104"), "户名不符 收方账号 …");
        assert_eq!(quote(""), "");
    }
}
