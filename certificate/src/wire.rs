//! DER written by hand, where a list has a million entries or a cache a million answers.
//!
//! Each function appends to a vector. Definite lengths, minimal integers: what X.690, 10 asks for, nothing more.

use core::time::Duration;

use der::{DateTime, Decode, Encode, Header, Reader, SliceReader, Tag, TagNumber};

use crate::algorithm::Algorithm;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// 2050-01-01 00:00:00 UTC: from here on RFC 5280 wants GeneralizedTime.
const YEAR_2050: i64 = 2_524_608_000;

/// The last second of the year 9999: ASN.1 times end here.
const LAST_SECOND: i64 = 253_402_300_799;

/// A constructed context-specific tag.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// The same, for reading.
pub(crate) const fn field(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// Tag and length of a value of `length` octets.
pub(crate) fn header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    if length < 0x80 {
        out.push(length as u8);
        return;
    }
    let octets = length.to_be_bytes();
    let octets = without_leading_zeros(&octets);
    out.push(0x80 | octets.len() as u8);
    out.extend_from_slice(octets);
}

/// How many octets [`header`] writes.
pub(crate) fn header_length(length: usize) -> usize {
    match length {
        0..0x80 => 2,
        _ => 2 + (usize::BITS - length.leading_zeros()).div_ceil(8) as usize,
    }
}

pub(crate) fn put(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    header(out, tag, content.len());
    out.extend_from_slice(content);
}

/// A value whose content is the parts one after the other.
pub(crate) fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(header_length(length) + length);
    header(&mut out, tag, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// A signature, a key: octets without unused bits.
pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    wrap(BIT_STRING, &[&[0], octets])
}

/// AlgorithmIdentifier as we write it.
pub(crate) fn identifier(algorithm: Algorithm) -> Vec<u8> {
    algorithm.identifier().to_der().expect("the identifiers of our algorithms encode")
}

/// Whether a value with this tag comes next.
pub(crate) fn comes(reader: &SliceReader<'_>, tag: Tag) -> bool {
    Tag::peek(reader).is_ok_and(|next| next == tag)
}

/// The content of a whole value.
pub(crate) fn content(value: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(value)?;
    let header = Header::decode(&mut reader)?;
    reader.read_slice(header.length())
}

/// A number that is not negative, big-endian.
pub(crate) fn integer(out: &mut Vec<u8>, number: &[u8]) {
    let number = without_leading_zeros(number);
    let sign = number.first().is_none_or(|first| first & 0x80 != 0);
    header(out, INTEGER, number.len() + usize::from(sign));
    if sign {
        out.push(0);
    }
    out.extend_from_slice(number);
}

pub(crate) fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    &number[zeros..]
}

/// RFC 5280, 4.1.2.5 and 5.1.2.4: UTCTime through 2049, GeneralizedTime from 2050.
pub(crate) fn time(out: &mut Vec<u8>, unix: i64) -> Result<(), NoDate> {
    let digits = digits(unix)?;
    if unix < YEAR_2050 {
        put(out, UTC_TIME, &digits[2..])
    } else {
        put(out, GENERALIZED_TIME, &digits)
    }
    Ok(())
}

/// RFC 6960 has GeneralizedTime everywhere.
pub(crate) fn generalized_time(out: &mut Vec<u8>, unix: i64) -> Result<(), NoDate> {
    put(out, GENERALIZED_TIME, &digits(unix)?);
    Ok(())
}

/// A moment that ASN.1 has no time for: before 1970 or after 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date lies before 1970 or after 9999")]
pub struct NoDate;

/// `YYYYMMDDHHMMSSZ`.
fn digits(unix: i64) -> Result<[u8; 15], NoDate> {
    let seconds = u64::try_from(unix).map_err(|_| NoDate)?;
    if unix > LAST_SECOND {
        return Err(NoDate);
    }
    let moment = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| NoDate)?;
    let mut out = *b"00000000000000Z";
    let fields = [
        (moment.year() / 100) as u8,
        (moment.year() % 100) as u8,
        moment.month(),
        moment.day(),
        moment.hour(),
        moment.minutes(),
        moment.seconds(),
    ];
    for (pair, field) in out.as_chunks_mut::<2>().0.iter_mut().zip(fields) {
        *pair = [b'0' + field / 10, b'0' + field % 10];
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::asn1::{Any, GeneralizedTime, UtcTime};

    /// The `der` crate reads what we write, for every size of a length.
    #[test]
    fn lengths_are_minimal() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536, 20_000_000] {
            let written = wrap(OCTET_STRING, &[&vec![7; length]]);
            assert_eq!(written.len(), header_length(length) + length);
            let read = Any::from_der(&written).unwrap();
            assert_eq!(read.value().len(), length);
            assert_eq!(read.to_der().unwrap(), written);
        }
    }

    #[test]
    fn integers_are_minimal() {
        for number in [0, 1, 127, 128, 255, 256, 32_767, 32_768, u64::MAX] {
            let mut out = Vec::new();
            integer(&mut out, &number.to_be_bytes());
            assert_eq!(out, number.to_der().unwrap());
        }
    }

    /// RFC 5280: the last second of 2049 is a UTCTime, the next a GeneralizedTime.
    #[test]
    fn times_change_their_form_in_2050() {
        let form = |unix| {
            let mut out = Vec::new();
            time(&mut out, unix).unwrap();
            out
        };
        for unix in [0, 951_782_400, 1_793_491_200, YEAR_2050 - 1] {
            let read = UtcTime::from_der(&form(unix)).unwrap();
            assert_eq!(read.to_unix_duration().as_secs() as i64, unix);
        }
        for unix in [YEAR_2050, LAST_SECOND] {
            let read = GeneralizedTime::from_der(&form(unix)).unwrap();
            assert_eq!(read.to_unix_duration().as_secs() as i64, unix);
        }
        assert_eq!(form(YEAR_2050 - 1), b"\x17\x0d491231235959Z");
        for nowhere in [-1, LAST_SECOND + 1, i64::MAX] {
            assert_eq!(time(&mut Vec::new(), nowhere), Err(NoDate));
        }
    }
}
