//! What a person can come for: the five things of the manual (R001), and 解挂, which follows 挂失 (B01).

use crate::coded::coded;

coded! {
    /// What the order is about.
    Service {
        /// A first certificate (manual 1).
        Application = "application" "在线新办",
        /// Another year on the same key (manual 2).
        Renewal = "renewal" "证书更新",
        /// A forgotten or locked PIN (manual 3).
        Unblock = "unblock" "证书解锁",
        /// A new key for a lost one (manual 4).
        Replacement = "replacement" "证书补办",
        /// Changed facts about the holder (manual 5).
        Modification = "modification" "信息变更",
        /// A certificate that its holder put on hold, and whose key was found again (B01).
        Resumption = "resumption" "证书解挂",
    }
}

impl Service {
    /// Nothing of the form is typed but how identity is proven: the rest is the certificate's, so that whoever holds a
    /// stranger's key or phone puts no contacts of their own into it (R157).
    pub const fn keeps_to_certificate(self) -> bool {
        matches!(self, Service::Unblock | Service::Resumption)
    }

    /// Free of charge: no payment step, no invoice (R069, R115, A46).
    pub const fn is_free(self) -> bool {
        matches!(self, Service::Unblock | Service::Modification | Service::Resumption)
    }
}
