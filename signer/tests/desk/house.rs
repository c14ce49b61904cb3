//! A demo house in a folder of its own: root, issuing authority, secret, a clock that the test moves.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use certificate::digest::spki_digest;
use certificate::extension::Places;
use certificate::profile::ORGANISATION_SIGNING;
use certificate::{
    Certificate, Draft, Facts, KeyKind, Name, NameParts, Profile, Serial, Signer, SoftwareKey, ToBeSigned,
    Validity,
};
use signer::{
    Ceremony, Clock, Grant, Keyring, KeyringSettings, NewKey, OpenError, OrderToken, SharedSecret, Slot,
    TokenMaker, Work,
};

pub const DAY: i64 = 24 * 60 * 60;
pub const NOW: i64 = 1_790_000_000;

pub struct House {
    pub folder: tempfile::TempDir,
    pub settings: KeyringSettings,
    pub secret: SharedSecret,
    pub now: Arc<AtomicI64>,
}

impl House {
    /// Root and issuing authority of that kind, named `root` and `issuing`.
    pub fn new(kind: KeyKind) -> House {
        let house = House::empty();
        house.make(kind);
        house
    }

    pub fn make(&self, kind: KeyKind) {
        let mut ceremony = self.ceremony();
        ceremony.new_root("root", NewKey::File(kind), &name("Root")).unwrap();
        let places = Places::default();
        ceremony.new_issuing("issuing", "root", NewKey::File(kind), &name("Issuing"), &places).unwrap();
    }

    pub fn empty() -> House {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let secret = SharedSecret::generate().unwrap();
        House { folder, settings, secret, now: Arc::new(AtomicI64::new(NOW)) }
    }

    pub fn clock(&self) -> Clock {
        let now = self.now.clone();
        Arc::new(move || now.load(Ordering::Relaxed))
    }

    pub fn ceremony(&self) -> Ceremony<'_> {
        Ceremony::open(&self.settings, self.clock()).unwrap()
    }

    pub fn try_open(&self) -> Result<Keyring, OpenError> {
        Keyring::open(&self.settings, &self.secret, self.clock())
    }

    pub fn open(&self) -> Keyring {
        self.try_open().unwrap()
    }

    pub fn certificate(&self, name: &str) -> Certificate {
        let file = self.settings.key_dir.join(format!("{name}.crt"));
        Certificate::from_pem(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.settings.log_file).unwrap()
    }

    pub fn token(&self, grant: Grant) -> OrderToken {
        TokenMaker::new(&self.secret).make(grant)
    }

    /// Somebody's signing certificate, to be signed by `issuing`.
    pub fn draft(&self) -> ToBeSigned {
        self.draft_of(&ORGANISATION_SIGNING, &subject_key())
    }

    pub fn draft_of(&self, profile: &'static Profile, spki: &[u8]) -> ToBeSigned {
        let facts = Facts {
            serial: Serial::generate(&mut getrandom::SysRng).unwrap(),
            subject: name("Some holder"),
            spki: spki.to_vec(),
            validity: Validity { not_before: (self.clock())(), not_after: (self.clock())() + 30 * DAY },
            identity_codes: Vec::new(),
        };
        let draft = Draft::new(profile, &self.certificate("issuing"), &Places::default(), &facts).unwrap();
        draft.lint().unwrap().to_be_signed()
    }

    /// The work for a draft under a case, with a good token.
    pub fn work(&self, draft: &ToBeSigned, case: &str) -> Work {
        self.work_with(draft, grant(draft, case))
    }

    pub fn work_with(&self, draft: &ToBeSigned, grant: Grant) -> Work {
        let profile = ORGANISATION_SIGNING.name.to_owned();
        Work::Certificate { profile, to_be_signed: draft.bytes().to_vec(), token: self.token(grant) }
    }
}

pub fn grant(draft: &ToBeSigned, case: &str) -> Grant {
    Grant {
        issuer: "issuing".to_owned(),
        profile: ORGANISATION_SIGNING.name.to_owned(),
        spki_digest: spki_digest(&draft.subject_spki()),
        case: case.to_owned(),
        slot: Slot::Sign,
        expires_at: NOW + 300,
    }
}

pub fn settings(folder: &Path) -> KeyringSettings {
    KeyringSettings {
        key_dir: folder.join("authority-keys"),
        passphrase_file: Some(folder.join("passphrase")),
        log_file: folder.join("acts.log"),
        demo: true,
        keys: Default::default(),
        devices: Default::default(),
    }
}

pub fn subject_key() -> Vec<u8> {
    SoftwareKey::generate(KeyKind::Sm2, &mut getrandom::SysRng).unwrap().spki()
}

pub fn name(common: &str) -> Name {
    let parts = NameParts {
        country: Some("CN".to_owned()),
        organisation: Some("Certhall".to_owned()),
        common_name: Some(common.to_owned()),
        ..NameParts::default()
    };
    Name::from_parts(&parts).unwrap()
}
