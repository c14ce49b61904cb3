//! The five things a person can come for (R001).

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
    }
}

impl Service {
    /// Free of charge: no payment step, no invoice (R069, R115, A46).
    pub const fn is_free(self) -> bool {
        matches!(self, Service::Unblock | Service::Modification)
    }
}
