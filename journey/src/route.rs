//! The way an order takes through its service.

use crate::coded::coded;

coded! {
    /// Most orders take the usual way; some must or may take another. `itinerary` says which ways exist.
    Route {
        /// The way of the manual.
        Usual = "usual" "常规办理",
        /// Unblock: the first time, or when the reserved phone is out of reach (R071, R072, R080).
        /// Modification: a new reserved phone, which needs an identity check and no new certificate (R157, A48).
        ByIdentity = "by_identity" "其他验证方式",
        /// Modification of a name or number that the registry does not confirm (A45). Renewal after its window: papers and a
        /// review as for an application, onto the same key (A20).
        WithEvidence = "with_evidence" "提交资料审核",
        /// Modification of contacts alone: at once, no new certificate (A45).
        ContactsOnly = "contacts_only" "联系信息变更",
    }
}
