//! Certificates in their holders' hands: the pairs of the counter's orders, found from either end. And the orders that a
//! key opened.

use super::{StoreError, Tx, required};
use journey::moment::Moment;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// A pair as it is kept; the order behind it is read apart.
#[derive(Clone, Debug)]
pub struct HeldRow {
    pub sign: String,
    pub encrypt: String,
    pub issuer: String,
    pub order_id: String,
    pub key_serial: String,
    /// DER of the signing certificate.
    pub certificate: Vec<u8>,
    pub state: String,
    pub not_after: Moment,
}

/// How somebody looks for a pair.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Of the signing certificate.
    Serial(&'a str),
    /// The keyed digest of the holder's number.
    Holder(&'a [u8]),
    /// The medium's serial.
    Key(&'a str),
}

/// What was signed and neither put aside nor still waits for its key; each found by an index.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.serial AS sign, e.serial AS encrypt, s.issuer, s.order_id, s.key_serial, s.certificate, s.state,
                    s.not_after
             FROM certificates s
             JOIN certificates e ON e.order_id = s.order_id AND e.slot = 'encrypt' AND e.state <> 'discarded'
             JOIN orders o ON o.id = s.order_id
             WHERE s.slot = 'sign' AND s.state IN ('active', 'on_hold', 'revoked') AND ",
            $rest,
            " ORDER BY s.recorded_at DESC LIMIT 100"
        )
    };
}

fn held(row: &SqliteRow) -> Result<HeldRow, StoreError> {
    let sign: String = row.try_get("sign")?;
    let (certificate, not_after): (Option<Vec<u8>>, Option<i64>) =
        (row.try_get("certificate")?, row.try_get("not_after")?);
    let missing = |column| StoreError::impossible("certificates", column, &sign, "missing");
    Ok(HeldRow {
        certificate: certificate.ok_or_else(|| missing("certificate"))?,
        not_after: Moment::from_millis(not_after.ok_or_else(|| missing("not_after"))?),
        encrypt: row.try_get("encrypt")?,
        issuer: row.try_get("issuer")?,
        order_id: row.try_get("order_id")?,
        key_serial: row.try_get("key_serial")?,
        state: row.try_get("state")?,
        sign,
    })
}

/// The newest first.
pub async fn list(tx: &mut Tx, by: By<'_>) -> Result<Vec<HeldRow>, StoreError> {
    let rows = match by {
        By::Serial(serial) => sqlx::query(select!("s.serial = $1")).bind(serial).fetch_all(tx).await?,
        By::Holder(key) => sqlx::query(select!("o.holder_key = $1")).bind(key).fetch_all(tx).await?,
        By::Key(serial) => {
            sqlx::query(select!("s.key_serial = $1 AND s.key_serial <> ''"))
                .bind(serial)
                .fetch_all(tx)
                .await?
        }
    };
    rows.iter().map(held).collect()
}

/// Whose form has the contacts of this certificate now, where they were changed without a new one.
pub async fn find_contacts(tx: &mut Tx, sign_serial: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT order_id FROM held_contacts WHERE sign_serial = $1").bind(sign_serial);
    row.fetch_optional(tx).await?.map(|row| Ok(row.try_get("order_id")?)).transpose()
}

/// The form of this order tells the contacts of this certificate from now on.
pub async fn keep_contacts(
    tx: &mut Tx,
    sign_serial: &str,
    order_id: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO held_contacts (sign_serial, order_id, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (sign_serial) DO UPDATE SET order_id = excluded.order_id, changed_at = excluded.changed_at",
    )
    .bind(sign_serial)
    .bind(order_id)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// What a key showed when an order was opened with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub sign_serial: String,
    pub key_serial: String,
}

pub async fn record_shown(tx: &mut Tx, order_id: &str, shown: &Shown) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO key_orders (order_id, sign_serial, key_serial) VALUES ($1, $2, $3)")
        .bind(order_id)
        .bind(&shown.sign_serial)
        .bind(&shown.key_serial)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find_shown(tx: &mut Tx, order_id: &str) -> Result<Option<Shown>, StoreError> {
    let row =
        sqlx::query("SELECT sign_serial, key_serial FROM key_orders WHERE order_id = $1").bind(order_id);
    let row = row.fetch_optional(tx).await?;
    row.map(|row| {
        Ok(Shown { sign_serial: row.try_get("sign_serial")?, key_serial: row.try_get("key_serial")? })
    })
    .transpose()
}

/// # Errors
/// `Missing` for an order that no key opened.
pub async fn load_shown(tx: &mut Tx, order_id: &str) -> Result<Shown, StoreError> {
    required(find_shown(tx, order_id).await?, "key_orders", order_id)
}

/// The ids of the orders that were opened with this certificate, the newest first.
pub async fn list_orders_of(tx: &mut Tx, sign_serial: &str) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(
        "SELECT k.order_id FROM key_orders k JOIN orders o ON o.id = k.order_id
         WHERE k.sign_serial = $1 ORDER BY o.opened_at DESC LIMIT 200",
    );
    let rows = rows.bind(sign_serial).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("order_id")?)).collect()
}

/// Keeps what the key is to sign, in the place of what it was to sign before.
pub async fn keep_challenge(
    tx: &mut Tx,
    order_id: &str,
    challenge: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE key_orders SET challenge = $1, challenge_at = $2 WHERE order_id = $3")
        .bind(challenge)
        .bind(now.millis())
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The challenge, which is used up by this; `None` where there is none of after `since`.
pub async fn take_challenge(
    tx: &mut Tx,
    order_id: &str,
    since: Moment,
) -> Result<Option<String>, StoreError> {
    let row =
        sqlx::query("SELECT challenge, challenge_at FROM key_orders WHERE order_id = $1").bind(order_id);
    let Some(row) = row.fetch_optional(&mut *tx).await? else { return Ok(None) };
    let (challenge, at): (Option<String>, Option<i64>) =
        (row.try_get("challenge")?, row.try_get("challenge_at")?);
    sqlx::query("UPDATE key_orders SET challenge = NULL WHERE order_id = $1")
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(challenge.filter(|_| at.is_some_and(|at| at > since.millis())))
}

/// Something encrypted for the holder before the new certificate.
#[derive(Clone, Debug)]
pub struct Keepsake {
    pub certificate: Vec<u8>,
    pub cipher: Vec<u8>,
    /// Sealed.
    pub content: Vec<u8>,
}

/// The first one stays.
pub async fn record_keepsake(
    tx: &mut Tx,
    order_id: &str,
    keepsake: &Keepsake,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO keepsakes (order_id, certificate, cipher, content, made_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(order_id)
    .bind(&keepsake.certificate)
    .bind(&keepsake.cipher)
    .bind(&keepsake.content)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn find_keepsake(tx: &mut Tx, order_id: &str) -> Result<Option<Keepsake>, StoreError> {
    let row =
        sqlx::query("SELECT certificate, cipher, content FROM keepsakes WHERE order_id = $1").bind(order_id);
    let row = row.fetch_optional(tx).await?;
    row.map(|row| {
        Ok(Keepsake {
            certificate: row.try_get("certificate")?,
            cipher: row.try_get("cipher")?,
            content: row.try_get("content")?,
        })
    })
    .transpose()
}

/// A step of the writing was done for this pair, perhaps again.
pub async fn record_step(
    tx: &mut Tx,
    order_id: &str,
    step: &str,
    spki_digest: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO loading_steps (order_id, step, spki_digest, times, first_at, last_at) VALUES ($1, $2, $3, 1, $4, $4)
         ON CONFLICT (order_id, step, spki_digest) DO UPDATE SET times = times + 1, last_at = excluded.last_at",
    )
    .bind(order_id)
    .bind(step)
    .bind(spki_digest)
    .bind(now.millis())
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether this step was done for this pair.
pub async fn was_done(
    tx: &mut Tx,
    order_id: &str,
    step: &str,
    spki_digest: &str,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT 1 AS one FROM loading_steps WHERE order_id = $1 AND step = $2 AND spki_digest = $3",
    );
    let row = row.bind(order_id).bind(step).bind(spki_digest).fetch_optional(tx).await?;
    Ok(row.is_some())
}

/// The certificate that the holder came with, for one that was issued onto their key and does not count yet.
pub async fn find_being_replaced(
    tx: &mut Tx,
    sign_serial: &str,
    der: &[u8],
) -> Result<Option<String>, StoreError> {
    let row = sqlx::query(
        "SELECT k.sign_serial FROM certificates c
         JOIN orders o ON o.id = c.order_id AND o.service IN ('renewal', 'modification')
         JOIN key_orders k ON k.order_id = o.id
         WHERE c.serial = $1 AND c.certificate = $2 AND c.slot = 'sign' AND c.state = 'signed'",
    );
    let row = row.bind(sign_serial).bind(der).fetch_optional(tx).await?;
    row.map(|row| Ok(row.try_get("sign_serial")?)).transpose()
}

/// The encryption certificates (DER) that a medium had before this one, the newest first.
pub async fn list_encryption_before(
    tx: &mut Tx,
    key_serial: &str,
    but: &str,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = sqlx::query(
        "SELECT certificate FROM certificates
         WHERE key_serial = $1 AND key_serial <> '' AND slot = 'encrypt' AND serial <> $2
           AND state IN ('active', 'on_hold', 'revoked') AND certificate IS NOT NULL
         ORDER BY recorded_at DESC LIMIT 12",
    );
    let rows = rows.bind(key_serial).bind(but).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(row.try_get("certificate")?)).collect()
}
