//! Certificate requests made beforehand, each with a key of its own.

use crate::Failure;
use crate::dice::Dice;
use certificate::key_kind::KeyKind;
use certificate::software_key::SoftwareKey;
use certificate::{Name, NameParts, request};

/// A request as a partner would send it.
pub struct Request {
    /// DER PKCS#10.
    pub der: Vec<u8>,
    pub name: NameParts,
}

/// So many requests; every holder has another name and another key.
pub fn make(kind: KeyKind, count: usize) -> Result<Vec<Request>, Failure> {
    let mut dice = Dice::default();
    let one = |index: usize| {
        let name = NameParts {
            country: Some("CN".to_owned()),
            organisation: Some(format!("北京示例科技有限公司{index}")),
            common_name: Some(format!("北京示例科技有限公司{index}")),
            ..NameParts::default()
        };
        let key = SoftwareKey::generate(kind, &mut dice)?;
        let der = request::build(&Name::from_parts(&name)?, &key)?;
        Ok(Request { der, name })
    };
    (0..count).map(one).collect()
}

pub fn pem(der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n", lines.join("\n"))
}
