//! Words that must not be seen: they print `…`, and their memory is wiped when they go (R129).
//!
//! A secret travels (serde) because a browser must send it once; it is for the hands that open it with
//! `expose()` to let it go no further.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

macro_rules! secret {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The word itself, for the one place that needs it.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

secret! {
    /// What the holder types to open the key.
    Pin,
    /// 证书密码: the PIN a new key is given, made at approval (A03).
    Passcode,
    /// The six digits of a text message.
    SmsCode,
    /// The number of an identity document.
    IdNumber,
    /// The number of a bank card or a bank account.
    BankCard,
    /// What a member of staff signs in with.
    Password,
}
