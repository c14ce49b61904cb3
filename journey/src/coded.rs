//! A closed list whose members have a stable code (database, wire, documents) and a Chinese title (people).
//!
//! The code is also the serde form, so a member cannot be spelled one way in a row and another way in a message.

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident = $code:literal $title:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$member_doc])* #[serde(rename = $code)] $member),+
        }

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$member),+];

            /// The stable name in databases, messages and documents.
            pub const fn code(self) -> &'static str {
                match self { $($name::$member => $code),+ }
            }

            /// The Chinese words a person reads.
            pub const fn title(self) -> &'static str {
                match self { $($name::$member => $title),+ }
            }

            /// The member with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|member| member.code() == code)
            }
        }
    };
}

pub(crate) use coded;
