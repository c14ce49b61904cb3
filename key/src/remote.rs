//! A key on the other side of a pipe: the verbs of `Key` as messages, one answer each.
//!
//! The helper speaks so to the process in which a vendor's library lives. PINs travel in it: whoever writes or reads the
//! bytes wipes them.

use serde::{Deserialize, Serialize};

use crate::{
    KeyError, Pin,
    key::{Identity, Key, PinInfo, PinKind, Slot},
    message::NameParts,
    signing::Point,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Identify,
    PinInfo(PinKind),
    VerifyPin(PinKind, Pin),
    ChangePin(PinKind, Pin, Pin),
    Unblock(Pin, Pin),
    Initialise(String, Pin, Pin),
    Generate,
    Request(NameParts),
    ImportPair(Vec<u8>),
    Finish,
    PublicPoint(Slot),
    WriteCertificate(Slot, Vec<u8>),
    ReadCertificate(Slot),
    GenerateNext,
    ImportNextPair(Vec<u8>),
    Switch,
    PreparePast(u8),
    /// 04 ‖ X ‖ Y, and the envelope.
    ImportPastPair(Vec<u8>, Vec<u8>),
    ListPast,
    Sign(Vec<u8>),
    SignNext(Vec<u8>),
    Decrypt(Vec<u8>),
    DecryptWith(Slot, Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Identity(Identity),
    PinInfo(PinInfo),
    Done,
    /// A point or several, a request, a signature, an opened value.
    Bytes(Vec<u8>),
    Certificate(Option<Vec<u8>>),
    Failed(KeyError),
}

/// Does on a key here what was asked there.
///
/// # Errors
/// The key's own.
pub async fn carry_out<K: Key>(key: &mut K, verb: Verb) -> Result<Said, KeyError> {
    Ok(match verb {
        Verb::Identify => Said::Identity(key.identify().await?),
        Verb::PinInfo(kind) => Said::PinInfo(key.pin_info(kind).await?),
        Verb::VerifyPin(kind, pin) => done(key.verify_pin(kind, &pin).await?),
        Verb::ChangePin(kind, old, new) => done(key.change_pin(kind, &old, &new).await?),
        Verb::Unblock(admin, new_user) => done(key.unblock(&admin, &new_user).await?),
        Verb::Initialise(label, admin, user) => done(key.initialise(&label, &admin, &user).await?),
        Verb::Generate => Said::Bytes(key.generate().await?.to_vec()),
        Verb::Request(subject) => Said::Bytes(key.request(&subject).await?),
        Verb::ImportPair(enveloped) => done(key.import_pair(&enveloped).await?),
        Verb::Finish => done(key.finish().await?),
        Verb::PublicPoint(slot) => Said::Bytes(key.public_point(slot).await?.to_vec()),
        Verb::WriteCertificate(slot, der) => done(key.write_certificate(slot, &der).await?),
        Verb::ReadCertificate(slot) => Said::Certificate(key.read_certificate(slot).await?),
        Verb::GenerateNext => Said::Bytes(key.generate_next().await?.to_vec()),
        Verb::ImportNextPair(enveloped) => done(key.import_next_pair(&enveloped).await?),
        Verb::Switch => done(key.switch().await?),
        Verb::PreparePast(pairs) => Said::Bytes(key.prepare_past(pairs).await?.concat()),
        Verb::ImportPastPair(place, enveloped) => {
            let place = place.try_into().map_err(|_| astray())?;
            done(key.import_past_pair(&place, &enveloped).await?)
        }
        Verb::ListPast => Said::Bytes(key.list_past().await?.concat()),
        Verb::Sign(message) => Said::Bytes(key.sign(&message).await?),
        Verb::SignNext(message) => Said::Bytes(key.sign_next(&message).await?),
        Verb::Decrypt(cipher) => Said::Bytes(key.decrypt(&cipher).await?),
        Verb::DecryptWith(slot, cipher) => Said::Bytes(key.decrypt_with(slot, &cipher).await?),
    })
}

fn done((): ()) -> Said {
    Said::Done
}

/// The pipe: one question, one answer, in order.
#[allow(async_fn_in_trait)]
pub trait Line {
    async fn ask(&mut self, verb: Verb) -> Result<Said, KeyError>;
}

/// The key as it is seen from here.
pub struct RemoteKey<L>(pub L);

impl<L: Line> RemoteKey<L> {
    async fn ask(&mut self, verb: Verb) -> Result<Said, KeyError> {
        match self.0.ask(verb).await? {
            Said::Failed(error) => Err(error),
            said => Ok(said),
        }
    }

    async fn bytes(&mut self, verb: Verb) -> Result<Vec<u8>, KeyError> {
        match self.ask(verb).await? {
            Said::Bytes(bytes) => Ok(bytes),
            _ => Err(astray()),
        }
    }

    async fn points(&mut self, verb: Verb) -> Result<Vec<Point>, KeyError> {
        let points = self.bytes(verb).await?;
        points.chunks(65).map(|point| point.try_into().map_err(|_| astray())).collect()
    }

    async fn point(&mut self, verb: Verb) -> Result<Point, KeyError> {
        self.bytes(verb).await?.try_into().map_err(|_| astray())
    }

    async fn done(&mut self, verb: Verb) -> Result<(), KeyError> {
        match self.ask(verb).await? {
            Said::Done => Ok(()),
            _ => Err(astray()),
        }
    }
}

fn astray() -> KeyError {
    KeyError::Transport("an answer to another question".into())
}

impl<L: Line> Key for RemoteKey<L> {
    async fn identify(&mut self) -> Result<Identity, KeyError> {
        match self.ask(Verb::Identify).await? {
            Said::Identity(identity) => Ok(identity),
            _ => Err(astray()),
        }
    }

    async fn pin_info(&mut self, kind: PinKind) -> Result<PinInfo, KeyError> {
        match self.ask(Verb::PinInfo(kind)).await? {
            Said::PinInfo(info) => Ok(info),
            _ => Err(astray()),
        }
    }

    async fn verify_pin(&mut self, kind: PinKind, pin: &Pin) -> Result<(), KeyError> {
        self.done(Verb::VerifyPin(kind, pin.clone())).await
    }

    async fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin) -> Result<(), KeyError> {
        self.done(Verb::ChangePin(kind, old.clone(), new.clone())).await
    }

    async fn unblock(&mut self, admin: &Pin, new_user: &Pin) -> Result<(), KeyError> {
        self.done(Verb::Unblock(admin.clone(), new_user.clone())).await
    }

    async fn initialise(&mut self, label: &str, admin: &Pin, user: &Pin) -> Result<(), KeyError> {
        self.done(Verb::Initialise(label.into(), admin.clone(), user.clone())).await
    }

    async fn generate(&mut self) -> Result<Point, KeyError> {
        self.point(Verb::Generate).await
    }

    async fn request(&mut self, subject: &NameParts) -> Result<Vec<u8>, KeyError> {
        self.bytes(Verb::Request(subject.clone())).await
    }

    async fn import_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        self.done(Verb::ImportPair(enveloped.into())).await
    }

    async fn finish(&mut self) -> Result<(), KeyError> {
        self.done(Verb::Finish).await
    }

    async fn public_point(&mut self, slot: Slot) -> Result<Point, KeyError> {
        self.point(Verb::PublicPoint(slot)).await
    }

    async fn write_certificate(&mut self, slot: Slot, der: &[u8]) -> Result<(), KeyError> {
        self.done(Verb::WriteCertificate(slot, der.into())).await
    }

    async fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError> {
        match self.ask(Verb::ReadCertificate(slot)).await? {
            Said::Certificate(der) => Ok(der),
            _ => Err(astray()),
        }
    }

    async fn generate_next(&mut self) -> Result<Point, KeyError> {
        self.point(Verb::GenerateNext).await
    }

    async fn import_next_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        self.done(Verb::ImportNextPair(enveloped.into())).await
    }

    async fn switch(&mut self) -> Result<(), KeyError> {
        self.done(Verb::Switch).await
    }

    async fn prepare_past(&mut self, pairs: u8) -> Result<Vec<Point>, KeyError> {
        self.points(Verb::PreparePast(pairs)).await
    }

    async fn import_past_pair(&mut self, place: &Point, enveloped: &[u8]) -> Result<(), KeyError> {
        self.done(Verb::ImportPastPair(place.to_vec(), enveloped.into())).await
    }

    async fn list_past(&mut self) -> Result<Vec<Point>, KeyError> {
        self.points(Verb::ListPast).await
    }

    async fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.bytes(Verb::Sign(message.into())).await
    }

    async fn sign_next(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.bytes(Verb::SignNext(message.into())).await
    }

    async fn decrypt(&mut self, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.bytes(Verb::Decrypt(cipher.into())).await
    }
    async fn decrypt_with(&mut self, slot: Slot, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.bytes(Verb::DecryptWith(slot, cipher.into())).await
    }
}
