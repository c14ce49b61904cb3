//! SMS codes: six digits, five minutes, one use, five tries, sixty seconds apart, bound to purpose, subject and phone
//! (R024, R125). Limits are stricter than the carriers', so that a person hears ours and not theirs.

use crate::errand::{self, CodePurpose, Errand};
use crate::ground::Ground;
use crate::store::{self, StoreError, Tx};
use app::desk::error::CodeRefusal;
use journey::moment::Moment;
use journey::secret::SmsCode;
use std::net::IpAddr;

pub const VALID_MINUTES: i64 = 5;
pub const AGAIN_AFTER_S: i64 = 60;
pub const TRIES: i64 = 5;
const PER_PHONE_HOUR: usize = 5;
const PER_PHONE_DAY: usize = 10;

/// How many requests of a kind one address may make an hour; many people share one in an office building.
#[derive(Clone, Copy, Debug)]
pub struct PerAddressHour(pub i64);

/// Who is to get a code, and what for.
pub struct Wanted<'a> {
    pub purpose: CodePurpose,
    /// What the code opens: an order's id, or the keyed digest of a holder's number.
    pub subject: &'a str,
    pub ip: IpAddr,
}

/// Counts the request against the address and the subject, whether or not there is a phone to send to: a stranger
/// cannot tell the two apart (R126). A refused request is not counted.
///
/// # Errors
/// `Ok(Err(_))` is the refusal.
pub async fn ask(
    tx: &mut Tx,
    ground: &Ground,
    wanted: &Wanted<'_>,
    limit: PerAddressHour,
) -> Result<Result<(), CodeRefusal>, StoreError> {
    let now = ground.now();
    let subject = format!("{}/{}", wanted.purpose.code(), wanted.subject);
    let address = network(wanted.ip);
    let (from_address, times) =
        store::codes::requests_since(tx, &address, &subject, now.plus_hours(-1)).await?;
    if let Some(last) = times.first() {
        let wait = AGAIN_AFTER_S - (now.millis() - last.millis()) / 1000;
        if wait > 0 {
            return Ok(Err(CodeRefusal::TooSoon { wait_s: u32::try_from(wait).unwrap_or(60) }));
        }
    }
    if from_address >= limit.0 || times.len() >= PER_PHONE_HOUR {
        return Ok(Err(CodeRefusal::DailyLimit));
    }
    store::codes::record_request(tx, &ground.dice.id(), &address, &subject, now).await?;
    Ok(Ok(()))
}

/// Makes a code for this phone and records the errand that sends it.
pub async fn send(
    tx: &mut Tx,
    ground: &Ground,
    wanted: &Wanted<'_>,
    phone: &str,
) -> Result<Result<(), CodeRefusal>, StoreError> {
    let now = ground.now();
    let phone_key = ground.sealing.digest("phone", phone);
    let day = store::codes::list_sent_to(tx, &phone_key, now.plus_hours(-24)).await?;
    let hour = day.iter().filter(|at| **at > now.plus_hours(-1)).count();
    if day.len() >= PER_PHONE_DAY || hour >= PER_PHONE_HOUR {
        return Ok(Err(CodeRefusal::DailyLimit));
    }
    let id = ground.dice.id();
    let code = SmsCode::new(ground.dice.digits(6));
    let row = store::codes::CodeRow {
        digest: ground.sealing.digest(&digest_purpose(wanted.purpose, wanted.subject, &id), code.expose()),
        id: id.clone(),
        phone_key,
        sent_at: now,
        ends_at: now.plus_minutes(VALID_MINUTES),
        tries: 0,
        used: false,
    };
    let errand = Errand::send_code(phone, &code, wanted.purpose, row.ends_at);
    store::codes::record(tx, &row, wanted.purpose.code(), wanted.subject).await?;
    errand::record(tx, ground, &errand, &id, now).await?;
    Ok(Ok(()))
}

/// Checks a code and uses it up; gives the key of the phone it went to.
///
/// # Errors
/// `Ok(Err(_))` is the refusal, whose counted try must be committed.
pub async fn check(
    tx: &mut Tx,
    ground: &Ground,
    purpose: CodePurpose,
    subject: &str,
    code: &SmsCode,
) -> Result<Result<Vec<u8>, CodeRefusal>, StoreError> {
    let now = ground.now();
    let rows = store::codes::count_try(tx, purpose.code(), subject).await?;
    for row in rows.iter().filter(|row| is_good(row, now)) {
        if is(ground, purpose, subject, row, code) && store::codes::use_up(tx, &row.id, now).await? {
            return Ok(Ok(row.phone_key.clone()));
        }
    }
    Ok(Err(refusal(&rows, now)))
}

/// Whether this is the code of that row, which was sent for this; nothing is counted or used up.
pub fn is(
    ground: &Ground,
    purpose: CodePurpose,
    subject: &str,
    row: &store::codes::CodeRow,
    code: &SmsCode,
) -> bool {
    ground.sealing.digest_matches(&digest_purpose(purpose, subject, &row.id), code.expose(), &row.digest)
}

fn is_good(row: &store::codes::CodeRow, now: Moment) -> bool {
    !row.used && row.tries <= TRIES && row.ends_at > now
}

fn refusal(rows: &[store::codes::CodeRow], now: Moment) -> CodeRefusal {
    if let Some(row) = rows.iter().find(|row| is_good(row, now)) {
        let left = u8::try_from(TRIES - row.tries).unwrap_or(0);
        return if left == 0 { CodeRefusal::Gone } else { CodeRefusal::Wrong { left } };
    }
    match rows.first() {
        Some(row) if !row.used && row.tries <= TRIES => CodeRefusal::Expired,
        _ => CodeRefusal::Gone,
    }
}

/// The digest is bound to everything the code is for: the same digits are nothing elsewhere.
fn digest_purpose(purpose: CodePurpose, subject: &str, id: &str) -> String {
    format!("code/{}/{subject}/{id}", purpose.code())
}

/// The part of an address that one household or office shares: /24 or /56.
pub fn network(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let o = v6.octets();
            format!("{}/56", hex::encode(&o[..7]))
        }
    }
}
