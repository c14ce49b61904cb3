//! `ApduKey`: every verb of a key, spoken in APDUs over any channel.

use crate::{
    KeyError, Pin,
    apdu::{Answer, Command, MAX_DATA},
    certificate_facts,
    channel::Channel,
    command::{object, pair, pin},
    key::{Identity, Key, Life, PinInfo, PinKind, Slot},
    message::NameParts,
    profile::iso7816 as set,
    request,
    signing::{Point, signature_der, signing_hash},
    status,
};

pub struct ApduKey<C> {
    channel: C,
}

impl<C: Channel> ApduKey<C> {
    /// Selects our application; `NotFound` if this is no key of ours.
    pub async fn open(channel: C) -> Result<Self, KeyError> {
        let mut key = Self { channel };
        key.ask(object::select()).await?;
        Ok(key)
    }

    /// Ends what a PIN has opened: selecting the application anew sets the card's security status back.
    pub async fn close(mut self) -> Result<(), KeyError> {
        self.ask(object::select()).await.map(drop)
    }

    async fn ask(&mut self, command: Command) -> Result<Vec<u8>, KeyError> {
        self.exchange(command).await.and_then(|answer| match answer.status {
            status::DONE => Ok(answer.data),
            other => Err(status::to_error(other)),
        })
    }

    /// Like `ask`, but one status word means something special to this verb.
    async fn ask_or(&mut self, command: Command, special: u16, error: KeyError) -> Result<Vec<u8>, KeyError> {
        self.exchange(command).await.and_then(|answer| match answer.status {
            status::DONE => Ok(answer.data),
            other if other == special => Err(error),
            other => Err(status::to_error(other)),
        })
    }

    /// One command; 61XX and 6CXX, by which a card asks to be asked again, end here.
    async fn exchange(&mut self, mut command: Command) -> Result<Answer, KeyError> {
        if command.data.len() > MAX_DATA {
            return Err(KeyError::NoRoom);
        }
        let mut collected = Vec::new();
        loop {
            let answer = Answer::decode(self.channel.exchange(&command.encode()).await?)?;
            collected.extend_from_slice(&answer.data);
            if collected.len() > MAX_DATA {
                return Err(KeyError::Transport("the answer does not end".into()));
            }
            match answer.status.to_be_bytes() {
                [0x61, more] => {
                    command = Command::new(set::GET_RESPONSE, 0, 0);
                    command.expected = if more == 0 { 0x100 } else { more.into() };
                }
                // Not executed, only measured: the card names the length it wants. It may do so once.
                [0x6C, exact] if command.expected != u32::from(exact) => command.expected = exact.into(),
                _ => return Ok(Answer { data: collected, status: answer.status }),
            }
        }
    }

    async fn get(&mut self, tag: u16) -> Result<Vec<u8>, KeyError> {
        let answer = self.ask(object::get(tag)).await?;
        object::value(tag, &answer)
    }

    async fn sign_hash(&mut self, hash: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        let raw = self.ask(pair::sign(hash)).await?;
        signature_der(&raw).ok_or_else(|| KeyError::Transport("the signature is not 64 bytes".into()))
    }

    async fn text(&mut self, tag: u16) -> Result<String, KeyError> {
        let bytes = self.get(tag).await?;
        String::from_utf8(bytes).map_err(|_| KeyError::Transport(format!("object {tag:04X} is not text")))
    }
}

impl<C: Channel> Key for ApduKey<C> {
    async fn identify(&mut self) -> Result<Identity, KeyError> {
        let life = match self.get(set::LIFE).await?[..] {
            [set::CREATION] => Life::Creation,
            _ => Life::Operational,
        };
        Ok(Identity { serial: self.text(set::SERIAL).await?, label: self.text(set::LABEL).await?, life })
    }

    async fn pin_info(&mut self, kind: PinKind) -> Result<PinInfo, KeyError> {
        let tag = match kind {
            PinKind::User => set::USER_TRIES,
            PinKind::Admin => set::ADMIN_TRIES,
        };
        match self.get(tag).await?[..] {
            [left, max] => Ok(PinInfo { left, max }),
            _ => Err(KeyError::Transport("the tries are not two bytes".into())),
        }
    }

    async fn verify_pin(&mut self, kind: PinKind, pin: &Pin) -> Result<(), KeyError> {
        self.ask(pin::verify(kind, pin)?).await.map(drop)
    }

    async fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin) -> Result<(), KeyError> {
        self.ask(pin::change(kind, old, new)?).await.map(drop)
    }

    async fn unblock(&mut self, admin: &Pin, new_user: &Pin) -> Result<(), KeyError> {
        self.ask(pin::unblock(admin, new_user)?).await.map(drop)
    }

    async fn initialise(&mut self, label: &str, admin: &Pin, user: &Pin) -> Result<(), KeyError> {
        let (admin, user) = (pin::set(PinKind::Admin, admin)?, pin::set(PinKind::User, user)?);
        self.ask_or(object::forget_all(), status::CONDITIONS, KeyError::AlreadyPersonalised).await?;
        self.ask(object::put(set::LABEL, cut(label).as_bytes())).await?;
        self.ask(admin).await?;
        self.ask(user).await.map(drop)
    }

    async fn generate(&mut self) -> Result<Point, KeyError> {
        let answer = self.ask_or(pair::generate(), status::CONDITIONS, KeyError::AlreadyPersonalised).await?;
        pair::generated(&answer)
    }

    async fn request(&mut self, subject: &NameParts) -> Result<Vec<u8>, KeyError> {
        let to_be_signed = request::to_be_signed(subject, &self.public_point(Slot::Sign).await?);
        let signature = self.sign(&to_be_signed).await?;
        Ok(request::assemble(&to_be_signed, &signature))
    }

    async fn import_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        let command = object::put(set::ENVELOPED_PAIR, enveloped);
        self.ask_or(command, status::WRONG_DATA, KeyError::BadEnvelope).await.map(drop)
    }

    async fn finish(&mut self) -> Result<(), KeyError> {
        self.ask_or(object::activate(), status::CONDITIONS, KeyError::AlreadyPersonalised).await.map(drop)
    }

    async fn public_point(&mut self, slot: Slot) -> Result<Point, KeyError> {
        let tag = match slot {
            Slot::Sign => set::SIGN_POINT,
            Slot::Encrypt => set::ENCRYPT_POINT,
            Slot::NextSign => set::NEXT_SIGN_POINT,
            Slot::NextEncrypt => set::NEXT_ENCRYPT_POINT,
            Slot::PastEncrypt(number) => {
                let past = self.list_past().await?;
                return past.get(usize::from(number)).copied().ok_or(KeyError::NotFound);
            }
        };
        let point = self.get(tag).await?;
        point
            .try_into()
            .map_err(|_| KeyError::Transport("the public key is not an uncompressed point".into()))
    }

    async fn write_certificate(&mut self, slot: Slot, der: &[u8]) -> Result<(), KeyError> {
        let facts = certificate_facts::read(der).ok_or(KeyError::BadCertificate)?;
        if facts.point != Some(self.public_point(slot).await?) {
            return Err(KeyError::BadCertificate);
        }
        self.ask(object::put(certificate_tag(slot), der)).await.map(drop)
    }

    async fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError> {
        match self.get(certificate_tag(slot)).await {
            Ok(der) => Ok(Some(der)),
            Err(KeyError::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    async fn generate_next(&mut self) -> Result<Point, KeyError> {
        let answer = self.ask(pair::generate_next()).await?;
        pair::generated(&answer)
    }

    async fn import_next_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        let command = object::put(set::NEXT_ENVELOPED_PAIR, enveloped);
        self.ask_or(command, status::WRONG_DATA, KeyError::BadEnvelope).await.map(drop)
    }

    async fn switch(&mut self) -> Result<(), KeyError> {
        self.ask(object::switch()).await.map(drop)
    }

    /// The key opens them all with the signing pair in use.
    async fn prepare_past(&mut self, pairs: u8) -> Result<Vec<Point>, KeyError> {
        Ok(vec![self.public_point(Slot::Sign).await?; pairs.into()])
    }

    async fn import_past_pair(&mut self, _place: &Point, enveloped: &[u8]) -> Result<(), KeyError> {
        let command = object::put(set::PAST_ENVELOPED_PAIR, enveloped);
        self.ask_or(command, status::WRONG_DATA, KeyError::BadEnvelope).await.map(drop)
    }

    async fn list_past(&mut self) -> Result<Vec<Point>, KeyError> {
        let (points, rest) = match self.get(set::PAST_POINTS).await {
            Ok(points) => {
                let (points, rest) = points.as_chunks::<65>();
                (points.to_vec(), rest.to_vec())
            }
            // A key of before knows of no past.
            Err(KeyError::NotFound) => return Ok(Vec::new()),
            Err(other) => return Err(other),
        };
        match rest.is_empty() {
            true => Ok(points),
            false => Err(KeyError::Transport("the past is not a list of public keys".into())),
        }
    }

    async fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let hash = signing_hash(&self.public_point(Slot::Sign).await?, message);
        self.sign_hash(&hash).await
    }

    async fn sign_next(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let hash = signing_hash(&self.public_point(Slot::NextSign).await?, message);
        self.ask(pair::sign_with(set::NEXT)).await?;
        self.sign_hash(&hash).await
    }

    async fn decrypt(&mut self, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.ask_or(pair::decipher(cipher), status::WRONG_DATA, KeyError::BadEnvelope).await
    }

    async fn decrypt_with(&mut self, slot: Slot, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        let reference = match slot {
            Slot::Encrypt => return self.decrypt(cipher).await,
            Slot::NextEncrypt => set::NEXT,
            Slot::PastEncrypt(number) if number < set::MOST_PAST => set::PAST + number,
            Slot::Sign | Slot::NextSign | Slot::PastEncrypt(_) => return Err(KeyError::NotFound),
        };
        self.ask(pair::decipher_with(reference)).await?;
        self.decrypt(cipher).await
    }
}

/// As many whole characters as fit into the label of a key.
fn cut(label: &str) -> &str {
    &label[..label.floor_char_boundary(set::LABEL_BYTES)]
}

fn certificate_tag(slot: Slot) -> u16 {
    match slot {
        Slot::Sign => set::SIGN_CERTIFICATE,
        Slot::Encrypt => set::ENCRYPT_CERTIFICATE,
        Slot::NextSign => set::NEXT_SIGN_CERTIFICATE,
        Slot::NextEncrypt => set::NEXT_ENCRYPT_CERTIFICATE,
        Slot::PastEncrypt(number) => set::PAST_CERTIFICATES + u16::from(number),
    }
}
