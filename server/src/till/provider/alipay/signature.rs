//! The text under a signature, both ways. Pure.

use std::collections::BTreeMap;
use std::fmt::Display;

/// `a=1&b=2` sorted by name, nothing escaped. Requests leave `sign` out and keep `sign_type`; notices leave out both.
/// Whoever calls takes care that what must be left out is not in the map.
pub fn text<K: Display, V: Display>(parameters: &BTreeMap<K, V>) -> String {
    parameters.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_sorted_and_not_escaped() {
        let parameters = BTreeMap::from([("b", "2 & 中文+%"), ("a", ""), ("sign_type", "RSA2")]);
        assert_eq!(text(&parameters), "a=&b=2 & 中文+%&sign_type=RSA2");
    }
}
