//! What a key conversation needs from a certificate: whose it is, for which public point, and until when.
//!
//! Nothing here is a check: the office verifies signatures, chains and dates.

use crate::{
    der::{self, Reader},
    signing::Point,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The last common name of the subject.
    pub common_name: Option<String>,
    /// First and last second, Unix time.
    pub validity: Option<(i64, i64)>,
    /// The point of the subject's public key, if it is an uncompressed 256-bit one.
    pub point: Option<Point>,
}

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// `None` if the bytes are not a certificate.
pub fn read(der: &[u8]) -> Option<CertificateFacts> {
    let mut outer = Reader(Reader(der).expect(0x30)?);
    let mut body = Reader(outer.expect(0x30)?);
    let (tag, _) = body.take()?;
    if tag == 0xA0 {
        body.expect(0x02)?; // the serial follows the explicit version
    }
    body.expect(0x30)?; // signature algorithm
    body.expect(0x30)?; // issuer
    let validity = validity(body.expect(0x30)?);
    let subject = body.expect(0x30)?;
    let mut key = Reader(body.expect(0x30)?);
    key.expect(0x30)?; // key algorithm
    let bits = key.expect(0x03)?;
    Some(CertificateFacts {
        common_name: common_name(subject),
        validity,
        point: bits.strip_prefix(&[0]).and_then(|point| point.try_into().ok()),
    })
}

/// The subject as it stands there (DER).
pub fn subject(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader(Reader(der).expect(0x30)?);
    let mut body = Reader(outer.expect(0x30)?);
    if body.take()?.0 == 0xA0 {
        body.expect(0x02)?;
    }
    body.expect(0x30)?;
    body.expect(0x30)?;
    body.expect(0x30)?;
    Some(der::element(0x30, body.expect(0x30)?))
}

/// Whether its keyUsage lets the pair sign (digitalSignature or nonRepudiation); `None` without that extension.
pub fn may_sign(der: &[u8]) -> Option<bool> {
    const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
    let mut outer = Reader(Reader(der).expect(0x30)?);
    let mut body = Reader(outer.expect(0x30)?);
    let extensions = loop {
        if let (0xA3, extensions) = body.take()? {
            break extensions;
        }
    };
    let mut list = Reader(Reader(extensions).expect(0x30)?);
    while let Some(extension) = list.expect(0x30) {
        let mut extension = Reader(extension);
        if extension.expect(0x06)? == KEY_USAGE {
            let value = match extension.take()? {
                (0x01, _) => extension.expect(0x04)?,
                (_, value) => value,
            };
            let bits = Reader(value).expect(0x03)?;
            return Some(bits.get(1)? & 0xC0 != 0);
        }
    }
    None
}

fn common_name(subject: &[u8]) -> Option<String> {
    let mut found = None;
    let mut names = Reader(subject);
    while let Some(set) = names.expect(0x31) {
        let mut attribute = Reader(Reader(set).expect(0x30)?);
        if attribute.expect(0x06)? == COMMON_NAME {
            found = attribute.take().map(|(_, text)| String::from_utf8_lossy(text).into_owned());
        }
    }
    found
}

fn validity(dates: &[u8]) -> Option<(i64, i64)> {
    let mut dates = Reader(dates);
    Some((seconds(dates.take()?)?, seconds(dates.take()?)?))
}

/// UTCTime or GeneralizedTime as RFC 5280, 4.1.2.5 wants them: with seconds, ending in Z.
fn seconds((tag, text): (u8, &[u8])) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match (tag, text.len()) {
        (0x17, 12) => {
            let two: i64 = text.get(..2)?.parse().ok()?;
            (if two < 50 { 2000 + two } else { 1900 + two }, text.get(2..)?)
        }
        (0x18, 14) => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        _ => return None,
    };
    let pair = |at: usize| rest.get(at..at + 2)?.parse::<i64>().ok();
    let (month, day, hour, minute, second) = (pair(0)?, pair(2)?, pair(4)?, pair(6)?, pair(8)?);
    Some(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

/// Days since 1970-01-01: years begin in March, so that the leap day is their last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_of_certificates() {
        assert_eq!(seconds((0x17, b"700101000000Z")), Some(0));
        assert_eq!(seconds((0x17, b"240229235959Z")), Some(1_709_251_199));
        assert_eq!(seconds((0x18, b"20500301000000Z")), Some(2_529_705_600));
        assert_eq!(seconds((0x17, b"2402292359Z")), None);
        assert_eq!(seconds((0x17, b"xx0229235959Z")), None);
    }
}
