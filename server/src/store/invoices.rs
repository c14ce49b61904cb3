//! Invoices: one an order, with its documents, and what became of the mail.

use super::{StoreError, Tx};
use journey::moment::Moment;
use journey::money::Fen;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

#[derive(Clone, Debug)]
pub struct InvoiceRow {
    pub number: String,
    pub order_id: String,
    pub amount: Fen,
    pub issued_at: Moment,
    pub mailed_at: Option<Moment>,
    pub mail_error: Option<String>,
    pub reversed_at: Option<Moment>,
    /// Of the red letter that reversed it.
    pub red_number: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Pdf,
    Xml,
}

/// Which of an order's two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Blue,
    /// The one that takes the other back.
    Red,
}

fn read(row: &SqliteRow) -> Result<InvoiceRow, StoreError> {
    let moment = |column| row.try_get::<Option<i64>, _>(column).map(|m| m.map(Moment::from_millis));
    Ok(InvoiceRow {
        number: row.try_get("number")?,
        order_id: row.try_get("order_id")?,
        amount: Fen(row.try_get("amount")?),
        issued_at: Moment::from_millis(row.try_get("issued_at")?),
        mailed_at: moment("mailed_at")?,
        mail_error: row.try_get("mail_error")?,
        reversed_at: moment("reversed_at")?,
        red_number: row.try_get("red_number")?,
    })
}

/// Records the invoice; the order has one already: nothing happens.
pub async fn record(tx: &mut Tx, row: &InvoiceRow, xml: &[u8], pdf: &[u8]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO invoices (number, order_id, amount, xml, pdf, issued_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (order_id) DO NOTHING",
    )
    .bind(&row.number)
    .bind(&row.order_id)
    .bind(row.amount.get())
    .bind(xml)
    .bind(pdf)
    .bind(row.issued_at.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find(tx: &mut Tx, order_id: &str) -> Result<Option<InvoiceRow>, StoreError> {
    let row = sqlx::query(
        "SELECT i.number, i.order_id, i.amount, i.issued_at, i.mailed_at, i.mail_error, i.reversed_at,
                r.number AS red_number
         FROM invoices i LEFT JOIN red_letters r ON r.order_id = i.order_id WHERE i.order_id = $1",
    )
    .bind(order_id)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(read).transpose()
}

pub async fn find_document(
    tx: &mut Tx,
    order_id: &str,
    colour: Colour,
    form: Form,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = match (colour, form) {
        (Colour::Blue, Form::Pdf) => sqlx::query("SELECT pdf AS document FROM invoices WHERE order_id = $1"),
        (Colour::Blue, Form::Xml) => sqlx::query("SELECT xml AS document FROM invoices WHERE order_id = $1"),
        (Colour::Red, Form::Pdf) => {
            sqlx::query("SELECT pdf AS document FROM red_letters WHERE order_id = $1")
        }
        (Colour::Red, Form::Xml) => {
            sqlx::query("SELECT xml AS document FROM red_letters WHERE order_id = $1")
        }
    };
    let row = row.bind(order_id).fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get("document")?)).transpose()
}

/// `red`: the red letter was. An invoice whose letter was on its way while it was reversed is not what counts any more.
pub async fn mailed(tx: &mut Tx, order_id: &str, red: bool, now: Moment) -> Result<(), StoreError> {
    let mailed = sqlx::query(
        "UPDATE invoices SET mailed_at = $1, mail_error = NULL
         WHERE order_id = $2 AND (reversed_at IS NOT NULL) = $3",
    );
    mailed.bind(now.millis()).bind(order_id).bind(red).execute(tx).await?;
    Ok(())
}

pub async fn mail_failed(tx: &mut Tx, order_id: &str, why: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE invoices SET mail_error = $1 WHERE order_id = $2")
        .bind(why)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Records the red letter of an invoice, whose own mail counts from now on; `false`: it was reversed before.
pub async fn reverse(
    tx: &mut Tx,
    order_id: &str,
    red_number: &str,
    (xml, pdf): (&[u8], &[u8]),
    now: Moment,
) -> Result<bool, StoreError> {
    let reversed = sqlx::query(
        "UPDATE invoices SET reversed_at = $1, mailed_at = NULL, mail_error = NULL
         WHERE order_id = $2 AND reversed_at IS NULL",
    );
    let reversed = reversed.bind(now.millis()).bind(order_id).execute(&mut *tx).await?;
    if reversed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO red_letters (number, order_id, xml, pdf, issued_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(red_number)
    .bind(order_id)
    .bind(xml)
    .bind(pdf)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(true)
}
