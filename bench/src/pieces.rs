//! `bench pieces`: a certificate taken apart. What each step of its road costs by itself, without HTTP, threads and store:
//! where to look when a figure of `bench issue` falls.

use crate::Failure;
use crate::bound::cost;
use crate::dice::Dice;
use crate::requests;
use certificate::digest::spki_digest;
use certificate::extension::Places;
use certificate::profile::{ORGANISATION_P256, ORGANISATION_SIGNING};
use certificate::{
    Authority, Draft, Facts, KeyKind, Name, NameParts, Profile, Request, Serial, Signer, SoftwareKey,
    Validity, sm3,
};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;

/// Prints microseconds of CPU for each step, for a P-256 certificate and for the signing half of an SM2 pair.
///
/// # Errors
/// None that a machine with dice has.
pub fn table() -> Result<(), Failure> {
    for (kind, profile) in [(KeyKind::P256, &ORGANISATION_P256), (KeyKind::Sm2, &ORGANISATION_SIGNING)] {
        println!("microseconds of CPU, {}", profile.name);
        pieces(kind, profile)?;
    }
    Ok(())
}

fn pieces(kind: KeyKind, profile: &'static Profile) -> Result<(), Failure> {
    let say = |what: &str, micros: f64| println!("{what:<34} {micros:8.1}");
    let (issuer, key) = issuer(kind)?;
    let asked = requests::make(kind, 1)?.remove(0);
    let request = Request::verify_for(&asked.der, profile)?;
    say(
        "request read, possession proven",
        cost(|| {
            black_box(Request::verify_for(&asked.der, profile).expect("a good request"));
        }),
    );
    say("name", cost(|| drop(black_box(Name::from_parts(&asked.name).expect("a good name")))));
    let mut dice = Dice::default();
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let facts = Facts {
        serial: Serial::generate(&mut dice)?,
        subject: Name::from_parts(&asked.name)?,
        spki: request.spki.clone(),
        validity: Validity { not_before: now, not_after: now + 365 * DAY },
        identity_codes: Vec::new(),
    };
    let places = places();
    let draft = || Draft::new(profile, &issuer.certificate, &places, &facts).expect("a good draft");
    let drafted = cost(|| drop(black_box(draft())));
    say("draft", drafted);
    say("lints", cost(|| drop(black_box(draft().lint().expect("nothing found")))) - drafted);
    let ready = || draft().lint().expect("nothing found").to_be_signed();
    let bytes = ready().bytes().to_vec();
    say("signature", cost(|| drop(black_box(key.sign(&bytes).expect("a key of ours signs")))));
    let signature = key.sign(&bytes)?;
    let meant = cost(|| drop(black_box(ready())));
    let attached = cost(|| drop(black_box(ready().attach(&signature).expect("a good signature")))) - meant;
    say("read back and compared", attached);
    say(
        "digest of the bytes (SM3)",
        cost(|| {
            black_box(sm3(&bytes));
        }),
    );
    say(
        "digest of the key (SM3)",
        cost(|| {
            black_box(spki_digest(&facts.spki));
        }),
    );
    let certificate = ready().attach(&signature)?.into_certificate();
    say("PEM", cost(|| drop(black_box(certificate.to_pem()))));
    println!("certificate: {} bytes, to be signed: {}", certificate.der().len(), bytes.len());
    Ok(())
}

/// An authority that has signed before, so that its key has its table.
fn issuer(kind: KeyKind) -> Result<(Authority, Arc<SoftwareKey>), Failure> {
    let mut dice = Dice::default();
    let key = Arc::new(SoftwareKey::generate(kind, &mut dice)?);
    let name = NameParts { common_name: Some("Bench CA".to_owned()), ..NameParts::default() };
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    let signer = key.clone() as Arc<dyn Signer>;
    let root = Authority::new_root(&Name::from_parts(&name)?, signer, now - DAY, &mut dice)?;
    root.certificate.expect_many_signatures();
    Ok((root, key))
}

/// As an office writes them.
fn places() -> Places {
    let at = |path: &str| vec![format!("http://status.ca.example/{path}")];
    Places {
        crl_urls: at("crl/issuing.crl"),
        issuer_urls: at("authority/issuing.crt"),
        ocsp_urls: at("ocsp/issuing"),
        ..Places::default()
    }
}
