//! `bench issue`: a certificate from the request on the wire to the answer after the commit.

use crate::bound::Costs;
use crate::cfssl::{self, Cfssl};
use crate::load::{self, Turn, find};
use crate::office::{House, Open, P256_PROFILE, issue_call, issued};
use crate::requests::{self, Request};
use crate::{Failure, Plan, figure, fill};
use certificate::key_kind::KeyKind;
use certificate::{Certificate, Request as Proof};
use std::path::Path;

const ROUNDS: usize = 5;
/// Certificates in a turn.
const P256_CALLS: usize = 10_000;
const SM2_CALLS: usize = 2_000;
/// Before the measuring: tables, caches and pools as in an office that has been open for a while.
const WARM_UP: usize = 500;
const MILLION: usize = 1_000_000;

pub async fn run(plan: &Plan) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let house = House::build(&plan.server, folder.path().join("small"))?;
    let office = house.open().await?;
    if plan.wants("issue-p256") {
        p256(plan, folder.path(), &office).await?;
    }
    if plan.wants("issue-sm2-double") {
        sm2_double(plan, &office).await?;
    }
    if plan.wants("issue-p256-1m") {
        with_a_million(plan, folder.path(), &office).await?;
    }
    office.close().await
}

/// `POST /ra/v1/certificates` beside `POST /api/v1/cfssl/sign` with the very same requests: once against cfssl as it is
/// usually run, which forgets what it issued, and once against cfssl with a database, whose answers are as durable as ours.
async fn p256(plan: &Plan, folder: &Path, office: &Open) -> Result<(), Failure> {
    let forgets = Cfssl::serve(folder).await?;
    let records = Cfssl::serve_and_record(folder).await?;
    let count = plan.work(P256_CALLS);
    let requests = requests::make(KeyKind::P256, WARM_UP + count * ROUNDS)?;
    let theirs: Vec<Vec<u8>> = requests.iter().map(|it| cfssl::sign_call(&requests::pem(&it.der))).collect();
    let ours = calls("p256", P256_PROFILE, &requests);
    load::run(&forgets.target, &theirs, WARM_UP, plan.connections, cfssl::signed).await?;
    load::run(&office.target, &ours, WARM_UP, plan.connections, issued).await?;
    let (mut turns, mut forgetting, mut recording) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let from = WARM_UP + round * count;
        let turn =
            load::run(&office.target, &ours[from..from + count], count, plan.connections, issued).await?;
        judge(office, "issuing_p256", &turn, &requests[from..]).await?;
        turns.push(turn);
        let theirs = &theirs[from..from + count];
        forgetting.push(load::run(&forgets.target, theirs, count, plan.connections, cfssl::signed).await?);
        // It waits for the disk at each certificate, and several at once are in one another's way: fewer must do.
        let few = (count / 50).max(20);
        recording.push(load::run(&records.target, theirs, few, 1, cfssl::signed).await?);
    }
    figure::explain("issue-p256", "ours", &turns);
    figure::explain("issue-p256", "cfssl serve", &forgetting);
    figure::explain("issue-p256-durable", "cfssl serve with its database", &recording);
    figure::print("issue-p256", figure::rate(&turns), figure::rate(&forgetting), Some(2.0));
    figure::print("issue-p256-durable", figure::rate(&turns), figure::rate(&recording), Some(2.0));
    Ok(())
}

/// A double certificate with its envelope beside what the SM2 library needs for the arithmetic alone.
async fn sm2_double(plan: &Plan, office: &Open) -> Result<(), Failure> {
    let count = plan.work(SM2_CALLS);
    let requests = requests::make(KeyKind::Sm2, WARM_UP + count * ROUNDS)?;
    let ours = calls("sm2", "organisation", &requests);
    load::run(&office.target, &ours, WARM_UP, plan.connections, issued).await?;
    let (mut turns, mut bounds) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let from = WARM_UP + round * count;
        let turn =
            load::run(&office.target, &ours[from..from + count], count, plan.connections, issued).await?;
        judge(office, "issuing", &turn, &requests[from..]).await?;
        turns.push(turn);
        bounds.push(Costs::measure().double_certificates());
    }
    figure::explain("issue-sm2-double", "ours", &turns);
    figure::print("issue-sm2-double", figure::rate(&turns), figure::median(bounds), Some(0.8));
    Ok(())
}

/// The same office with a million certificates in its store beside one with a few thousand.
async fn with_a_million(plan: &Plan, folder: &Path, small: &Open) -> Result<(), Failure> {
    let count = plan.work(P256_CALLS);
    let requests = requests::make(KeyKind::P256, 2 * (WARM_UP + count * ROUNDS))?;
    let (first, second) = requests.split_at(requests.len() / 2);
    let (in_small, in_large) = (calls("small", P256_PROFILE, first), calls("large", P256_PROFILE, second));
    let house = House::build(&plan.server, folder.join("large"))?;
    let large = house.open().await?;
    load::run(&large.target, &in_large, WARM_UP, plan.connections, issued).await?;
    large.close().await?;
    fill::with_certificates(&house.database(), plan.work(MILLION)).await?;
    let large = house.open().await?;
    load::run(&small.target, &in_small, WARM_UP, plan.connections, issued).await?;
    load::run(&large.target, &in_large, WARM_UP, plan.connections, issued).await?;
    let (mut small_turns, mut large_turns) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let calls = WARM_UP + round * count..WARM_UP + (round + 1) * count;
        large_turns
            .push(load::run(&large.target, &in_large[calls.clone()], count, plan.connections, issued).await?);
        small_turns.push(load::run(&small.target, &in_small[calls], count, plan.connections, issued).await?);
    }
    figure::explain("issue-p256-1m", "with a million", &large_turns);
    figure::explain("issue-p256-1m", "with few", &small_turns);
    figure::print("issue-p256-1m", figure::rate(&large_turns), figure::rate(&small_turns), Some(0.9));
    large.close().await
}

fn calls(series: &str, profile: &str, requests: &[Request]) -> Vec<Vec<u8>> {
    let call = |(index, request)| issue_call(&format!("{series}-{index}"), profile, request);
    requests.iter().enumerate().map(call).collect()
}

/// Looks into some of the answers: certificates for the very key that was asked for, good under the issuer.
async fn judge(office: &Open, issuer: &str, turn: &Turn, requests: &[Request]) -> Result<(), Failure> {
    let issuer = office.authority(issuer).await?;
    for (index, body) in &turn.samples {
        let answer: serde_json::Value = serde_json::from_slice(body)?;
        let first =
            answer["certificates"][0]["certificate"].as_str().ok_or("an answer without certificate")?;
        let certificate = Certificate::from_pem(first)?;
        certificate.verify(&issuer)?;
        if certificate.spki() != Proof::verify(&requests[*index].der)?.spki {
            return Err("a certificate for another key".into());
        }
        let pair = answer["certificates"].as_array().is_some_and(|all| all.len() == 2);
        if pair != (find(body, b"\"envelope\"").is_some()) {
            return Err("a pair without envelope".into());
        }
    }
    Ok(())
}
