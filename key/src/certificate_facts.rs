//! The two things a key conversation needs from a certificate: whose it is, and for which public point.
//!
//! Nothing here is a check: the office verifies signatures, chains and dates.

use crate::{der::Reader, signing::Point};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The last common name of the subject.
    pub common_name: Option<String>,
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
    body.expect(0x30)?; // validity
    let subject = body.expect(0x30)?;
    let mut key = Reader(body.expect(0x30)?);
    key.expect(0x30)?; // key algorithm
    let bits = key.expect(0x03)?;
    Some(CertificateFacts {
        common_name: common_name(subject),
        point: bits.strip_prefix(&[0]).and_then(|point| point.try_into().ok()),
    })
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
