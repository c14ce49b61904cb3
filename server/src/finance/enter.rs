//! Credits as the bank tells them: typed one by one, or a whole statement as CSV. The bank's number makes a line one line.

use super::Finance;
use crate::fault::Fault;
use crate::store::bank_lines::{self, LineRow};
use app::desk::error::FieldError;
use app::desk::finance::{Credit, Imported};
use journey::actor::StaffId;
use journey::mask;
use journey::money::Fen;

/// Lines of one statement.
const LINES: usize = 2_000;

impl Finance {
    /// # Errors
    /// The fields that do not hold; a number of the bank's that is here already.
    pub async fn enter(&self, staff: &StaffId, credit: &Credit) -> Result<(), Fault> {
        let line = self.read(credit).map_err(Fault::Fields)?;
        let (staff, now) = (staff.0.clone(), self.ground.now());
        let entered = self.ground.store.write(move |tx| {
            Box::pin(async move { Ok::<_, Fault>(bank_lines::record(tx, &line, &staff, now).await?) })
        });
        if entered.await? { Ok(()) } else { Err(field("bank_number", "bank_number_known")) }
    }

    /// CSV with a heading: 交易流水号, 入账日期, 金额, 付款户名, 付款账号, 附言. Good lines are entered, the others told.
    ///
    /// # Errors
    /// No statement at all.
    pub async fn import(&self, staff: &StaffId, text: &str) -> Result<Imported, Fault> {
        let rows: Vec<Vec<String>> = csv(text);
        if rows.len() < 2 || rows.len() > LINES || rows[0].len() < 6 {
            return Err(field("statement", "statement_unreadable"));
        }
        let mut told = Imported::default();
        let mut lines = Vec::new();
        for (index, row) in rows.iter().enumerate().skip(1) {
            let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
            let credit = Credit {
                bank_number: cell(0),
                booked_on: cell(1),
                amount: cell(2).replace(',', ""),
                payer_name: cell(3),
                payer_account: cell(4),
                remark: cell(5),
            };
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            match self.read(&credit) {
                Ok(line) => lines.push(line),
                Err(errors) => {
                    told.refused.extend(errors.into_iter().next().map(|error| (number, error)));
                }
            }
        }
        let (staff, now) = (staff.0.clone(), self.ground.now());
        let entered = self.ground.store.write(move |tx| {
            Box::pin(async move {
                let (mut entered, mut known) = (0, 0);
                for line in &lines {
                    if bank_lines::record(tx, line, &staff, now).await? {
                        entered += 1;
                    } else {
                        known += 1;
                    }
                }
                Ok::<_, Fault>((entered, known))
            })
        });
        (told.entered, told.known) = entered.await?;
        Ok(told)
    }

    fn read(&self, credit: &Credit) -> Result<LineRow, Vec<FieldError>> {
        let amount = Fen::parse_yuan(credit.amount.trim()).filter(|amount| amount.is_positive());
        let number = credit.bank_number.trim();
        let plain = |text: &str, longest: usize| (1..=longest).contains(&text.trim().chars().count());
        let checks = [
            ("bank_number", plain(number, 40) && number.bytes().all(|byte| byte.is_ascii_graphic())),
            ("booked_on", is_day(credit.booked_on.trim())),
            ("amount", amount.is_some()),
            ("payer_name", plain(&credit.payer_name, 100)),
            ("payer_account", credit.payer_account.trim().chars().count() <= 40),
            ("remark", credit.remark.trim().chars().count() <= 200),
        ];
        let wrong: Vec<FieldError> = checks
            .into_iter()
            .filter(|(_, good)| !good)
            .map(|(field, _)| FieldError { field: field.into(), code: "bank_line_invalid".into() })
            .collect();
        let Some(amount) = amount.filter(|_| wrong.is_empty()) else { return Err(wrong) };
        let account = credit.payer_account.trim();
        Ok(LineRow {
            id: self.ground.dice.id(),
            bank_number: number.to_owned(),
            booked_on: credit.booked_on.trim().to_owned(),
            amount,
            payer_name: credit.payer_name.trim().to_owned(),
            // Enough to tell two accounts apart; the whole number stands at the bank.
            payer_account: if account.is_empty() { String::new() } else { mask::bank_card(account) },
            remark: credit.remark.trim().to_owned(),
            state: "open".to_owned(),
            order_id: None,
            decided_by: None,
            why: None,
        })
    }
}

pub(super) fn field(field: &str, code: &str) -> Fault {
    Fault::Fields(vec![FieldError { field: field.into(), code: code.into() }])
}

/// `2026-11-22`
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<i32>(), month.parse::<u8>(), day.parse::<u8>()) else {
        return false;
    };
    let month = time::Month::try_from(month);
    text.len() == 10 && month.is_ok_and(|month| time::Date::from_calendar_date(year, month, day).is_ok())
}

/// RFC 4180: quotes around a cell, doubled inside; a mark of the byte order before the first.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    row.push(cell);
    rows.push(row);
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    rows
}

#[cfg(test)]
mod tests {
    use super::{csv, is_day};

    #[test]
    fn a_statement_is_read_as_spreadsheets_write_it() {
        let text = "\u{feff}流水号,金额,附言\r\nB1,\"1,280.00\",\"说\"\"K7M3QX\"\"\"\r\n\r\nB2,80.00,\n";
        assert_eq!(
            csv(text),
            [["流水号", "金额", "附言"], ["B1", "1,280.00", "说\"K7M3QX\""], ["B2", "80.00", ""]]
        );
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        assert!(is_day("2026-11-22") && is_day("2028-02-29"));
        assert!(!is_day("2026-02-29") && !is_day("2026-1-2") && !is_day("20261122") && !is_day("今天"));
    }
}
