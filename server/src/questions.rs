//! Questions of somebody who has neither visit nor key: a holder's number, and a code to a phone that belongs to it.
//!
//! Known and unknown numbers get the same answer for the same work (R126): a question is recorded either way, and who is
//! written to is found out by an errand, when the answer has long left. A code is good for the visit that asked for it
//! alone, so that nobody burns somebody else's by guessing.

use crate::codes::{self, PerAddressHour, TRIES, VALID_MINUTES, Wanted};
use crate::errand::{self, CodePurpose, Errand, Outcome};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store::codes::CodeRow;
use crate::store::queries::{self, Question};
use crate::store::{self, Tx};
use app::desk::error::CodeRefusal;
use journey::moment::Moment;
use journey::party::Party;
use journey::secret::SmsCode;
use std::net::{IpAddr, Ipv4Addr};

/// Phones of one holder that are written to at most; so many comparisons each guess costs.
const PHONES: usize = 5;

/// What is asked for, by which visit, and whose it is.
pub struct Asked<'a> {
    pub purpose: CodePurpose,
    pub visit: &'a [u8],
    pub party: Party,
    pub holder_key: &'a [u8],
}

impl Asked<'_> {
    fn row(&self) -> queries::Asked<'_> {
        let Asked { purpose, visit, party, holder_key } = *self;
        queries::Asked { purpose: purpose.code(), visit, party, holder_key }
    }
}

/// Records the question and the errand that looks further: `errand` makes it of the question's id and its end.
///
/// # Errors
/// `Ok(Err(_))` is the refusal: too soon or too often. Never whether the number is known.
pub async fn ask(
    tx: &mut Tx,
    ground: &Ground,
    asked: &Asked<'_>,
    ip: IpAddr,
    limit: PerAddressHour,
    errand: impl FnOnce(String, Moment) -> Errand,
) -> Result<Result<(), CodeRefusal>, Fault> {
    let subject = format!("{}/{}", asked.party.code(), hex::encode(asked.holder_key));
    let wanted = Wanted { purpose: asked.purpose, subject: &subject, ip };
    if let Err(refusal) = codes::ask(tx, ground, &wanted, limit).await? {
        return Ok(Err(refusal));
    }
    let (id, now) = (ground.dice.id(), ground.now());
    let ends_at = now.plus_minutes(VALID_MINUTES);
    queries::record(tx, &id, &asked.row(), now, ends_at).await?;
    errand::record(tx, ground, &errand(id.clone(), ends_at), &id, now).await?;
    Ok(Ok(()))
}

/// A code to each of these phones, for the question of this id.
pub fn send(ground: &Ground, purpose: CodePurpose, question: String, mut phones: Vec<String>) -> Outcome {
    let ground = ground.clone();
    phones.truncate(PHONES);
    Outcome::write(move |tx| {
        Box::pin(async move {
            let ip = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
            let wanted = Wanted { purpose, subject: &question, ip };
            for phone in phones {
                // A phone over its limit gets nothing, and the page has said the same as ever.
                let _ = codes::send(tx, &ground, &wanted, &phone).await?;
            }
            Ok(())
        })
    })
}

/// Checks a code against the newest open question of its visit and uses the question up; gives the key of the phone that
/// the code went to.
///
/// # Errors
/// `Ok(Err(_))` is the refusal, whose counted try must be committed; an unknown number hears the same.
pub async fn check(
    tx: &mut Tx,
    ground: &Ground,
    asked: &Asked<'_>,
    code: &SmsCode,
) -> Result<Result<Vec<u8>, CodeRefusal>, Fault> {
    let Some(question) = queries::count_try(tx, &asked.row()).await? else {
        return Ok(Err(CodeRefusal::Gone));
    };
    let rows = store::codes::list(tx, asked.purpose.code(), &question.id).await?;
    let found = right_one(ground, asked.purpose, &question, &rows, code);
    if let Some(refusal) = refusal(&question, found, ground.now()) {
        return Ok(Err(refusal));
    }
    queries::use_up(tx, &question.id, ground.now()).await?;
    Ok(Ok(found.map(|row| row.phone_key.clone()).unwrap_or_default()))
}

/// The code that this is, after as many comparisons for an unknown number as for a known one.
fn right_one<'a>(
    ground: &Ground,
    purpose: CodePurpose,
    question: &Question,
    rows: &'a [CodeRow],
    code: &SmsCode,
) -> Option<&'a CodeRow> {
    let nothing = CodeRow {
        id: question.id.clone(),
        digest: vec![0; 32],
        phone_key: Vec::new(),
        sent_at: question.ends_at,
        ends_at: question.ends_at,
        tries: 0,
        used: false,
    };
    let mut found = None;
    for place in 0..PHONES {
        let row = rows.get(place);
        let is = codes::is(ground, purpose, &question.id, row.unwrap_or(&nothing), code);
        found = found.or(row.filter(|_| is));
    }
    found
}

fn refusal(question: &Question, found: Option<&CodeRow>, now: Moment) -> Option<CodeRefusal> {
    if question.tries > TRIES {
        return Some(CodeRefusal::Gone);
    }
    if question.ends_at <= now {
        return Some(CodeRefusal::Expired);
    }
    if found.is_some_and(|row| !row.used) {
        return None;
    }
    let left = u8::try_from(TRIES - question.tries).unwrap_or(0);
    Some(if left == 0 { CodeRefusal::Gone } else { CodeRefusal::Wrong { left } })
}
