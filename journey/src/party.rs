//! Who the certificate is for.

use crate::coded::coded;

coded! {
    /// The two kinds of holder; they walk in different orders of steps (A01).
    Party {
        /// 单位, known by its unified social credit code.
        Organisation = "organisation" "单位数字证书",
        /// 个人, known by an identity document.
        Person = "person" "个人数字证书",
    }
}
