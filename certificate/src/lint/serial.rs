//! The serial number is positive, random enough and short enough.

use super::{Candidate, Rule};

pub(super) static RULE: Rule = Rule {
    name: "serial",
    citation: "RFC 5280, 4.1.2.2 (positive, at most 20 octets); CA/B Forum BR 7.1 (64 random bits)",
    check,
};

fn check(candidate: &Candidate) -> Result<(), String> {
    let octets = candidate.tbs.serial.as_bytes();
    if octets.first().is_none_or(|first| first & 0x80 != 0) || octets == [0] {
        return Err("the serial number is not positive".into());
    }
    match octets.len() {
        9..=20 => Ok(()),
        length => Err(format!("the serial number has {length} octets, 9 to 20 are wanted")),
    }
}

#[cfg(test)]
mod tests {
    use der::asn1::Int;

    use crate::lint::specimen::fails;

    #[test]
    fn a_negative_serial() {
        fails("serial", |tbs| tbs.serial = Int::new(&[0x80; 16]).unwrap());
    }

    #[test]
    fn a_serial_of_eight_octets() {
        fails("serial", |tbs| tbs.serial = Int::new(&[0x40; 8]).unwrap());
    }

    #[test]
    fn a_serial_of_twenty_one_octets() {
        fails("serial", |tbs| tbs.serial = Int::new(&[0x40; 21]).unwrap());
    }
}
