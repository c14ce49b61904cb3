//! Distinguished names (RFC 5280, 4.1.2.4): C first on the wire, as Chinese certificates have it.
//!
//! `x509_cert::Name::from_str` follows RFC 4514 and would put C last; names are therefore built from parts here.

use core::fmt;

use der::asn1::{Any, ObjectIdentifier, SetOfVec};
use der::{Decode, Encode, Tag, Tagged};
use x509_cert::attr::AttributeTypeAndValue;

/// The parts of a name that our profiles use, each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameParts {
    /// C, two capital letters.
    pub country: Option<String>,
    /// ST
    pub province: Option<String>,
    /// L
    pub locality: Option<String>,
    /// O
    pub organisation: Option<String>,
    /// OU
    pub unit: Option<String>,
    /// serialNumber: a credit code, or whatever the profile demands; printable ASCII.
    pub serial_number: Option<String>,
    /// CN
    pub common_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("the name has no parts")]
    Empty,
    #[error("{part} is empty, longer than {limit} characters, or has characters that a name cannot carry")]
    Part { part: &'static str, limit: usize },
    #[error("this is not a DER name")]
    NotDer,
}

/// One kind of part: its label, its identifier, its upper bound (RFC 5280, appendix A.1), whether it is ASCII.
pub(crate) struct Kind {
    pub label: &'static str,
    pub oid: ObjectIdentifier,
    /// Characters.
    pub limit: usize,
    pub printable: bool,
}

const fn kind(label: &'static str, oid: &str, limit: usize, printable: bool) -> Kind {
    Kind { label, oid: ObjectIdentifier::new_unwrap(oid), limit, printable }
}

/// In the order on the wire. X.520 makes country and serialNumber PrintableString; all else is UTF8String.
pub(crate) const KINDS: [Kind; 7] = [
    kind("C", "2.5.4.6", 2, true),
    kind("ST", "2.5.4.8", 128, false),
    kind("L", "2.5.4.7", 128, false),
    kind("O", "2.5.4.10", 64, false),
    kind("OU", "2.5.4.11", 64, false),
    kind("serialNumber", "2.5.4.5", 64, true),
    kind("CN", "2.5.4.3", 64, false),
];

impl Kind {
    fn encode(&self, text: &str) -> Result<AttributeTypeAndValue, NameError> {
        let refused = NameError::Part { part: self.label, limit: self.limit };
        let length = text.chars().count();
        let fits =
            (1..=self.limit).contains(&length) && text.trim() == text && !text.chars().any(char::is_control);
        let legible = match self.label {
            "C" => length == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()),
            _ => !self.printable || text.bytes().all(is_printable),
        };
        if !(fits && legible) {
            return Err(refused);
        }
        let tag = if self.printable { Tag::PrintableString } else { Tag::Utf8String };
        let value = Any::new(tag, text.as_bytes()).map_err(|_| refused)?;
        Ok(AttributeTypeAndValue { oid: self.oid, value })
    }
}

/// The alphabet of PrintableString (X.680, 41.4).
pub(crate) fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte)
}

/// A distinguished name as it stands in a certificate: its DER, and its parts as text.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    der: Vec<u8>,
    parts: Vec<(ObjectIdentifier, String)>,
}

impl Name {
    /// Builds the name in wire order C, ST, L, O, OU, serialNumber, CN.
    pub fn from_parts(parts: &NameParts) -> Result<Self, NameError> {
        let texts = [
            &parts.country,
            &parts.province,
            &parts.locality,
            &parts.organisation,
            &parts.unit,
            &parts.serial_number,
            &parts.common_name,
        ];
        let mut sequence: Vec<SetOfVec<AttributeTypeAndValue>> = Vec::new();
        for (kind, text) in KINDS.iter().zip(texts) {
            if let Some(text) = text {
                let set = SetOfVec::try_from(vec![kind.encode(text)?]).map_err(|_| NameError::NotDer)?;
                sequence.push(set);
            }
        }
        if sequence.is_empty() {
            return Err(NameError::Empty);
        }
        Self::from_der(&sequence.to_der().map_err(|_| NameError::NotDer)?)
    }

    /// Reads any DER name, empty or foreign ones too.
    pub fn from_der(der: &[u8]) -> Result<Self, NameError> {
        let sequence =
            Vec::<SetOfVec<AttributeTypeAndValue>>::from_der(der).map_err(|_| NameError::NotDer)?;
        let parts = sequence.iter().flat_map(|set| set.iter()).map(|pair| (pair.oid, text(&pair.value)));
        Ok(Name { der: der.to_vec(), parts: parts.collect() })
    }

    /// The DER; two names are the same if this is.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub fn country(&self) -> Option<&str> {
        self.get("C")
    }

    pub fn organisation(&self) -> Option<&str> {
        self.get("O")
    }

    pub fn unit(&self) -> Option<&str> {
        self.get("OU")
    }

    pub fn serial_number(&self) -> Option<&str> {
        self.get("serialNumber")
    }

    pub fn common_name(&self) -> Option<&str> {
        self.get("CN")
    }

    fn get(&self, label: &str) -> Option<&str> {
        let oid = KINDS.iter().find(|kind| kind.label == label)?.oid;
        self.parts.iter().find(|(found, _)| *found == oid).map(|(_, text)| text.as_str())
    }
}

/// The text of a value; what is no text, or of an unknown kind, as `#` and its hexadecimal digits.
fn text(value: &Any) -> String {
    let bytes = value.value();
    let decoded = match value.tag() {
        Tag::BmpString if bytes.len().is_multiple_of(2) => {
            let units: Vec<u16> =
                bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        }
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            String::from_utf8(bytes.to_vec()).ok()
        }
        _ => None,
    };
    decoded.unwrap_or_else(|| format!("#{}", crate::digest::hex(bytes)))
}

/// `C=CN, O=…, CN=…`, in wire order.
impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (oid, text)) in self.parts.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match KINDS.iter().find(|kind| kind.oid == *oid) {
                Some(kind) => write!(out, "{comma}{}={text}", kind.label)?,
                None => write!(out, "{comma}{oid}={text}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Name({self})")
    }
}
