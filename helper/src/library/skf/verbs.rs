//! The verbs of a key in SKF calls.

use key::{
    KeyError, Pin, certificate_facts,
    key::{Identity, Key, Life, PinInfo, PinKind, Slot},
    message::NameParts,
    request,
    signing::Point,
    skf::{ADMIN, LABEL_BYTES, USER, blob},
};

use super::{
    Decrypt, generations,
    key::{SkfKey, bad_envelope},
};

/// Decision A30: locked after ten wrong PINs.
const TRIES: u32 = 10;

impl Key for SkfKey {
    async fn identify(&mut self) -> Result<Identity, KeyError> {
        self.identity()
    }

    async fn pin_info(&mut self, kind: PinKind) -> Result<PinInfo, KeyError> {
        let application = self.application()?;
        let (max, left) = self.library.pin_info(application, whose(kind))?;
        Ok(PinInfo { left: left.min(255) as u8, max: max.min(255) as u8 })
    }

    async fn verify_pin(&mut self, kind: PinKind, pin: &Pin) -> Result<(), KeyError> {
        let application = self.application()?;
        self.library.verify_pin(application, whose(kind), pin)
    }

    async fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin) -> Result<(), KeyError> {
        let application = self.application()?;
        self.library.change_pin(application, whose(kind), old, new)
    }

    async fn unblock(&mut self, admin: &Pin, new_user: &Pin) -> Result<(), KeyError> {
        let application = self.application()?;
        self.library.unblock(application, admin, new_user)
    }

    async fn initialise(&mut self, label: &str, admin: &Pin, user: &Pin) -> Result<(), KeyError> {
        if !admin.fits() || !user.fits() {
            return Err(KeyError::PinRule);
        }
        if self.identity()?.life == Life::Operational {
            return Err(KeyError::AlreadyPersonalised);
        }
        self.authenticate()?;
        self.let_go();
        match self.library.delete_application(self.device, &self.habits.application) {
            Ok(()) | Err(KeyError::NotFound) => {}
            Err(error) => return Err(error),
        }
        self.library.set_label(self.device, &label[..label.floor_char_boundary(LABEL_BYTES)])?;
        let pins = (admin, user);
        let made = self.library.create_application(self.device, &self.habits.application, pins, TRIES)?;
        self.application = Some(made);
        Ok(())
    }

    async fn generate(&mut self) -> Result<Point, KeyError> {
        if self.identity()?.life == Life::Operational {
            return Err(KeyError::AlreadyPersonalised);
        }
        self.make(1)
    }

    async fn request(&mut self, subject: &NameParts) -> Result<Vec<u8>, KeyError> {
        let to_be_signed = request::to_be_signed(subject, &self.point(Slot::Sign)?);
        let signature = self.sign_raw(Slot::Sign, &to_be_signed)?;
        Ok(request::assemble(&to_be_signed, &signature))
    }

    async fn import_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        self.in_creation()?;
        self.import(Slot::Encrypt, enveloped)
    }

    async fn finish(&mut self) -> Result<(), KeyError> {
        match self.identity()?.life {
            Life::Operational => Ok(()),
            Life::Creation => Err(KeyError::NotFound),
        }
    }

    async fn public_point(&mut self, slot: Slot) -> Result<Point, KeyError> {
        self.point(slot)
    }

    async fn write_certificate(&mut self, slot: Slot, der: &[u8]) -> Result<(), KeyError> {
        let facts = certificate_facts::read(der).ok_or(KeyError::BadCertificate)?;
        if facts.point != Some(self.point(slot)?) {
            return Err(KeyError::BadCertificate);
        }
        if matches!(slot, Slot::Sign | Slot::Encrypt) {
            self.in_creation()?;
        }
        let (container, sign) = self.slot(slot)?;
        self.library.import_certificate(container, sign, der)
    }

    async fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError> {
        self.certificate(slot)
    }

    async fn generate_next(&mut self) -> Result<Point, KeyError> {
        if self.identity()?.life == Life::Creation {
            return Err(KeyError::Denied);
        }
        let (application, generations) = (self.application()?, self.generations()?);
        let number = generations.number_of_next();
        self.close_containers();
        if !generations.is_marked(number) {
            let mark = generations::mark(&self.habits.container, number);
            let made = self.library.create_container(application, &mark)?;
            self.library.close_container(made);
        }
        if generations.next() == Some(number) {
            // What was begun before; a library that writes over it needs no deleting.
            let begun = generations::name(&self.habits.container, number);
            let _ = self.library.delete_container(application, &begun);
        }
        self.make(number)
    }

    async fn import_next_pair(&mut self, enveloped: &[u8]) -> Result<(), KeyError> {
        self.import(Slot::NextEncrypt, enveloped)
    }

    async fn switch(&mut self) -> Result<(), KeyError> {
        for slot in [Slot::NextSign, Slot::NextEncrypt] {
            self.certificate(slot)?.ok_or(KeyError::NotFound)?;
        }
        let (application, generations) = (self.application()?, self.generations()?);
        let mark = generations::mark(&self.habits.container, generations.number_of_next());
        self.close_containers();
        self.library.delete_container(application, &mark)?;
        // SKF forgets no single pair; a fresh one in its place does. It is no part of the switch.
        if let Some(old) = generations.in_use() {
            let _ = self.container(old).and_then(|container| self.library.generate(container));
        }
        self.generations = None;
        Ok(())
    }

    async fn prepare_past(&mut self, pairs: u8) -> Result<Vec<Point>, KeyError> {
        match self.identity()?.life {
            Life::Operational => self.prepare(pairs),
            Life::Creation => Err(KeyError::Denied),
        }
    }

    async fn import_past_pair(&mut self, place: &Point, enveloped: &[u8]) -> Result<(), KeyError> {
        self.bring(place, enveloped)
    }

    async fn list_past(&mut self) -> Result<Vec<Point>, KeyError> {
        self.past_points()
    }

    async fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign_raw(Slot::Sign, message)
    }

    async fn sign_next(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign_raw(Slot::NextSign, message)
    }

    async fn decrypt(&mut self, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.decrypt_with(Slot::Encrypt, cipher).await
    }

    async fn decrypt_with(&mut self, slot: Slot, cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        let blob = blob::cipher(cipher).ok_or(KeyError::BadEnvelope)?;
        let (container, sign) = self.slot(slot)?;
        if sign {
            return Err(KeyError::NotFound);
        }
        match self.habits.decrypt {
            Decrypt::No => Err(KeyError::Unsupported),
            Decrypt::EccDecrypt => self.library.ecc_decrypt(container, &blob),
            Decrypt::PrivateKeyDecrypt => self.library.private_key_decrypt(container, &blob),
        }
        .map_err(bad_envelope)
    }
}

fn whose(kind: PinKind) -> u32 {
    match kind {
        PinKind::User => USER,
        PinKind::Admin => ADMIN,
    }
}
