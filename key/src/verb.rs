//! The roll of verbs: what is true of each before anybody carries it out. One place, without a catch-all: a new `Request`
//! does not compile before it has its line in every question asked here.

use serde::{Deserialize, Serialize};

use crate::{
    Pin,
    message::{Generation, KeyRef, Request},
};

/// A request without what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Hello,
    ListKeys,
    Identify,
    PinInfo,
    Personalise,
    Resume,
    InstallPair,
    ReadBack,
    MakeNext,
    InstallNext,
    Switch,
    PreparePast,
    InstallPast,
    VerifyPin,
    Login,
    ChangePin,
    Unblock,
}

/// Where a request carries what only the holder may know.
#[derive(Debug, Default)]
pub struct Pins<'a> {
    /// The PIN that stands.
    pub current: Option<&'a mut Option<Pin>>,
    /// The PIN that shall stand afterwards.
    pub new: Option<&'a mut Option<Pin>>,
}

impl Verb {
    pub const ALL: [Verb; 17] = [
        Verb::Hello,
        Verb::ListKeys,
        Verb::Identify,
        Verb::PinInfo,
        Verb::Personalise,
        Verb::Resume,
        Verb::InstallPair,
        Verb::ReadBack,
        Verb::MakeNext,
        Verb::InstallNext,
        Verb::Switch,
        Verb::PreparePast,
        Verb::InstallPast,
        Verb::VerifyPin,
        Verb::Login,
        Verb::ChangePin,
        Verb::Unblock,
    ];

    /// Whether the helper does it only for a mandate of the office: everything but looking.
    pub fn mandated(self) -> bool {
        match self {
            Verb::Hello | Verb::ListKeys | Verb::Identify | Verb::PinInfo => false,
            Verb::Personalise | Verb::Resume | Verb::InstallPair | Verb::ReadBack => true,
            Verb::MakeNext | Verb::InstallNext | Verb::Switch => true,
            Verb::PreparePast | Verb::InstallPast => true,
            Verb::VerifyPin | Verb::Login | Verb::ChangePin | Verb::Unblock => true,
        }
    }
}

impl Request {
    /// `ReadBack` of the pairs in use, and of them alone.
    pub fn read_back(key: KeyRef, nonce: String, sealed_challenge: Option<String>) -> Request {
        Request::ReadBack { key, nonce, sealed_challenge, generation: Generation::InUse, past: Vec::new() }
    }

    pub fn verb(&self) -> Verb {
        match self {
            Request::Hello {} => Verb::Hello,
            Request::ListKeys {} => Verb::ListKeys,
            Request::Identify { .. } => Verb::Identify,
            Request::PinInfo { .. } => Verb::PinInfo,
            Request::Personalise { .. } => Verb::Personalise,
            Request::Resume { .. } => Verb::Resume,
            Request::InstallPair { .. } => Verb::InstallPair,
            Request::ReadBack { .. } => Verb::ReadBack,
            Request::MakeNext { .. } => Verb::MakeNext,
            Request::InstallNext { .. } => Verb::InstallNext,
            Request::Switch { .. } => Verb::Switch,
            Request::PreparePast { .. } => Verb::PreparePast,
            Request::InstallPast { .. } => Verb::InstallPast,
            Request::VerifyPin { .. } => Verb::VerifyPin,
            Request::Login { .. } => Verb::Login,
            Request::ChangePin { .. } => Verb::ChangePin,
            Request::Unblock { .. } => Verb::Unblock,
        }
    }

    /// See `Verb::mandated`.
    pub fn mandated(&self) -> bool {
        self.verb().mandated()
    }

    /// The key that it is about.
    pub fn key(&self) -> Option<&KeyRef> {
        match self {
            Request::Hello {} | Request::ListKeys {} => None,
            Request::Identify { key }
            | Request::PinInfo { key }
            | Request::Personalise { key, .. }
            | Request::Resume { key, .. }
            | Request::InstallPair { key, .. }
            | Request::ReadBack { key, .. }
            | Request::MakeNext { key, .. }
            | Request::InstallNext { key, .. }
            | Request::Switch { key, .. }
            | Request::PreparePast { key, .. }
            | Request::InstallPast { key, .. }
            | Request::VerifyPin { key, .. }
            | Request::Login { key, .. }
            | Request::ChangePin { key, .. }
            | Request::Unblock { key, .. } => Some(key),
        }
    }

    /// Its places for PINs: filled by the page where the page asks, by the helper's own window where the helper asks.
    pub fn pins(&mut self) -> Pins<'_> {
        match self {
            Request::VerifyPin { pin, .. } | Request::Login { pin, .. } => {
                Pins { current: Some(pin), new: None }
            }
            Request::ChangePin { old, new, .. } => Pins { current: Some(old), new: Some(new) },
            Request::Unblock { pin, .. } => Pins { current: None, new: Some(pin) },
            Request::Hello {}
            | Request::ListKeys {}
            | Request::Identify { .. }
            | Request::PinInfo { .. }
            | Request::Personalise { .. }
            | Request::Resume { .. }
            | Request::InstallPair { .. }
            | Request::ReadBack { .. }
            | Request::MakeNext { .. }
            | Request::InstallNext { .. }
            | Request::Switch { .. }
            | Request::PreparePast { .. }
            | Request::InstallPast { .. } => Pins::default(),
        }
    }

    /// As it may be shown to the office and travel to a helper: no PIN in it (R129).
    #[must_use]
    pub fn without_pins(mut self) -> Request {
        let Pins { current, new } = self.pins();
        for pin in [current, new].into_iter().flatten() {
            *pin = None;
        }
        self
    }

    /// Whether somebody must type for it.
    pub fn asks_pin(&self) -> bool {
        let mut copy = self.clone();
        let Pins { current, new } = copy.pins();
        current.is_some() || new.is_some()
    }

    pub fn carries_pin(&self) -> bool {
        self.clone().without_pins() != *self
    }
}
