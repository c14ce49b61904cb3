//! Why a certificate is revoked.

/// CRLReason (RFC 5280, 5.3.1). 7 is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Written by leaving the reason out.
    Unspecified = 0,
    KeyCompromise = 1,
    AuthorityCompromise = 2,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    /// Suspended: may come back.
    CertificateHold = 6,
    /// In a delta alone: no longer on hold, or expired.
    RemoveFromCrl = 8,
    PrivilegeWithdrawn = 9,
    /// Of attribute authorities; read, since RFC 5280 has it, and never used by us.
    AttributeAuthorityCompromise = 10,
}

impl Reason {
    pub const ALL: [Reason; 10] = [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::AuthorityCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::CertificateHold,
        Reason::RemoveFromCrl,
        Reason::PrivilegeWithdrawn,
        Reason::AttributeAuthorityCompromise,
    ];

    pub fn number(self) -> u8 {
        self as u8
    }

    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.number() == number)
    }

    /// Stable, as the store keeps it.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "key_compromise",
            Reason::AuthorityCompromise => "authority_compromise",
            Reason::AffiliationChanged => "affiliation_changed",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessation_of_operation",
            Reason::CertificateHold => "certificate_hold",
            Reason::RemoveFromCrl => "remove_from_crl",
            Reason::PrivilegeWithdrawn => "privilege_withdrawn",
            Reason::AttributeAuthorityCompromise => "attribute_authority_compromise",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn reasons_come_back_from_number_and_code() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_number(reason.number()), Some(reason));
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
        }
        assert_eq!((Reason::from_number(7), Reason::from_number(11)), (None, None));
    }
}
