//! What may be shown of personal data (R141, R150, R161). A mask never shows more of a shorter word.

/// `138****5678`.
pub fn phone(phone: &str) -> String {
    ends(phone, 3, 4, Some(4))
}

/// `110***********1234`.
pub fn id_number(number: &str) -> String {
    ends(number, 3, 4, None)
}

/// `张*`, `欧阳**`: the first character stays.
pub fn name(name: &str) -> String {
    ends(name, 1, 0, None)
}

/// `****1234`: the last four digits of a card or account.
pub fn bank_card(number: &str) -> String {
    ends(number, 0, 4, Some(4))
}

/// `a****@example.cn`.
pub fn email(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((person, domain)) => format!("{}@{domain}", ends(person, 1, 0, Some(4))),
        None => ends(email, 0, 0, Some(4)),
    }
}

/// Keeps `head` and `tail` characters, with `stars` stars between (or one for each hidden character). A word that
/// would leave less than half hidden shows nothing at all.
fn ends(word: &str, head: usize, tail: usize, stars: Option<usize>) -> String {
    let characters: Vec<char> = word.chars().collect();
    let hidden = characters.len().saturating_sub(head + tail);
    if hidden == 0 || (tail > 0 && hidden * 3 < characters.len()) {
        return "*".repeat(stars.unwrap_or(characters.len()));
    }
    let mut masked: String = characters[..head].iter().collect();
    masked.push_str(&"*".repeat(stars.unwrap_or(hidden)));
    masked.extend(&characters[characters.len() - tail..]);
    masked
}
