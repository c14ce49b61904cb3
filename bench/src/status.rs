//! `bench status`: how certificates stand, asked over HTTP.

use crate::cfssl::Cfssl;
use crate::dice::Dice;
use crate::load::{self, Target, Turn, find};
use crate::office::{House, Open, P256_PROFILE, issue_call, issued};
use crate::requests;
use crate::{Failure, Plan, bound, cpu, figure, fill};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use certificate::key_kind::KeyKind;
use certificate::revocation::{self, Contents, Entry, Reason};
use certificate::software_key::SoftwareKey;
use certificate::status::{Answer, CertificateId, Hash, Standing, StatusRequest, StatusResponse};
use certificate::{Authority, Certificate, Name, NameParts, Signer, rand_core::TryRng, status};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::process::Command;

const ROUNDS: usize = 5;
/// Different certificates that are asked about; both sides hold as many answers.
const SERIALS: usize = 5_000;
const CACHED_CALLS: usize = 60_000;
const LIVE_CALLS: usize = 3_000;
/// Certificates of the small store: enough to ask about.
const FEW: usize = 10_000;
const MILLION: usize = 1_000_000;
type Blobs = Vec<Vec<u8>>;

const OCSP: &str = "application/ocsp-request";

pub async fn run(plan: &Plan) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let small = prepare(plan, folder.path().join("small"), FEW).await?;
    let office = small.open().await?;
    if plan.wants("ocsp-cached") {
        cached(plan, folder.path(), &small, &office).await?;
    }
    if plan.wants("ocsp-cached-1m") {
        with_a_million(plan, folder.path(), &small, &office).await?;
    }
    if plan.wants("ocsp-live") {
        live(plan, &small, &office).await?;
    }
    if plan.wants("crl-1m") {
        list(plan, folder.path()).await?;
    }
    office.close().await
}

/// A closed office with so many certificates of the P-256 authority and of the SM2 one.
async fn prepare(plan: &Plan, folder: std::path::PathBuf, count: usize) -> Result<House, Failure> {
    let house = House::build(&plan.server, folder)?;
    let office = house.open().await?;
    for (kind, profile) in [(KeyKind::P256, P256_PROFILE), (KeyKind::Sm2, "organisation")] {
        let request = requests::make(kind, 1)?.pop().ok_or("one request")?;
        let call = issue_call(&format!("first-{profile}"), profile, &request);
        load::run(&office.target, &[call], 1, 1, issued).await?;
    }
    office.close().await?;
    fill::with_certificates(&house.database(), count).await?;
    Ok(house)
}

/// What is asked about these certificates, once by POST and once by GET.
fn questions(issuer: &str, certificate: &Certificate, serials: &[Vec<u8>]) -> (Blobs, Blobs) {
    let asked = serials.iter().map(|serial| {
        let ids = vec![CertificateId::new(Hash::Sha1, certificate, serial)];
        let der = StatusRequest { ids, nonce: None }.to_der();
        let text = in_address(&der);
        (load::post(&format!("/ocsp/{issuer}"), OCSP, "", &der), load::get(&format!("/ocsp/{issuer}/{text}")))
    });
    asked.unzip()
}

/// As browsers do: base64 in the path, its special characters escaped.
fn in_address(question: &[u8]) -> String {
    BASE64.encode(question).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// OCSPResponse with the status "successful".
fn successful(body: &[u8]) -> bool {
    find(&body[..body.len().min(12)], &[0x0a, 1, 0]).is_some()
}

/// From memory, beside `cfssl ocspserve`, which holds the same number of answers in memory.
async fn cached(plan: &Plan, folder: &Path, house: &House, office: &Open) -> Result<(), Failure> {
    let (count, issuer) = (plan.work(CACHED_CALLS), office.authority("issuing_p256").await?);
    let serials = fill::serials(&house.database(), "issuing_p256", SERIALS).await?;
    let (post, get) = questions("issuing_p256", &issuer, &serials);
    let peer_side = peer_answers(&serials)?;
    let peer = Cfssl::answer(folder, &peer_side.answers).await?;
    warm(plan, &office.target, &post, &issuer).await?;
    load::run(&peer.target, &peer_side.posts, SERIALS, plan.connections, successful).await?;
    let sides = [
        ("ours, POST", &office.target, &post, count),
        ("cfssl ocspserve, POST", &peer.target, &peer_side.posts, count / 4),
        ("ours, GET", &office.target, &get, count),
    ];
    let mut turns = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for ((_, target, calls, count), turns) in sides.iter().zip(&mut turns) {
            turns.push(load::run(target, calls, *count, plan.connections, successful).await?);
        }
    }
    for ((side, ..), turns) in sides.iter().zip(&turns) {
        figure::explain("ocsp-cached", side, turns);
    }
    let rate = turns.map(|turns| figure::rate(&turns));
    figure::print("ocsp-cached", rate[0], rate[1], Some(8.0));
    // Debian's cfssl answers 400 to every GET, so the peer's POST stands for both.
    figure::print("ocsp-cached-get", rate[2], rate[1], None);
    Ok(())
}

/// The first answer to each question is signed; from then on they come from memory. Some are looked into.
async fn warm(
    plan: &Plan,
    target: &Target,
    calls: &[Vec<u8>],
    issuer: &Certificate,
) -> Result<Turn, Failure> {
    let turn = load::run(target, calls, calls.len(), plan.connections, successful).await?;
    for (_, body) in &turn.samples {
        StatusResponse::from_der(body)?.verify(issuer, now())?;
    }
    Ok(turn)
}

async fn with_a_million(plan: &Plan, folder: &Path, house: &House, small: &Open) -> Result<(), Failure> {
    let count = plan.work(CACHED_CALLS);
    let large_house = prepare(plan, folder.join("large"), plan.work(MILLION)).await?;
    let large = large_house.open().await?;
    let mut sides = Vec::new();
    for (house, office) in [(&large_house, &large), (house, small)] {
        let issuer = office.authority("issuing_p256").await?;
        let serials = fill::serials(&house.database(), "issuing_p256", SERIALS).await?;
        let (post, _) = questions("issuing_p256", &issuer, &serials);
        warm(plan, &office.target, &post, &issuer).await?;
        sides.push((office, post, Vec::new()));
    }
    for _ in 0..ROUNDS {
        for (office, calls, turns) in &mut sides {
            turns.push(load::run(&office.target, calls, count, plan.connections, successful).await?);
        }
    }
    figure::explain("ocsp-cached-1m", "with a million", &sides[0].2);
    figure::explain("ocsp-cached-1m", "with few", &sides[1].2);
    figure::print("ocsp-cached-1m", figure::rate(&sides[0].2), figure::rate(&sides[1].2), Some(0.9));
    drop(sides);
    large.close().await
}

/// With a nonce, so that each answer is read from the store and signed: beside the bare signatures of the library.
async fn live(plan: &Plan, house: &House, office: &Open) -> Result<(), Failure> {
    let count = plan.work(LIVE_CALLS);
    for (name, issuer) in [("ocsp-live-sm2", "issuing"), ("ocsp-live-p256", "issuing_p256")] {
        let certificate = office.authority(issuer).await?;
        let serials = fill::serials(&house.database(), issuer, 1).await?;
        let mut dice = Dice::default();
        let mut call = || {
            let mut nonce = vec![0; 16];
            dice.try_fill_bytes(&mut nonce)?;
            let ids = vec![CertificateId::new(Hash::Sha1, &certificate, &serials[0])];
            let der = StatusRequest { ids, nonce: Some(nonce) }.to_der();
            Ok::<_, Failure>(load::post(&format!("/ocsp/{issuer}"), OCSP, "", &der))
        };
        let calls = (0..count).map(|_| call()).collect::<Result<Vec<_>, _>>()?;
        let mut turns = Vec::new();
        for _ in 0..ROUNDS {
            turns.push(load::run(&office.target, &calls, count, plan.connections, successful).await?);
        }
        figure::explain(name, "ours", &turns);
        let kind = if issuer == "issuing" { KeyKind::Sm2 } else { KeyKind::P256 };
        figure::print(name, figure::rate(&turns), bound::signatures(kind)?, None);
    }
    Ok(())
}

/// A list of a million revoked certificates, built and signed, beside `cfssl gencrl`, which reads the serials from a
/// file. Lists for each hundred seconds of CPU.
async fn list(plan: &Plan, folder: &Path) -> Result<(), Failure> {
    let count = plan.work(MILLION);
    let (authority, _) = p256_authority()?;
    let mut dice = Dice::default();
    let mut serials = Vec::with_capacity(count);
    for _ in 0..count {
        let mut serial = vec![0; 16];
        dice.try_fill_bytes(&mut serial)?;
        serial[0] = serial[0] & 0x7f | 0x40;
        serials.push(serial);
    }
    let at = now();
    let entries =
        serials.iter().map(|serial| Entry { serial: serial.clone(), at, reason: Reason::Superseded });
    let contents = Contents {
        number: 1,
        base: None,
        this_update: at,
        next_update: at + 86_400,
        entries: entries.collect(),
        freshest_urls: Vec::new(),
        place_urls: Vec::new(),
    };
    let ours = bound::once(|| {
        let algorithm = authority.key.algorithm();
        let bytes = revocation::to_be_signed(&authority.certificate, algorithm, &contents)?;
        let signature = authority.key.sign(&bytes)?;
        let list = revocation::assemble(&bytes, algorithm, &signature);
        println!("    crl-1m ours: {count} entries, {} MB", list.len() / 1_000_000);
        Ok(())
    })?;
    let decimal: Vec<String> = serials.iter().map(|serial| decimal(serial)).collect();
    std::fs::write(folder.join("serials.txt"), decimal.join("\n") + "\n")?;
    let theirs = gencrl(folder).await?;
    println!("    crl-1m: ours {ours:.2} s, cfssl gencrl {theirs:.2} s of CPU");
    figure::print("crl-1m", 100.0 / ours, 100.0 / theirs, None);
    Ok(())
}

/// CPU seconds of `cfssl gencrl` over `serials.txt`.
async fn gencrl(folder: &Path) -> Result<f64, Failure> {
    let peer = Cfssl::serve(folder).await?;
    drop(peer);
    let before = cpu::children()?;
    let made = Command::new("cfssl")
        .args(["gencrl", "serials.txt", "ca.pem", "ca-key.pem"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .output();
    let made = tokio::time::timeout(Duration::from_secs(600), made).await??;
    if !made.status.success() || made.stdout.is_empty() {
        return Err("cfssl gencrl made no list".into());
    }
    Ok(cpu::children()? - before)
}

/// A number as cfssl's file wants it.
fn decimal(bytes: &[u8]) -> String {
    let number = bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    number.to_string()
}

/// What cfssl is given, and what it is asked.
struct PeerSide {
    /// DER.
    answers: Blobs,
    posts: Blobs,
}

/// An authority for the peer, and its answers about these serials with the questions that go with them.
fn peer_answers(serials: &[Vec<u8>]) -> Result<PeerSide, Failure> {
    let (authority, key) = p256_authority()?;
    let certificate = &authority.certificate;
    let at = now();
    let mut side = PeerSide { answers: Vec::new(), posts: Vec::new() };
    for serial in serials {
        let id = CertificateId::new(Hash::Sha1, certificate, serial);
        let answer = Answer {
            id: id.clone(),
            standing: Standing::Good,
            this_update: at,
            next_update: Some(at + 7 * 86_400),
        };
        let bytes = status::to_be_signed(certificate, at, &[answer], None)?;
        let signature = key.sign(&bytes)?;
        // With a certificate, as our answers carry that of their responder.
        side.answers.push(status::assemble(&bytes, key.algorithm(), &signature, &[certificate]));
        let question = StatusRequest { ids: vec![id], nonce: None }.to_der();
        side.posts.push(load::post("/", OCSP, "", &question));
    }
    Ok(side)
}

fn p256_authority() -> Result<(Authority, Arc<dyn Signer>), Failure> {
    let name = NameParts { common_name: Some("Bench CA".to_owned()), ..NameParts::default() };
    let key: Arc<dyn Signer> = Arc::new(SoftwareKey::generate(KeyKind::P256, &mut Dice::default())?);
    let name = Name::from_parts(&name)?;
    Ok((Authority::new_root(&name, key.clone(), now(), &mut Dice::default())?, key))
}

/// Unix seconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
