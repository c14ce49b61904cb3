//! Owns: how the browser reaches a key: the ways to it, one answer per request, and the rule that exactly one key is in.
//! Never: what a key is asked for in which order (the pages), a sentence for people (`wording`), a PIN kept anywhere.
//! Start at: `Way`, then `station.rs` (the verbs) and `helper.rs` (the way through the extension).

mod bridge;
pub mod direct;
mod direct_clock;
pub mod helper;
pub mod hid;
pub mod holder;
mod inbox;
mod js;
mod lock;
pub mod purpose;
pub mod search;
pub mod station;
mod stir;
pub mod usb;

use crate::desk::DeskError;
pub use stir::stirred;

use direct::{Bus, Direct};
use hid::Hid;
use key::KeyError;
use key::message::{Answer, KeySummary, Request};
use leptos::prelude::on_cleanup;
use leptos::task::spawn_local;
use std::time::Duration;
use usb::Usb;

/// A way from this page to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Page, extension, helper program on this computer.
    Helper,
    /// The page itself, over WebHID.
    Hid,
    /// The page itself, over WebUSB.
    Usb,
}

thread_local! {
    static HID: Direct<Hid> = Direct::default();
    static USB: Direct<Usb> = Direct::default();
}

/// Why a key cannot be used from here. What a person should do about each is in `wording`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AccessError {
    #[error("no key is inserted")]
    NoKey,
    /// R059: two keys are one too many.
    #[error("{0} keys are inserted")]
    SeveralKeys(usize),
    /// The helper is older or newer than this page.
    #[error("the helper speaks another version")]
    OtherVersion,
    /// An answer that this page does not know, or not to this question.
    #[error("unexpected answer")]
    Unexpected,
    /// The line broke. Nothing is known about the request; the key's PIN counter least of all (R156).
    #[error("the connection to the helper was lost")]
    ConnectionLost,
    /// The office gave no mandate for it (`desk::mandates`).
    #[error("the office gave no mandate: {0}")]
    Office(DeskError),
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl AccessError {
    /// The stable reason code (R163).
    pub fn code(&self) -> &'static str {
        match self {
            AccessError::NoKey => "key.none",
            AccessError::SeveralKeys(_) => "key.several",
            AccessError::OtherVersion => "key.other_version",
            AccessError::Unexpected => "key.unexpected",
            AccessError::ConnectionLost => "key.connection_lost",
            AccessError::Office(_) => "mandate.refused",
            AccessError::Key(error) => error.code(),
        }
    }
}

impl Way {
    /// One question, one answer. A refusal of the key arrives as `AccessError::Key`, never as an `Answer::Failed`.
    ///
    /// # Errors
    /// The key's own refusals, or that it cannot be reached or did not answer within `patience`.
    pub async fn ask(self, request: Request, patience: Duration) -> Result<Answer, AccessError> {
        // The office renders pages too, and has no key to reach.
        if cfg!(feature = "ssr") {
            return Err(KeyError::ExtensionMissing.into());
        }
        let answer = match self {
            Way::Helper => helper::ask(request, patience).await?,
            Way::Hid => HID.with(Direct::clone).ask(request, patience).await?,
            Way::Usb => USB.with(Direct::clone).ask(request, patience).await?,
        };
        match answer {
            Answer::Failed { error } => Err(error.into()),
            answer => Ok(answer),
        }
    }
}

impl Way {
    /// Ends what this page has opened on a key: a PIN verified for one business is not verified for the next.
    pub fn leave(self) {
        if cfg!(feature = "ssr") {
            return;
        }
        purpose::forget();
        match self {
            Way::Helper => helper::hang_up(),
            Way::Hid => spawn_local(async { HID.with(Direct::clone).leave().await }),
            Way::Usb => spawn_local(async { USB.with(Direct::clone).leave().await }),
        }
    }
}

/// Whatever was opened on a key is closed when the owner goes.
pub fn leave_with_page() {
    on_cleanup(|| Way::ALL.into_iter().for_each(Way::leave));
}

impl Way {
    /// In the order in which a key is reached by them.
    pub const ALL: [Way; 3] = [Way::Hid, Way::Usb, Way::Helper];

    /// Over the helper no PIN passes through the page: the helper asks for it in a window of its own. Elsewhere the page asks
    /// and fills it into the request.
    pub fn asks_pin_itself(self) -> bool {
        self == Way::Helper
    }

    /// Whether this browser has this way at all; whether a helper is there, only asking tells.
    pub fn is_in_browser(self) -> bool {
        match self {
            Way::Helper => true,
            Way::Hid => js::of_navigator("hid").is_some(),
            Way::Usb => js::of_navigator("usb").is_some(),
        }
    }

    /// Lets the person choose a device for this page. Call it from their click.
    ///
    /// # Errors
    /// `Cancelled` when they choose none; the helper needs no choice.
    pub async fn choose(self) -> Result<(), AccessError> {
        match self {
            Way::Helper => Ok(()),
            Way::Hid => Ok(Hid::choose().await?),
            Way::Usb => Ok(Usb::choose().await?),
        }
    }
}

/// R059: a business goes on with exactly one key.
///
/// # Errors
/// None, or more than one.
pub fn exactly_one(mut keys: Vec<KeySummary>) -> Result<KeySummary, AccessError> {
    match (keys.len(), keys.pop()) {
        (1, Some(key)) => Ok(key),
        (_, None) => Err(AccessError::NoKey),
        (count, Some(_)) => Err(AccessError::SeveralKeys(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use key::message::{KeyRef, KeyState};

    fn key(serial: &str) -> KeySummary {
        KeySummary {
            key: KeyRef(format!("soft:{serial}")),
            label: String::new(),
            serial: serial.into(),
            state: KeyState::Blank,
            certificate_name: None,
            pin_left: None,
        }
    }

    #[test]
    fn r059_exactly_one_key_goes_on() {
        assert_eq!(exactly_one(vec![]), Err(AccessError::NoKey));
        assert_eq!(exactly_one(vec![key("A")]), Ok(key("A")));
        assert_eq!(exactly_one(vec![key("A"), key("B")]), Err(AccessError::SeveralKeys(2)));
        assert_eq!(exactly_one(vec![key("A"), key("B"), key("C")]), Err(AccessError::SeveralKeys(3)));
    }
}
