//! The record of a case: lines that are only ever added, and beside each a code under the centre's key. It covers the
//! line, the body of the case and the code before: whoever can write to the database, and no more, can add no line,
//! change none, and take none out of the middle. The last ones can be cut off: an older record is a whole one too.

use super::super::keyring::Keyring;
use super::case::Case;
use crate::fault::Fault;
use crate::store::Tx;
use crate::store::recoveries::{self, LineRow};
use journey::actor::StaffId;
use journey::moment::Moment;

pub const FILED: &str = "filed";
pub const APPROVED: &str = "approved";
pub const REFUSED: &str = "refused";
pub const RELEASED: &str = "released";
pub const FETCHED: &str = "fetched";

/// Every line has its code, the first one is the filing that the body tells of, and none is missing between.
pub fn is_whole(case: &Case, keys: &Keyring) -> bool {
    let Some(first) = case.lines.first() else { return false };
    let filing = (first.what.as_str(), first.by.as_str(), first.at);
    if filing != (FILED, case.body.filed_by.as_str(), case.body.filed_at) {
        return false;
    }
    let mut before: &[u8] = &[];
    for (seq, line) in (1_i64..).zip(&case.lines) {
        let Some(code) = &line.code else { return false };
        let text = covered(case, line, before);
        if line.seq != seq || !keys.code_matches(&case.row.body.under, &text, code) {
            return false;
        }
        before = code;
    }
    true
}

/// Adds a line to a case that was loaded in this transaction.
///
/// # Errors
/// The store's own; the key of the case is gone.
pub async fn add(
    tx: &mut Tx,
    keys: &Keyring,
    case: &mut Case,
    (what, by, note): (&str, &StaffId, &str),
    at: Moment,
) -> Result<(), Fault> {
    let seq = case.lines.last().map_or(1, |line| line.seq + 1);
    let (by, what, note) = (by.0.clone(), what.to_owned(), note.to_owned());
    let mut line = LineRow { seq, at, by, what, note, code: None };
    let before = case.lines.last().and_then(|line| line.code.clone()).unwrap_or_default();
    line.code = Some(keys.code(&case.row.body.under, &covered(case, &line, &before))?);
    recoveries::record_line(tx, &case.row.id, &line).await?;
    case.lines.push(line);
    Ok(())
}

/// The codes of all lines under another key, for a case that is sealed under that one from now on.
///
/// # Errors
/// The store's own.
pub async fn make_codes_anew(tx: &mut Tx, keys: &Keyring, case: &mut Case) -> Result<(), Fault> {
    let mut before = Vec::new();
    for at in 0..case.lines.len() {
        let code = keys.code(keys.current(), &covered(case, &case.lines[at], &before))?;
        case.lines[at].code = Some(code.clone());
        recoveries::keep_code(tx, &case.row.id, &case.lines[at]).await?;
        before = code;
    }
    Ok(())
}

/// What a code covers, as one text with one reading.
fn covered(case: &Case, line: &LineRow, before: &[u8]) -> String {
    let parts = (
        (&case.row.id, &case.row.number, &case.digest),
        (line.seq, line.at, &line.by, &line.what, &line.note),
        hex::encode(before),
    );
    serde_json::to_string(&parts).expect("texts and numbers serialise")
}
