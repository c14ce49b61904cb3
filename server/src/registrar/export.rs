//! Everything that was ever issued, as CSV or JSON (C22), row by row so that a million rows need no more memory than one
//! page of them. The end tells the SM3 digest of what stands before it: a list that was shortened or changed shows it.

use super::Registrar;
use super::find::{holder, reason_code};
use crate::fault::Fault;
use crate::ground::Ground;
use crate::store;
use crate::store::issued::IssuedRow;
use certificate::Certificate;
use journey::moment::Moment;
use serde::Serialize;
use sm3::{Digest, Sm3};

/// Rows read at one time.
const PAGE: i64 = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListForm {
    Csv,
    Json,
}

impl ListForm {
    pub fn from_ending(ending: &str) -> Option<ListForm> {
        match ending {
            "csv" => Some(ListForm::Csv),
            "json" => Some(ListForm::Json),
            _ => None,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            ListForm::Csv => "text/csv; charset=utf-8",
            ListForm::Json => "application/json",
        }
    }
}

/// One certificate of the list. Times are `2026-11-22 19:30` in Beijing; what is not known is empty.
#[derive(Serialize)]
struct Line {
    serial: String,
    issuer: String,
    profile: String,
    slot: String,
    state: String,
    reason: String,
    status_at: String,
    not_before: String,
    not_after: String,
    recorded_at: String,
    /// The order's number, or the partner's name and number.
    case: String,
    key_serial: String,
    /// A person's masked.
    holder: String,
    /// Of the certificate's DER.
    sm3: String,
}

const COLUMNS: &str = "serial,issuer,profile,slot,state,reason,status_at,not_before,not_after,recorded_at,case,key_serial,holder,sm3";

/// A list on its way: ask for pieces until there is none.
pub struct Export {
    ground: Ground,
    form: ListForm,
    as_of: Moment,
    after: String,
    count: u64,
    digest: Sm3,
    stage: Stage,
}

#[derive(PartialEq)]
enum Stage {
    Head,
    Rows,
    Done,
}

impl Registrar {
    /// `who` is the member's name, for the log.
    pub fn export(&self, who: &str, form: ListForm) -> Export {
        tracing::info!(who, ?form, "the list of everything issued goes out");
        Export {
            as_of: self.ground.now(),
            ground: self.ground.clone(),
            form,
            after: String::new(),
            count: 0,
            digest: Sm3::new(),
            stage: Stage::Head,
        }
    }
}

impl Export {
    /// `202611221930`, for the file's name.
    pub fn stamp(&self) -> String {
        self.as_of.to_string().chars().filter(char::is_ascii_digit).collect()
    }

    /// # Errors
    /// The store's own; then the list has no end and its digest is missing.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        match self.stage {
            Stage::Head => {
                self.stage = Stage::Rows;
                Ok(Some(self.head()))
            }
            Stage::Rows => self.rows().await.map(Some),
            Stage::Done => Ok(None),
        }
    }

    fn head(&mut self) -> Vec<u8> {
        match self.form {
            // The mark tells spreadsheets that this is UTF-8.
            ListForm::Csv => self.counted(format!("\u{feff}{COLUMNS}\n")),
            ListForm::Json => {
                let outside = format!("{{\"as_of\":\"{}\",\"certificates\":", self.as_of).into_bytes();
                [outside, self.counted("[".to_owned())].concat()
            }
        }
    }

    async fn rows(&mut self) -> Result<Vec<u8>, Fault> {
        let mut reader = self.ground.store.read().await?;
        let rows = store::issued::list_after(&mut reader, &self.after, PAGE).await?;
        drop(reader);
        let Some(last) = rows.last() else {
            self.stage = Stage::Done;
            return Ok(self.tail());
        };
        self.after = last.serial.clone();
        let mut text = String::new();
        for row in &rows {
            let line = line(row);
            match self.form {
                ListForm::Csv => text.push_str(&csv(&line)),
                ListForm::Json => {
                    let json = serde_json::to_string(&line).map_err(|e| Fault::Document(e.to_string()))?;
                    text.push_str(if self.count == 0 { "\n" } else { ",\n" });
                    text.push_str(&json);
                }
            }
            self.count += 1;
        }
        Ok(self.counted(text))
    }

    fn tail(&mut self) -> Vec<u8> {
        let before = if self.form == ListForm::Json { self.counted("\n]".to_owned()) } else { Vec::new() };
        let digest = hex::encode(self.digest.clone().finalize());
        let (count, as_of) = (self.count, self.as_of);
        let end = match self.form {
            ListForm::Csv => format!("#,sm3 of all bytes above,{digest},rows,{count},as of,{as_of}\n"),
            ListForm::Json => {
                format!(",\"count\":{count},\"sm3_of_certificates\":\"{digest}\"}}\n")
            }
        };
        [before, end.into_bytes()].concat()
    }

    fn counted(&mut self, text: String) -> Vec<u8> {
        self.digest.update(text.as_bytes());
        text.into_bytes()
    }
}

fn line(row: &IssuedRow) -> Line {
    let certificate = row.certificate.as_deref().and_then(|der| Certificate::from_der(der).ok());
    let text = |at: Option<Moment>| at.map(|at| at.to_string()).unwrap_or_default();
    let seconds = |unix: i64| Moment::from_millis(unix.saturating_mul(1000)).to_string();
    let case = match (&row.order_number, &row.partner) {
        (Some(number), _) => number.clone(),
        (None, Some((name, number))) => format!("{name}/{number}"),
        (None, None) => String::new(),
    };
    Line {
        serial: row.serial.clone(),
        issuer: row.issuer.clone(),
        profile: row.profile.clone(),
        slot: row.slot.clone(),
        state: row.state.clone(),
        reason: row.reason.map(|reason| reason_code(Some(reason))).unwrap_or_default(),
        status_at: text(row.status_at),
        not_before: certificate.as_ref().map(|it| seconds(it.not_before())).unwrap_or_default(),
        not_after: text(row.not_after),
        recorded_at: row.recorded_at.to_string(),
        case,
        key_serial: row.key_serial.clone(),
        holder: certificate.as_ref().map(|it| holder(row, it)).unwrap_or_default(),
        sm3: certificate.as_ref().map(|it| hex::encode(certificate::sm3(it.der()))).unwrap_or_default(),
    }
}

fn csv(line: &Line) -> String {
    let fields = [
        &line.serial,
        &line.issuer,
        &line.profile,
        &line.slot,
        &line.state,
        &line.reason,
        &line.status_at,
        &line.not_before,
        &line.not_after,
        &line.recorded_at,
        &line.case,
        &line.key_serial,
        &line.holder,
        &line.sm3,
    ];
    fields.map(|field| quoted(field)).join(",") + "\n"
}

/// RFC 4180; and what a spreadsheet would take for a formula is told to be text.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t']);
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_field_is_text_and_never_a_formula() {
        assert_eq!(quoted("北京示例科技有限公司"), "北京示例科技有限公司");
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(quoted("=HYPERLINK(1,2)"), "\"'=HYPERLINK(1,2)\"");
    }
}
