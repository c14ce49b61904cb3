//! The envelope of every message (RFC 4210, 5.1): header, body, protection.
//!
//! The body stays an `Any`: its tag says what it is, and protection is computed over its bytes as they came.

use der::asn1::{Any, BitString, GeneralizedTime, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence, Tag, TagNumber, Tagged};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::{CmpError, MAX_BYTES};

/// Tag numbers of PKIBody (RFC 4210, 5.1.2).
pub(crate) mod kind {
    pub const CP: u8 = 3;
    pub const P10CR: u8 = 4;
    pub const RR: u8 = 11;
    pub const RP: u8 = 12;
    pub const PKI_CONF: u8 = 19;
    pub const ERROR: u8 = 23;
    pub const CERT_CONF: u8 = 24;
    pub const POLL_REQ: u8 = 25;
    pub const POLL_REP: u8 = 26;
}

/// id-it-implicitConfirm: the authority needs no certConf.
const IMPLICIT_CONFIRM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.4.13");

/// cmp2000: what every peer speaks.
pub(crate) const VERSION: u8 = 2;

#[derive(Clone, Debug, PartialEq, Sequence)]
pub(crate) struct Header {
    pub version: u8,
    pub sender: GeneralName,
    pub recipient: GeneralName,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub message_time: Option<GeneralizedTime>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub protection: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    pub sender_key: Option<OctetString>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    pub recipient_key: Option<OctetString>,
    #[asn1(context_specific = "4", tag_mode = "EXPLICIT", optional = "true")]
    pub transaction: Option<OctetString>,
    #[asn1(context_specific = "5", tag_mode = "EXPLICIT", optional = "true")]
    pub sender_nonce: Option<OctetString>,
    #[asn1(context_specific = "6", tag_mode = "EXPLICIT", optional = "true")]
    pub recipient_nonce: Option<OctetString>,
    #[asn1(context_specific = "7", tag_mode = "EXPLICIT", optional = "true")]
    pub free_text: Option<Vec<String>>,
    #[asn1(context_specific = "8", tag_mode = "EXPLICIT", optional = "true")]
    pub information: Option<Vec<Information>>,
}

/// InfoTypeAndValue.
#[derive(Clone, Debug, PartialEq, Sequence)]
pub(crate) struct Information {
    pub kind: ObjectIdentifier,
    #[asn1(optional = "true")]
    pub value: Option<Any>,
}

#[derive(Clone, Debug, Sequence)]
pub(crate) struct Message {
    pub header: Header,
    pub body: Any,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub protection: Option<BitString>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub extra_certificates: Option<Vec<Any>>,
}

/// What protection covers (RFC 4210, 5.1.3).
#[derive(Sequence)]
struct ProtectedPart {
    header: Header,
    body: Any,
}

impl Message {
    pub fn read(der: &[u8]) -> Result<Message, CmpError> {
        if der.len() > MAX_BYTES {
            return Err(CmpError::NotAMessage);
        }
        Message::from_der(der).map_err(|_| CmpError::NotAMessage)
    }

    /// Tag number of the body, and its content with the explicit tag taken off.
    pub fn body(&self) -> Result<(u8, &[u8]), CmpError> {
        match self.body.tag() {
            Tag::ContextSpecific { constructed: true, number: TagNumber(number) } => {
                Ok((u8::try_from(number).map_err(|_| CmpError::NotAMessage)?, self.body.value()))
            }
            _ => Err(CmpError::NotAMessage),
        }
    }

    pub fn protected_part(&self) -> Result<Vec<u8>, CmpError> {
        Ok(ProtectedPart { header: self.header.clone(), body: self.body.clone() }.to_der()?)
    }

    pub fn confirms_implicitly(&self) -> bool {
        self.header.information.iter().flatten().any(|information| information.kind == IMPLICIT_CONFIRM)
    }
}

/// A body: DER `content` under the explicit tag `number`.
pub(crate) fn body(number: u8, content: &[u8]) -> Result<Any, CmpError> {
    let tag = Tag::ContextSpecific { constructed: true, number: TagNumber(number.into()) };
    Ok(Any::new(tag, content)?)
}

/// The wish that no certConf be needed; the authority decides.
pub(crate) fn implicit_confirm() -> Result<Information, CmpError> {
    Ok(Information { kind: IMPLICIT_CONFIRM, value: Some(Any::null()) })
}
