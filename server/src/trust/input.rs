//! Reading what somebody pasted, chose or dropped: PEM, base64, hexadecimal, DER, P7B, or what is wrong with it.

use app::desk::error::ReadRefusal;
use app::desk::trust::LIMIT_BYTES;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use certificate::Certificate;
use certificate::delivery::{DeliveryError, chain};

const CERTIFICATES: [&str; 3] = ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"];
const BUNDLES: [&str; 2] = ["PKCS7", "CMS"];

/// The certificates in it, in the order of the file.
///
/// # Errors
/// Says what it is instead, or what is missing.
pub fn read_text(text: &str) -> Result<Vec<Certificate>, ReadRefusal> {
    // As a browser hands over a file: `data:application/x-x509-ca-cert;base64,MIIC…`.
    let file = text.strip_prefix("data:").and_then(|data| data.split_once(";base64,"));
    if let Some((_, data)) = file {
        return read_file(&STANDARD.decode(data).map_err(|_| ReadRefusal::NotText)?);
    }
    limit(text.len())?;
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Err(ReadRefusal::Empty);
    }
    if text.contains("-----BEGIN ") {
        return blocks(text);
    }
    // A half of a block that was copied without its first line is still base64.
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    let digits: String = lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && *c != ':').collect();
    if digits.len().is_multiple_of(2)
        && let Ok(der) = hex::decode(&digits)
    {
        return read_der(&der);
    }
    let digits = digits.trim_end_matches('=');
    let der = base64::engine::general_purpose::STANDARD_NO_PAD.decode(digits);
    read_der(&der.map_err(|_| ReadRefusal::NotText)?)
}

/// A file's bytes: DER, or text as above.
///
/// # Errors
/// As [`read_text`].
pub fn read_file(bytes: &[u8]) -> Result<Vec<Certificate>, ReadRefusal> {
    limit(bytes.len())?;
    if bytes.is_empty() {
        return Err(ReadRefusal::Empty);
    }
    // No DER certificate is ASCII throughout: its lengths are not.
    if bytes.starts_with(&[0x30]) && !bytes.is_ascii() {
        return read_der(bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with("data:") => read_text(text),
        // Words around the block may be in another coding; the block itself is ASCII.
        _ if bytes.windows(11).any(|window| window == b"-----BEGIN ") => {
            blocks(&String::from_utf8_lossy(bytes))
        }
        _ => Err(ReadRefusal::NotCertificate),
    }
}

fn limit(bytes: usize) -> Result<(), ReadRefusal> {
    let limit_bytes = LIMIT_BYTES as u64;
    if bytes > LIMIT_BYTES { Err(ReadRefusal::TooLarge { limit_bytes }) } else { Ok(()) }
}

/// Every block of a PEM text. One of another kind is told only where no certificate is there.
fn blocks(text: &str) -> Result<Vec<Certificate>, ReadRefusal> {
    let mut found = Vec::new();
    let mut other = None;
    for block in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = block.split_once("-----").ok_or(ReadRefusal::NoEnd)?;
        if label.ends_with("PRIVATE KEY") {
            return Err(ReadRefusal::PrivateKey);
        }
        let (body, _) = rest.split_once("-----END ").ok_or(ReadRefusal::NoEnd)?;
        // RFC 1421 allowed header lines before an empty one.
        let body = body.split_once("\n\n").map_or(body, |(_, body)| body);
        let digits: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        let der = || STANDARD.decode(&digits).map_err(|_| ReadRefusal::NotText);
        if CERTIFICATES.contains(&label) {
            found.push(certificate(&der()?)?);
        } else if BUNDLES.contains(&label) {
            found.extend(read_der(&der()?)?);
        } else {
            other = Some(kind_of_block(label));
        }
    }
    if found.is_empty() { Err(other.unwrap_or(ReadRefusal::NotText)) } else { Ok(found) }
}

fn kind_of_block(label: &str) -> ReadRefusal {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => ReadRefusal::Request,
        "X509 CRL" => ReadRefusal::RevocationList,
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "EC PUBLIC KEY" => ReadRefusal::PublicKey,
        _ => ReadRefusal::OtherBlock,
    }
}

fn read_der(der: &[u8]) -> Result<Vec<Certificate>, ReadRefusal> {
    whole(der)?;
    match chain::from_der(der) {
        Ok(all) if all.is_empty() => Err(ReadRefusal::NoCertificates),
        Ok(all) => Ok(all),
        Err(DeliveryError::Certificates) => Err(ReadRefusal::NoCertificates),
        Err(_) => certificate(der).map(|one| vec![one]),
    }
}

fn certificate(der: &[u8]) -> Result<Certificate, ReadRefusal> {
    whole(der)?;
    Certificate::from_der(der).map_err(|_| what_else(der))
}

/// One SEQUENCE from the first byte to the last.
fn whole(der: &[u8]) -> Result<(), ReadRefusal> {
    let Some((header, length)) = header(der) else { return Err(ReadRefusal::NotCertificate) };
    let (expected, found) = ((header + length) as u64, der.len() as u64);
    match found.cmp(&expected) {
        std::cmp::Ordering::Less => Err(ReadRefusal::CutOff { expected, found }),
        std::cmp::Ordering::Greater => Err(ReadRefusal::TooMuch { expected, found }),
        std::cmp::Ordering::Equal => Ok(()),
    }
}

/// Length of the outermost header, and of what it announces.
fn header(der: &[u8]) -> Option<(usize, usize)> {
    match der {
        [0x30, length @ 0..=0x7f, ..] => Some((2, usize::from(*length))),
        [0x30, count @ 0x81..=0x83, rest @ ..] => {
            let count = usize::from(count & 0x7f);
            let bytes = rest.get(..count)?;
            Some((2 + count, bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))))
        }
        _ => None,
    }
}

/// Things that people take for a certificate, told apart by how they begin.
fn what_else(der: &[u8]) -> ReadRefusal {
    let inside = header(der).map_or(&[][..], |(header, _)| &der[header..]);
    match inside {
        // PKCS#12: version 3, then the safe.
        [2, 1, 3, 0x30, ..] => ReadRefusal::KeyStore,
        // PKCS#8 and PKCS#1 keys: version 0 (or 1), then an algorithm or a modulus.
        [2, 1, 0 | 1, 0x30 | 2 | 4, ..] => ReadRefusal::PrivateKey,
        // SubjectPublicKeyInfo: an algorithm, then a BIT STRING and nothing more.
        [0x30, ..] if second(inside) == Some(3) => ReadRefusal::PublicKey,
        [0x30, ..] => match header(inside).and_then(|(header, _)| inside.get(header..)) {
            // CertificationRequestInfo begins with version 0 and the subject.
            Some([2, 1, 0, 0x30, ..]) => ReadRefusal::Request,
            // TBSCertList: version 2, or at once the algorithm.
            Some([2, 1, 1, 0x30, ..] | [0x30, ..]) => ReadRefusal::RevocationList,
            _ => ReadRefusal::NotCertificate,
        },
        _ => ReadRefusal::NotCertificate,
    }
}

/// The tag of the element after the first.
fn second(inside: &[u8]) -> Option<u8> {
    let (header, length) = header(inside)?;
    inside.get(header + length).copied()
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
