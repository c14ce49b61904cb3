//! Looking for keys on every way at once. One key that is seen twice (a composite key over HID and USB, and by the
//! helper) is one key: its serial says so.

use super::{AccessError, Way, station};
use key::KeyError;
use key::message::KeySummary;

/// What one way saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub way: Way,
    pub seen: Result<Vec<KeySummary>, AccessError>,
}

/// A key, and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub way: Way,
    pub key: KeySummary,
}

/// Asks every way that this browser has, one after the other: two ways to one key must not talk at once.
pub async fn look() -> Vec<Look> {
    let mut looks = Vec::new();
    for way in Way::ALL.into_iter().filter(|way| way.is_in_browser()) {
        looks.push(Look { way, seen: station::keys(way).await });
    }
    looks
}

/// Every key once, by the first way that sees it.
pub fn distinct(looks: &[Look]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for look in looks {
        for key in look.seen.iter().flatten() {
            if !found.iter().any(|before| before.key.serial == key.serial) {
                found.push(Found { way: look.way, key: key.clone() });
            }
        }
    }
    found
}

/// R059: a business goes on with exactly one key, counted over all ways.
///
/// # Errors
/// None, or several; where no way works at all, why the last one does not.
pub fn the_one(looks: &[Look]) -> Result<Found, AccessError> {
    let mut found = distinct(looks);
    match (found.len(), found.pop()) {
        (1, Some(only)) => Ok(only),
        (count, Some(_)) => Err(AccessError::SeveralKeys(count)),
        (_, None) => {
            let fault =
                looks.iter().find_map(|look| look.seen.as_ref().err().filter(|error| tells_more(error)));
            Err(fault.cloned().unwrap_or(AccessError::NoKey))
        }
    }
}

/// A missing extension is no fault where the page may reach a key by itself; a busy key is one.
fn tells_more(error: &AccessError) -> bool {
    let absent = [KeyError::ExtensionMissing, KeyError::HelperMissing, KeyError::Unsupported];
    !matches!(error, AccessError::Key(error) if absent.contains(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use key::message::{KeyRef, KeyState};

    fn key(name: &str, serial: &str) -> KeySummary {
        KeySummary {
            key: KeyRef(name.into()),
            label: String::new(),
            serial: serial.into(),
            state: KeyState::Blank,
            certificate_name: None,
            pin_left: None,
        }
    }

    fn saw(way: Way, keys: Vec<KeySummary>) -> Look {
        Look { way, seen: Ok(keys) }
    }

    #[test]
    fn r059_one_key_seen_on_three_ways_is_one() {
        let looks = [
            saw(Way::Hid, vec![key("hid:1", "A")]),
            saw(Way::Usb, vec![key("usb:2", "A")]),
            saw(Way::Helper, vec![key("soft:A", "A")]),
        ];
        assert_eq!(the_one(&looks).map(|found| (found.way, found.key.key.0)), Ok((Way::Hid, "hid:1".into())));
    }

    #[test]
    fn r059_two_keys_on_two_ways_are_two() {
        let looks = [saw(Way::Hid, vec![key("hid:1", "A")]), saw(Way::Helper, vec![key("soft:B", "B")])];
        assert_eq!(the_one(&looks), Err(AccessError::SeveralKeys(2)));
    }

    #[test]
    fn no_key_and_why() {
        let missing = Look { way: Way::Helper, seen: Err(KeyError::ExtensionMissing.into()) };
        assert_eq!(the_one(&[saw(Way::Hid, vec![]), missing.clone()]), Err(AccessError::NoKey));
        let busy = Look { way: Way::Usb, seen: Err(KeyError::Busy.into()) };
        assert_eq!(the_one(&[missing, busy]), Err(KeyError::Busy.into()));
    }
}
