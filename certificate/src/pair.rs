//! The two certificates of one holder belong together (GM/T 0015; GM/T 0092): the rules that no certificate can meet
//! alone.

use crate::extension::KeyUsages;
use crate::profile::{ENCRYPTION, SIGNING};
use crate::read::Certificate;

/// How two certificates are not a pair. `code()` is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PairFault {
    #[error("the subjects differ")]
    Subject,
    #[error("the issuers differ")]
    Issuer,
    #[error("the dates differ")]
    Dates,
    #[error("both certificates have the same serial number")]
    Serial,
    #[error("both certificates have the same key")]
    Key,
    #[error("the first is not for signing alone")]
    Signing,
    #[error("the second is not for encryption alone")]
    Encryption,
}

impl PairFault {
    pub fn code(self) -> &'static str {
        match self {
            PairFault::Subject => "pair_subject",
            PairFault::Issuer => "pair_issuer",
            PairFault::Dates => "pair_dates",
            PairFault::Serial => "pair_serial",
            PairFault::Key => "pair_key",
            PairFault::Signing => "pair_signing",
            PairFault::Encryption => "pair_encryption",
        }
    }
}

/// Whether these are the signing and the encryption certificate of one pair.
pub fn check(signing: &Certificate, encryption: &Certificate) -> Result<(), PairFault> {
    let dates = |certificate: &Certificate| (certificate.not_before(), certificate.not_after());
    let issuer = |certificate: &Certificate| certificate.authority_key_identifier();
    let alone = |certificate: &Certificate, may: &[KeyUsages]| {
        let usages = certificate.key_usages();
        !usages.is_empty() && usages.iter().all(|usage| may.contains(usage))
    };
    let rules = [
        (signing.subject() == encryption.subject(), PairFault::Subject),
        (signing.issuer() == encryption.issuer() && issuer(signing) == issuer(encryption), PairFault::Issuer),
        (dates(signing) == dates(encryption), PairFault::Dates),
        (signing.serial_hex() != encryption.serial_hex(), PairFault::Serial),
        (signing.spki() != encryption.spki(), PairFault::Key),
        (alone(signing, SIGNING), PairFault::Signing),
        (alone(encryption, ENCRYPTION), PairFault::Encryption),
    ];
    rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, fault)| Err(fault))
}
