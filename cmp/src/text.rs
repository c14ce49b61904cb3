//! The names of PKIFailureInfo's bits (RFC 4210, 5.2.3).

use der::asn1::BitString;

const NAMES: [&str; 27] = [
    "badAlg",
    "badMessageCheck",
    "badRequest",
    "badTime",
    "badCertId",
    "badDataFormat",
    "wrongAuthority",
    "incorrectData",
    "missingTimeStamp",
    "badPOP",
    "certRevoked",
    "certConfirmed",
    "wrongIntegrity",
    "badRecipientNonce",
    "timeNotAvailable",
    "unacceptedPolicy",
    "unacceptedExtension",
    "addInfoNotAvailable",
    "badSenderNonce",
    "badCertTemplate",
    "signerNotTrusted",
    "transactionIdInUse",
    "unsupportedVersion",
    "notAuthorized",
    "systemUnavail",
    "systemFailure",
    "duplicateCertReq",
];

/// The names of the bits that are set.
pub(crate) fn failures(bits: &BitString) -> Vec<&'static str> {
    bits.bits().zip(NAMES).filter(|(set, _)| *set).map(|(_, name)| name).collect()
}
