//! An open key of whatever kind: the verbs go to it unchanged.

use key::{
    KeyError, Pin,
    key::{Identity, Key, PinInfo, PinKind, Slot},
    message::NameParts,
    remote::RemoteKey,
    session::ApduKey,
    signing::Point,
    soft::SoftChannel,
    wire::Wire,
};

use super::{CardChannel, HidPipe};
use crate::library::ChildLine;

pub enum OpenKey {
    Soft(ApduKey<SoftChannel>),
    Card(ApduKey<CardChannel>),
    Hid(ApduKey<Wire<HidPipe>>),
    Library(RemoteKey<ChildLine>),
}

macro_rules! forward {
    ($self:ident, $key:ident => $verb:expr) => {
        match $self {
            OpenKey::Soft($key) => $verb,
            OpenKey::Card($key) => $verb,
            OpenKey::Hid($key) => $verb,
            OpenKey::Library($key) => $verb,
        }
    };
}

impl Key for OpenKey {
    async fn identify(&mut self) -> Result<Identity, KeyError> {
        forward!(self, key => key.identify().await)
    }

    async fn pin_info(&mut self, kind: PinKind) -> Result<PinInfo, KeyError> {
        forward!(self, key => key.pin_info(kind).await)
    }

    async fn verify_pin(&mut self, kind: PinKind, pin: &Pin) -> Result<(), KeyError> {
        forward!(self, key => key.verify_pin(kind, pin).await)
    }

    async fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin) -> Result<(), KeyError> {
        forward!(self, key => key.change_pin(kind, old, new).await)
    }

    async fn unblock(&mut self, admin: &Pin, new_user: &Pin) -> Result<(), KeyError> {
        forward!(self, key => key.unblock(admin, new_user).await)
    }

    async fn initialise(&mut self, label: &str, admin: &Pin, user: &Pin) -> Result<(), KeyError> {
        forward!(self, key => key.initialise(label, admin, user).await)
    }

    async fn generate(&mut self) -> Result<Point, KeyError> {
        forward!(self, key => key.generate().await)
    }

    async fn request(&mut self, subject: &NameParts) -> Result<Vec<u8>, KeyError> {
        forward!(self, key => key.request(subject).await)
    }

    async fn import_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        forward!(self, key => key.import_pair(enveloped).await)
    }

    async fn finish(&mut self) -> Result<(), KeyError> {
        forward!(self, key => key.finish().await)
    }

    async fn public_point(&mut self, slot: Slot) -> Result<Point, KeyError> {
        forward!(self, key => key.public_point(slot).await)
    }

    async fn write_certificate(&mut self, slot: Slot, der: &[u8]) -> Result<(), KeyError> {
        forward!(self, key => key.write_certificate(slot, der).await)
    }

    async fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError> {
        forward!(self, key => key.read_certificate(slot).await)
    }

    async fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        forward!(self, key => key.sign(message).await)
    }

    async fn decrypt(&mut self, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        forward!(self, key => key.decrypt(cipher).await)
    }
    async fn generate_next(&mut self) -> Result<Point, KeyError> {
        forward!(self, key => key.generate_next().await)
    }

    async fn import_next_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        forward!(self, key => key.import_next_pair(enveloped).await)
    }

    async fn switch(&mut self) -> Result<(), KeyError> {
        forward!(self, key => key.switch().await)
    }

    async fn prepare_past(&mut self, pairs: u8) -> Result<Vec<Point>, KeyError> {
        forward!(self, key => key.prepare_past(pairs).await)
    }

    async fn import_past_pair(&mut self, place: &Point, enveloped: &[u8]) -> Result<(), KeyError> {
        forward!(self, key => key.import_past_pair(place, enveloped).await)
    }

    async fn list_past(&mut self) -> Result<Vec<Point>, KeyError> {
        forward!(self, key => key.list_past().await)
    }

    async fn sign_next(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        forward!(self, key => key.sign_next(message).await)
    }

    async fn decrypt_with(&mut self, slot: Slot, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        forward!(self, key => key.decrypt_with(slot, cipher).await)
    }
}
