//! The contents of answers (RFC 4210, 5.2 and 5.3).

use der::Sequence;
use der::asn1::{Any, BitString, Int, OctetString};
use der::{Decode, Encode, Tag, TagNumber, Tagged};

use crate::CmpError;
use crate::text::failures;

/// PKIStatus: accepted, and accepted with changes.
const GRANTED: [u8; 2] = [0, 1];
const WAITING: u8 = 3;

/// PKIStatusInfo.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct Status {
    pub status: u8,
    #[asn1(optional = "true")]
    pub text: Option<Vec<String>>,
    #[asn1(optional = "true")]
    pub failure: Option<BitString>,
}

impl Status {
    pub fn granted(&self) -> bool {
        GRANTED.contains(&self.status)
    }

    pub fn waiting(&self) -> bool {
        self.status == WAITING
    }

    /// What an operator should read: the authority's words and the names of the failure bits.
    pub fn refusal(&self) -> CmpError {
        let mut said = self.text.clone().unwrap_or_default();
        said.extend(self.failure.iter().flat_map(failures).map(str::to_owned));
        said.truncate(8);
        // Words from outside: short, and on one line of the log.
        let said =
            said.join("; ").chars().filter(|letter| !letter.is_control()).take(400).collect::<String>();
        CmpError::Refused(if said.is_empty() { format!("status {}", self.status) } else { said })
    }
}

/// CertRepMessage.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct CertificateAnswer {
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub authorities: Option<Vec<Any>>,
    pub responses: Vec<CertificateResponse>,
}

/// CertResponse.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct CertificateResponse {
    pub request: Int,
    pub status: Status,
    #[asn1(optional = "true")]
    pub pair: Option<CertifiedKeyPair>,
    #[asn1(optional = "true")]
    pub information: Option<OctetString>,
}

#[derive(Clone, Debug, Sequence)]
pub(crate) struct CertifiedKeyPair {
    /// CertOrEncCert: [0] a certificate; [1], one sealed to the key, is not taken.
    pub certificate: Any,
    /// EncryptedKey of an encryption pair that the authority made.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub private_key: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub publication: Option<Any>,
}

impl CertifiedKeyPair {
    /// DER of the certificate.
    pub fn certificate(&self) -> Result<&[u8], CmpError> {
        let plain = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
        if self.certificate.tag() == plain {
            Ok(self.certificate.value())
        } else {
            Err(CmpError::NotAMessage)
        }
    }
}

/// RevRepContent.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct RevocationAnswer {
    pub status: Vec<Status>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub certificates: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    pub lists: Option<Any>,
}

/// ErrorMsgContent.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct ErrorAnswer {
    pub status: Status,
    #[asn1(optional = "true")]
    pub code: Option<Int>,
    #[asn1(optional = "true")]
    pub details: Option<Vec<String>>,
}

impl ErrorAnswer {
    pub fn refusal(&self) -> CmpError {
        let mut status = self.status.clone();
        status.text.get_or_insert_default().extend(self.details.iter().flatten().cloned());
        status.refusal()
    }
}

/// One entry of PollRepContent.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct PollAnswer {
    pub request: Int,
    pub seconds: Int,
    #[asn1(optional = "true")]
    pub reason: Option<Vec<String>>,
}

impl PollAnswer {
    /// Seconds to wait, one at least: nobody is asked in a tight loop. What does not fit is answered with a day.
    pub fn wait(&self) -> u32 {
        let long = 24 * 60 * 60;
        match self.seconds.as_bytes() {
            [first, ..] if *first >= 0x80 => 1,
            bytes if bytes.len() <= 4 => {
                bytes.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)).clamp(1, long)
            }
            _ => long,
        }
    }
}

/// One entry of PollReqContent.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct PollRequest {
    pub request: Int,
}

/// One entry of CertConfirmContent.
#[derive(Clone, Debug, Sequence)]
pub(crate) struct Confirmation {
    pub hash: OctetString,
    pub request: Int,
    #[asn1(optional = "true")]
    pub status: Option<Status>,
}

pub(crate) fn read<'a, T: Decode<'a>>(content: &'a [u8]) -> Result<T, CmpError> {
    T::from_der(content).map_err(|_| CmpError::NotAMessage)
}

pub(crate) fn write(content: &impl Encode) -> Result<Vec<u8>, CmpError> {
    Ok(content.to_der()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_a_second_at_least_and_a_day_at_most() {
        for (seconds, wait) in
            [(&[0][..], 1), (&[0xff], 1), (&[1], 1), (&[60], 60), (&[0x7f; 4], 86_400), (&[0x7f; 9], 86_400)]
        {
            let answer = PollAnswer {
                request: Int::new(&[0]).unwrap(),
                seconds: Int::new(seconds).unwrap(),
                reason: None,
            };
            assert_eq!(answer.wait(), wait, "{seconds:?}");
        }
    }
}
