//! The verbs of a key in PKCS#11 calls. Certificates are told apart by their keyUsage, pairs by the certificate's CKA_ID.

use cryptoki::{
    context::Pkcs11,
    mechanism::{Mechanism, MechanismType, vendor_defined::VendorDefinedMechanism},
    object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot as Place,
    types::AuthPin,
};
use key::{
    KeyError, Pin, certificate_facts,
    key::{Identity, Key, Life, PinInfo, PinKind, Slot},
    message::NameParts,
    request,
    signing::{Point, signature_der, signing_hash},
};

use super::{Habits, fault};

pub struct Pkcs11Key {
    library: Pkcs11,
    place: Place,
    session: Session,
    habits: Habits,
}

/// A certificate on the token, and what names its pair.
struct Certificate {
    der: Vec<u8>,
    id: Vec<u8>,
}

impl Pkcs11Key {
    pub fn open(library: Pkcs11, place: Place, habits: Habits) -> Result<Self, KeyError> {
        let session = library.open_rw_session(place).map_err(fault)?;
        Ok(Self { library, place, session, habits })
    }

    fn certificates(&self) -> Result<Vec<Certificate>, KeyError> {
        let wanted = [
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
        ];
        let found = self.session.find_objects(&wanted).map_err(fault)?;
        found.into_iter().map(|object| self.certificate(object)).collect()
    }

    fn certificate(&self, object: ObjectHandle) -> Result<Certificate, KeyError> {
        let wanted = [AttributeType::Value, AttributeType::Id];
        let mut certificate = Certificate { der: Vec::new(), id: Vec::new() };
        for attribute in self.session.get_attributes(object, &wanted).map_err(fault)? {
            match attribute {
                Attribute::Value(der) => certificate.der = der,
                Attribute::Id(id) => certificate.id = id,
                _ => {}
            }
        }
        Ok(certificate)
    }

    /// The newest certificate for this purpose: after a renewal the old one stays on such tokens.
    fn in_use(&self, slot: Slot) -> Result<Option<Certificate>, KeyError> {
        let sign = match slot {
            Slot::Sign => true,
            Slot::Encrypt => false,
            _ => return Ok(None),
        };
        let from = |certificate: &Certificate| {
            certificate_facts::read(&certificate.der).and_then(|facts| facts.validity).unwrap_or_default()
        };
        let fits = |certificate: &Certificate| certificate_facts::may_sign(&certificate.der) == Some(sign);
        Ok(self.certificates()?.into_iter().filter(fits).max_by_key(from))
    }

    fn point(&self, slot: Slot) -> Result<(Point, Vec<u8>), KeyError> {
        let certificate = self.in_use(slot)?.ok_or(KeyError::NotFound)?;
        let facts = certificate_facts::read(&certificate.der).and_then(|facts| facts.point);
        Ok((facts.ok_or(KeyError::NotFound)?, certificate.id))
    }

    fn login(&self, kind: PinKind, pin: &Pin) -> Result<(), KeyError> {
        if !pin.fits() {
            return Err(KeyError::PinRule);
        }
        // A token takes one login at a time; the one of before is over whatever comes of this one.
        let _ = self.session.logout();
        let whose = match kind {
            PinKind::User => UserType::User,
            PinKind::Admin => UserType::So,
        };
        let done = self.session.login(whose, Some(&auth(pin))).map_err(fault);
        done.map_err(|error| self.with_tries(kind, error))
    }

    /// A token says when few tries are left, and when one is; never how many.
    fn with_tries(&self, kind: PinKind, error: KeyError) -> KeyError {
        match (&error, self.tries(kind)) {
            (KeyError::PinRefused, Ok(Some(0))) => KeyError::PinLocked,
            (KeyError::PinRefused, Ok(Some(left))) => KeyError::PinWrong { left },
            _ => error,
        }
    }

    fn tries(&self, kind: PinKind) -> Result<Option<u8>, KeyError> {
        let info = self.library.get_token_info(self.place).map_err(fault)?;
        let (locked, last) = match kind {
            PinKind::User => (info.user_pin_locked(), info.user_pin_final_try()),
            PinKind::Admin => (info.so_pin_locked(), info.so_pin_final_try()),
        };
        Ok(if locked { Some(0) } else { last.then_some(1) })
    }

    fn sign_raw(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let number = self.habits.sm2_sign.ok_or(KeyError::Unsupported)?;
        let (point, id) = self.point(Slot::Sign)?;
        let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id)];
        let found = self.session.find_objects(&wanted).map_err(fault)?;
        // Private objects are seen by who is logged in, and by nobody else.
        let pair = *found.first().ok_or(KeyError::NotLoggedIn)?;
        // CK_ULONG has 32 bits on Windows and 64 elsewhere.
        let kind = MechanismType::new_vendor_defined(number.into()).map_err(|_| KeyError::Unsupported)?;
        let mechanism = Mechanism::VendorDefined(VendorDefinedMechanism::new::<()>(kind, None));
        let signature = self.session.sign(&mechanism, pair, &signing_hash(&point, message)).map_err(fault)?;
        // r ‖ s, or DER already.
        Ok(signature_der(&signature).unwrap_or(signature))
    }
}

fn auth(pin: &Pin) -> AuthPin {
    AuthPin::new(pin.reveal().to_owned().into())
}

impl Key for Pkcs11Key {
    async fn identify(&mut self) -> Result<Identity, KeyError> {
        let info = self.library.get_token_info(self.place).map_err(fault)?;
        let life = match self.in_use(Slot::Sign)? {
            Some(_) => Life::Operational,
            None => Life::Creation,
        };
        let (serial, label) = (info.serial_number().trim(), info.label().trim());
        Ok(Identity { serial: serial.into(), label: label.into(), life })
    }

    /// `Unsupported` until the token warns.
    async fn pin_info(&mut self, kind: PinKind) -> Result<PinInfo, KeyError> {
        let info = self.library.get_token_info(self.place).map_err(fault)?;
        if kind == PinKind::User && !info.user_pin_initialized() {
            return Err(KeyError::NotFound);
        }
        let left = self.tries(kind)?.ok_or(KeyError::Unsupported)?;
        Ok(PinInfo { left, max: 1 })
    }

    async fn verify_pin(&mut self, kind: PinKind, pin: &Pin) -> Result<(), KeyError> {
        self.login(kind, pin)
    }

    async fn change_pin(&mut self, kind: PinKind, old: &Pin, new: &Pin) -> Result<(), KeyError> {
        if !new.fits() {
            return Err(KeyError::PinRule);
        }
        self.login(kind, old)?;
        self.session.set_pin(&auth(old), &auth(new)).map_err(fault)
    }

    async fn unblock(&mut self, admin: &Pin, new_user: &Pin) -> Result<(), KeyError> {
        if !new_user.fits() {
            return Err(KeyError::PinRule);
        }
        self.login(PinKind::Admin, admin)?;
        let done = self.session.init_pin(&auth(new_user)).map_err(fault);
        let _ = self.session.logout();
        done
    }

    async fn public_point(&mut self, slot: Slot) -> Result<Point, KeyError> {
        self.point(slot).map(|(point, _)| point)
    }

    /// Only in place of one for the same pair.
    async fn write_certificate(&mut self, slot: Slot, der: &[u8]) -> Result<(), KeyError> {
        let facts = certificate_facts::read(der).ok_or(KeyError::BadCertificate)?;
        let (point, id) = self.point(slot)?;
        if facts.point != Some(point) {
            return Err(KeyError::BadCertificate);
        }
        if self.certificates()?.iter().any(|known| known.der == der) {
            return Ok(());
        }
        let subject = certificate_facts::subject(der).ok_or(KeyError::BadCertificate)?;
        let new = [
            Attribute::Class(ObjectClass::CERTIFICATE),
            Attribute::CertificateType(CertificateType::X_509),
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::Id(id),
            Attribute::Subject(subject),
            Attribute::Value(der.to_vec()),
        ];
        self.session.create_object(&new).map(drop).map_err(fault)
    }

    async fn read_certificate(&mut self, slot: Slot) -> Result<Option<Vec<u8>>, KeyError> {
        Ok(self.in_use(slot)?.map(|certificate| certificate.der))
    }

    async fn request(&mut self, subject: &NameParts) -> Result<Vec<u8>, KeyError> {
        let to_be_signed = request::to_be_signed(subject, &self.point(Slot::Sign)?.0);
        let signature = self.sign_raw(&to_be_signed)?;
        Ok(request::assemble(&to_be_signed, &signature))
    }

    async fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign_raw(message)
    }

    // What follows PKCS#11 has no words for: an application with its PINs, an envelope, a generation.

    async fn initialise(&mut self, _label: &str, _admin: &Pin, _user: &Pin) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn generate(&mut self) -> Result<Point, KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn import_pair(&mut self, _enveloped: &[u8]) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn finish(&mut self) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn generate_next(&mut self) -> Result<Point, KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn import_next_pair(&mut self, _enveloped: &[u8]) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn switch(&mut self) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn prepare_past(&mut self, _pairs: u8) -> Result<Vec<Point>, KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn import_past_pair(&mut self, _place: &Point, _enveloped: &[u8]) -> Result<(), KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn list_past(&mut self) -> Result<Vec<Point>, KeyError> {
        Ok(Vec::new())
    }

    async fn sign_next(&mut self, _message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn decrypt(&mut self, _cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Unsupported)
    }

    async fn decrypt_with(&mut self, _slot: Slot, _cipher: &[u8]) -> Result<Vec<u8>, KeyError> {
        Err(KeyError::Unsupported)
    }
}
