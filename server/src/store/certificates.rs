//! Certificates as they come to be: reserved (serial), meant (to-be-signed bytes), signed, active.

use super::encryption_pairs::{self, Owner};
use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::Row;
use std::collections::{BTreeMap, HashMap};

/// Which certificate of a case: the two of a pair, or one for both uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    Sign,
    Encrypt,
    Single,
}

impl Slot {
    pub const ALL: [Slot; 3] = [Slot::Sign, Slot::Encrypt, Slot::Single];

    pub fn from_code(code: &str) -> Option<Slot> {
        Slot::ALL.into_iter().find(|slot| slot.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            Slot::Sign => "sign",
            Slot::Encrypt => "encrypt",
            Slot::Single => "single",
        }
    }
}

#[derive(Clone, Debug)]
pub struct CertificateRow {
    /// Hex, as in the certificate.
    pub serial: String,
    /// The authority that signs it, by its name in the store.
    pub issuer: String,
    pub profile: String,
    /// Empty where no UKEY is known.
    pub key_serial: String,
    pub spki_digest: String,
    /// Hex SM3 of the DER subject; none in rows of before.
    pub subject_digest: Option<String>,
    pub to_be_signed: Option<Vec<u8>>,
    pub certificate: Option<Vec<u8>>,
}

/// Reserves a serial for one slot of an order, with the bytes that are to be signed under it.
///
/// # Errors
/// A duplicate when the slot or the serial is taken.
pub async fn reserve(
    tx: &mut Tx,
    order_id: &str,
    slot: Slot,
    row: &CertificateRow,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO certificates (serial, issuer, profile, order_id, slot, key_serial, spki_digest, state, recorded_at,
                                   subject_digest, to_be_signed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'reserved', $8, $9, $10)",
    )
    .bind(&row.serial)
    .bind(&row.issuer)
    .bind(&row.profile)
    .bind(order_id)
    .bind(slot.code())
    .bind(&row.key_serial)
    .bind(&row.spki_digest)
    .bind(now.millis())
    .bind(&row.subject_digest)
    .bind(&row.to_be_signed)
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps the signed certificate for the row that is reserved for it, under the certificate's own serial; `false`: one is
/// kept already, and that one counts.
pub async fn keep_signed(
    tx: &mut Tx,
    reserved: &str,
    serial: &str,
    certificate: &[u8],
    not_after: Moment,
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE certificates SET certificate = $1, not_after = $2, signed_at = $3, state = 'signed', serial = $4
         WHERE serial = $5 AND state = 'reserved'",
    )
    .bind(certificate)
    .bind(not_after.millis())
    .bind(now.millis())
    .bind(serial)
    .bind(reserved)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The DER of a certificate that was signed.
pub async fn find_signed(tx: &mut Tx, serial: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query("SELECT certificate FROM certificates WHERE serial = $1").bind(serial);
    let row = row.fetch_optional(tx).await?;
    Ok(row.map(|row| row.try_get("certificate")).transpose()?.flatten())
}

/// Its order is found by an index.
pub(super) const ACTIVATE: &str =
    "UPDATE certificates SET state = 'active' WHERE order_id = $1 AND state = 'signed'";

/// Both certificates of the order are on the key and proven: they count from now (R140).
pub async fn activate(tx: &mut Tx, order_id: &str) -> Result<(), StoreError> {
    sqlx::query(ACTIVATE).bind(order_id).execute(tx).await?;
    Ok(())
}

/// What was issued for a key that broke does not count; its encryption pair becomes history.
pub async fn discard(tx: &mut Tx, order_id: &str, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE certificates SET state = 'discarded' WHERE order_id = $1 AND state IN ('reserved', 'signed')",
    )
    .bind(order_id)
    .execute(&mut *tx)
    .await?;
    encryption_pairs::retire(tx, &Owner::Order(order_id.to_owned()), now).await
}

/// How many certificates of each slot were put aside.
pub async fn count_discarded(tx: &mut Tx, order_id: &str) -> Result<HashMap<Slot, u32>, StoreError> {
    let rows = sqlx::query(
        "SELECT slot, COUNT(*) AS discarded FROM certificates WHERE order_id = $1 AND state = 'discarded' GROUP BY slot",
    );
    let mut counts = HashMap::new();
    for row in rows.bind(order_id).fetch_all(tx).await? {
        let slot: String = row.try_get("slot")?;
        let unknown = || StoreError::impossible("certificates", "slot", order_id, &slot);
        counts.insert(Slot::from_code(&slot).ok_or_else(unknown)?, row.try_get("discarded")?);
    }
    Ok(counts)
}

pub async fn find(tx: &mut Tx, order_id: &str, slot: Slot) -> Result<Option<CertificateRow>, StoreError> {
    let row = sqlx::query(
        "SELECT serial, issuer, profile, key_serial, spki_digest, subject_digest, to_be_signed, certificate
         FROM certificates
         WHERE order_id = $1 AND slot = $2 AND state <> 'discarded'",
    )
    .bind(order_id)
    .bind(slot.code())
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok(CertificateRow {
            serial: row.try_get("serial")?,
            issuer: row.try_get("issuer")?,
            profile: row.try_get("profile")?,
            key_serial: row.try_get("key_serial")?,
            spki_digest: row.try_get("spki_digest")?,
            subject_digest: row.try_get("subject_digest")?,
            to_be_signed: row.try_get("to_be_signed")?,
            certificate: row.try_get("certificate")?,
        })
    })
    .transpose()
}

/// A certificate of an order that is reserved or signed, and neither counts nor was put aside.
#[derive(Clone, Debug)]
pub struct Unfinished {
    pub serial: String,
    pub slot: Slot,
    pub spki_digest: String,
}

/// Those recorded up to this moment, by order: of all orders, or of this one.
pub async fn list_unfinished(
    tx: &mut Tx,
    before: Moment,
    order_id: Option<&str>,
) -> Result<BTreeMap<String, Vec<Unfinished>>, StoreError> {
    let rows = sqlx::query(
        "SELECT order_id, serial, slot, spki_digest FROM certificates
         WHERE state IN ('reserved', 'signed') AND recorded_at <= $1 AND order_id IS NOT NULL
           AND ($2 IS NULL OR order_id = $2)",
    );
    let mut orders: BTreeMap<String, Vec<Unfinished>> = BTreeMap::new();
    for row in rows.bind(before.millis()).bind(order_id).fetch_all(tx).await? {
        let (serial, slot): (String, String) = (row.try_get("serial")?, row.try_get("slot")?);
        let unknown = || StoreError::impossible("certificates", "slot", &serial, &slot);
        let slot = Slot::from_code(&slot).ok_or_else(unknown)?;
        let one = Unfinished { slot, spki_digest: row.try_get("spki_digest")?, serial };
        orders.entry(row.try_get("order_id")?).or_default().push(one);
    }
    Ok(orders)
}
