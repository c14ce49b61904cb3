//! What the ring's checks and its log cost beside the bare signature, by CPU time of this process:
//! `cargo run --release -p signer --example overhead`.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::sync::Arc;

use certificate::digest::spki_digest;
use certificate::extension::Places;
use certificate::profile::ORGANISATION_SIGNING;
use certificate::{
    Certificate, Draft, Facts, KeyKind, Name, NameParts, Serial, Signer, SoftwareKey, ToBeSigned, Validity,
};
use signer::{
    Ceremony, Grant, Keyring, KeyringSettings, NewKey, SharedSecret, SigningDesk, Slot, TokenMaker, Work,
};

const NOW: i64 = 1_790_000_000;
const BATCH: usize = 256;
const BATCHES: usize = 60;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for kind in [KeyKind::Sm2, KeyKind::P256] {
        let folder = tempfile::tempdir()?;
        let settings = KeyringSettings {
            key_dir: folder.path().join("keys"),
            passphrase_file: Some(folder.path().join("passphrase")),
            log_file: folder.path().join("acts.log"),
            demo: true,
            keys: Default::default(),
            devices: Default::default(),
        };
        let clock: signer::Clock = Arc::new(|| NOW);
        let mut ceremony = Ceremony::open(&settings, clock.clone())?;
        ceremony.new_root("root", NewKey::File(kind), &name("Root")?)?;
        let issuer =
            ceremony.new_issuing("issuing", "root", NewKey::File(kind), &name("I")?, &Places::default())?;
        drop(ceremony);
        let secret = SharedSecret::generate()?;
        let ring = Keyring::open(&settings, &secret, clock)?;
        let maker = TokenMaker::new(&secret);
        let drafts: Vec<ToBeSigned> = (0..BATCH).map(|_| draft(&issuer)).collect::<Result<_, _>>()?;
        let batches = |from: usize,
                       make: fn(&TokenMaker, &ToBeSigned, usize, usize) -> Work|
         -> Vec<Vec<Work>> {
            let one = |batch| drafts.iter().enumerate().map(|(n, it)| make(&maker, it, batch, n)).collect();
            (from..from + BATCHES).map(one).collect()
        };

        let key = SoftwareKey::generate(kind, &mut getrandom::SysRng)?;
        let bare = cpu(|| {
            for _ in 0..BATCHES {
                for draft in &drafts {
                    key.sign(draft.bytes()).expect("a key in memory signs");
                }
            }
        })?;
        let through_ring = |batches: Vec<Vec<Work>>| {
            cpu(|| {
                for batch in batches {
                    let signed = runtime.block_on(ring.sign("issuing", batch));
                    assert!(signed.iter().all(Result::is_ok));
                }
            })
        };
        let linted = through_ring(batches(0, drafted))?;
        let bytes = through_ring(batches(BATCHES, recorded))?;
        let each = 1e6 / (BATCH * BATCHES) as f64;
        println!(
            "{}: bare {:.1} µs, with checks and log {:.1} µs ({:+.1} %), linted again {:.1} µs ({:+.1} %)",
            kind.code(),
            bare * each,
            linted * each,
            (linted / bare - 1.0) * 100.0,
            bytes * each,
            (bytes / bare - 1.0) * 100.0
        );
    }
    Ok(())
}

fn draft(issuer: &Certificate) -> Result<ToBeSigned, Box<dyn std::error::Error>> {
    let facts = Facts {
        serial: Serial::generate(&mut getrandom::SysRng)?,
        subject: name("Some holder")?,
        spki: SoftwareKey::generate(KeyKind::Sm2, &mut getrandom::SysRng)?.spki(),
        validity: Validity { not_before: NOW, not_after: NOW + 86_400 },
        identity_codes: Vec::new(),
    };
    let draft = Draft::new(&ORGANISATION_SIGNING, issuer, &Places::default(), &facts)?;
    Ok(draft.lint().map_err(|findings| format!("{findings:?}"))?.to_be_signed())
}

/// The draft is at hand, as on the office's road.
fn drafted(maker: &TokenMaker, draft: &ToBeSigned, batch: usize, n: usize) -> Work {
    Work::certificate(draft, maker.make(grant(draft, batch, n)))
}

/// Only its bytes are, as after a crash or in another process.
fn recorded(maker: &TokenMaker, draft: &ToBeSigned, batch: usize, n: usize) -> Work {
    let profile = ORGANISATION_SIGNING.name.to_owned();
    let token = maker.make(grant(draft, batch, n));
    Work::Certificate { profile, to_be_signed: draft.bytes().to_vec(), token }
}

fn grant(draft: &ToBeSigned, batch: usize, n: usize) -> Grant {
    Grant {
        issuer: "issuing".to_owned(),
        profile: ORGANISATION_SIGNING.name.to_owned(),
        spki_digest: spki_digest(&draft.subject_spki()),
        case: format!("order {batch}/{n}"),
        slot: Slot::Sign,
        expires_at: NOW + 60,
    }
}

fn name(common: &str) -> Result<Name, Box<dyn std::error::Error>> {
    let parts = NameParts {
        country: Some("CN".to_owned()),
        organisation: Some("Certhall".to_owned()),
        common_name: Some(common.to_owned()),
        ..NameParts::default()
    };
    Ok(Name::from_parts(&parts)?)
}

/// Seconds that the process spent, in user mode and in the kernel (proc(5), stat: fields 14 and 15, ticks of 10 ms).
fn cpu(act: impl FnOnce()) -> Result<f64, Box<dyn std::error::Error>> {
    let before = ticks()?;
    act();
    Ok((ticks()? - before) as f64 / 100.0)
}

fn ticks() -> Result<u64, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<&str> = after.split(' ').collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}
