//! The key management centre's pairs: standby, in use, history (GM/T 0034, 9). What is secret in a row comes sealed.

use super::{StoreError, Tx};
use journey::moment::Moment;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashMap;

/// Whose pair it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An order of the counter, by its id.
    Order(String),
    /// A partner's request under the partner's own number.
    Partner { name: String, number: String },
}

impl Owner {
    pub fn order_id(&self) -> Option<&str> {
        match self {
            Owner::Order(id) => Some(id),
            Owner::Partner { .. } => None,
        }
    }

    /// The partner's name and number.
    pub fn request(&self) -> Option<(&str, &str)> {
        match self {
            Owner::Order(_) => None,
            Owner::Partner { name, number } => Some((name, number)),
        }
    }
}

/// A private key as it lies in the store.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The name of the key that seals.
    pub under: String,
    pub bytes: Vec<u8>,
}

/// A pair fresh from the dice.
#[derive(Clone, Debug)]
pub struct FreshPair {
    pub id: String,
    /// DER SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    pub sealed: Sealed,
}

/// A pair that somebody has, or had.
#[derive(Clone, Debug)]
pub struct PairRow {
    pub id: String,
    pub public_key: Vec<u8>,
    pub sealed: Sealed,
    pub owner: Owner,
    /// DER SubjectPublicKeyInfo of the signing key that the envelope is for, where that is known.
    pub signing_key: Option<Vec<u8>>,
    /// SM2EnvelopedKey to that key, once made.
    pub envelope: Option<Vec<u8>>,
    pub taken_at: Moment,
    pub retired_at: Option<Moment>,
}

const COLUMNS: &str = "id, public_key, sealed_key, sealed_under, order_id, partner, partner_number, signing_key, \
                       envelope, taken_at, retired_at";

fn read(row: &SqliteRow) -> Result<PairRow, StoreError> {
    let id: String = row.try_get("id")?;
    let order: Option<String> = row.try_get("order_id")?;
    let partner: Option<String> = row.try_get("partner")?;
    let number: Option<String> = row.try_get("partner_number")?;
    let owner = match (order, partner, number) {
        (Some(order), None, None) => Owner::Order(order),
        (None, Some(name), Some(number)) => Owner::Partner { name, number },
        _ => return Err(StoreError::impossible("encryption_pairs", "order_id", &id, "belongs to nobody")),
    };
    let retired_at: Option<i64> = row.try_get("retired_at")?;
    Ok(PairRow {
        public_key: row.try_get("public_key")?,
        sealed: sealed(row)?,
        owner,
        signing_key: row.try_get("signing_key")?,
        envelope: row.try_get("envelope")?,
        taken_at: Moment::from_millis(row.try_get("taken_at")?),
        retired_at: retired_at.map(Moment::from_millis),
        id,
    })
}

fn sealed(row: &SqliteRow) -> Result<Sealed, StoreError> {
    Ok(Sealed { under: row.try_get("sealed_under")?, bytes: row.try_get("sealed_key")? })
}

/// # Errors
/// A duplicate: this public key stands here already.
pub async fn record_standby(tx: &mut Tx, pairs: &[FreshPair], now: Moment) -> Result<(), StoreError> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO encryption_pairs (id, public_key, sealed_key, sealed_under, state, made_at) ",
    );
    insert.push_values(pairs, |mut row, pair| {
        row.push_bind(&pair.id).push_bind(&pair.public_key).push_bind(&pair.sealed.bytes);
        row.push_bind(&pair.sealed.under).push("'standby'").push_bind(now.millis());
    });
    insert.build().execute(tx).await?;
    Ok(())
}

pub async fn count_standby(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS pairs FROM encryption_pairs WHERE state = 'standby'");
    Ok(row.fetch_one(tx).await?.try_get("pairs")?)
}

/// The pairs that these owners have in use, each with its owner; who has none is missing.
pub async fn list_in_use(tx: &mut Tx, owners: &[Owner]) -> Result<HashMap<Owner, PairRow>, StoreError> {
    let mut found = Vec::new();
    let orders: Vec<&str> = owners.iter().filter_map(Owner::order_id).collect();
    if !orders.is_empty() {
        let mut select = QueryBuilder::<Sqlite>::new("WITH wants (order_id) AS (");
        select.push_values(orders, |mut row, id| {
            row.push_bind(id);
        });
        select.push(format!(
            ") SELECT {} FROM wants CROSS JOIN encryption_pairs ON encryption_pairs.order_id = wants.order_id
             WHERE state = 'in_use'",
            COLUMNS.replace("order_id", "encryption_pairs.order_id")
        ));
        found.extend(select.build().fetch_all(&mut *tx).await?);
    }
    let requests: Vec<(&str, &str)> = owners.iter().filter_map(Owner::request).collect();
    if !requests.is_empty() {
        let mut select = QueryBuilder::<Sqlite>::new("WITH wants (name, number) AS (");
        select.push_values(requests, |mut row, (name, number)| {
            row.push_bind(name).push_bind(number);
        });
        select.push(format!(
            ") SELECT {COLUMNS} FROM wants CROSS JOIN encryption_pairs
             ON encryption_pairs.partner = wants.name AND encryption_pairs.partner_number = wants.number
             WHERE state = 'in_use'"
        ));
        found.extend(select.build().fetch_all(&mut *tx).await?);
    }
    by_owner(&found)
}

fn by_owner(rows: &[SqliteRow]) -> Result<HashMap<Owner, PairRow>, StoreError> {
    rows.iter().map(|row| read(row).map(|pair| (pair.owner.clone(), pair))).collect()
}

/// Gives each of these owners a standby pair for its signing key (DER SubjectPublicKeyInfo), oldest first, in one
/// statement. Where the pool runs out, the last ones get none.
///
/// # Errors
/// A duplicate: an owner has a pair in use already, or stands here twice.
pub async fn take(
    tx: &mut Tx,
    wants: &[(Owner, Vec<u8>)],
    now: Moment,
) -> Result<HashMap<Owner, PairRow>, StoreError> {
    if wants.is_empty() {
        return Ok(HashMap::new());
    }
    let count = i64::try_from(wants.len()).unwrap_or(i64::MAX);
    let mut update = QueryBuilder::<Sqlite>::new(
        "WITH wants (place, order_id, partner, partner_number, signing_key) AS (",
    );
    update.push_values((1_i64..).zip(wants), |mut row, (place, (owner, signing_key))| {
        let request = owner.request();
        row.push_bind(place).push_bind(owner.order_id());
        row.push_bind(request.map(|request| request.0)).push_bind(request.map(|request| request.1));
        row.push_bind(signing_key);
    });
    update.push(
        "), oldest AS (SELECT id FROM encryption_pairs WHERE state = 'standby' ORDER BY made_at LIMIT ",
    );
    update.push_bind(count).push(
        "), free AS (SELECT id, row_number() OVER () AS place FROM oldest)
         UPDATE encryption_pairs SET state = 'in_use', order_id = wants.order_id, partner = wants.partner,
             partner_number = wants.partner_number, signing_key = wants.signing_key, taken_at = ",
    );
    update.push_bind(now.millis()).push(
        " FROM free JOIN wants ON wants.place = free.place WHERE encryption_pairs.id = free.id RETURNING ",
    );
    update.push(COLUMNS);
    by_owner(&update.build().fetch_all(tx).await?)
}

/// Keeps the envelopes, by the pair's id, and gives those that stand: where one was kept before, that one counts.
pub async fn keep_envelopes(
    tx: &mut Tx,
    envelopes: &[(String, Vec<u8>)],
) -> Result<HashMap<String, Vec<u8>>, StoreError> {
    if envelopes.is_empty() {
        return Ok(HashMap::new());
    }
    let mut update = QueryBuilder::<Sqlite>::new("WITH made (pair, envelope) AS (");
    update.push_values(envelopes, |mut row, (id, envelope)| {
        row.push_bind(id).push_bind(envelope);
    });
    update.push(
        ") UPDATE encryption_pairs SET envelope = COALESCE(encryption_pairs.envelope, made.envelope)
         FROM made WHERE encryption_pairs.id = made.pair AND state = 'in_use' RETURNING id, envelope",
    );
    let rows = update.build().fetch_all(tx).await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("envelope")?))).collect()
}

/// The pair that this owner has in use, if any, becomes history: nobody is given it again, and it can be recovered.
pub async fn retire(tx: &mut Tx, owner: &Owner, now: Moment) -> Result<(), StoreError> {
    let update = match owner {
        Owner::Order(id) => sqlx::query(
            "UPDATE encryption_pairs SET state = 'history', retired_at = $1 WHERE state = 'in_use' AND order_id = $2",
        )
        .bind(now.millis())
        .bind(id),
        Owner::Partner { name, number } => sqlx::query(
            "UPDATE encryption_pairs SET state = 'history', retired_at = $1
             WHERE state = 'in_use' AND partner = $2 AND partner_number = $3",
        )
        .bind(now.millis())
        .bind(name)
        .bind(number),
    };
    update.execute(tx).await?;
    Ok(())
}

/// The pair with this public key (DER SubjectPublicKeyInfo), if somebody has or had it.
pub async fn find_taken(tx: &mut Tx, public_key: &[u8]) -> Result<Option<PairRow>, StoreError> {
    let select =
        format!("SELECT {COLUMNS} FROM encryption_pairs WHERE public_key = $1 AND state <> 'standby'");
    let row = sqlx::query(sqlx::AssertSqlSafe(select)).bind(public_key).fetch_optional(tx).await?;
    row.as_ref().map(read).transpose()
}

/// The names of all keys that something of the pairs is sealed under.
pub async fn list_seals(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    // From name to name along the index, however many pairs lie under each.
    let rows = sqlx::query(
        "WITH RECURSIVE names (name) AS (
             SELECT MIN(sealed_under) FROM encryption_pairs
             UNION ALL
             SELECT (SELECT MIN(sealed_under) FROM encryption_pairs WHERE sealed_under > names.name)
             FROM names WHERE names.name IS NOT NULL)
         SELECT name FROM names WHERE name IS NOT NULL",
    )
    .fetch_all(tx)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("name")?)).collect()
}

/// A pair that lies under a key, with its place among them.
pub struct SealedPair {
    pub place: i64,
    pub id: String,
    pub sealed: Sealed,
}

/// So many of the pairs that lie under this key, from behind a place on.
pub async fn list_sealed_under(
    tx: &mut Tx,
    name: &str,
    behind: i64,
    limit: i64,
) -> Result<Vec<SealedPair>, StoreError> {
    // The index by seal holds the rows of one name in this order.
    let rows = sqlx::query(
        "SELECT rowid AS place, id, sealed_key, sealed_under FROM encryption_pairs
         WHERE sealed_under = $1 AND rowid > $2 ORDER BY rowid LIMIT $3",
    )
    .bind(name)
    .bind(behind)
    .bind(limit)
    .fetch_all(tx)
    .await?;
    let read = |row: &SqliteRow| {
        Ok(SealedPair { place: row.try_get("place")?, id: row.try_get("id")?, sealed: sealed(row)? })
    };
    rows.iter().map(read).collect()
}

/// The same private key under another seal.
pub async fn reseal(tx: &mut Tx, id: &str, sealed: &Sealed) -> Result<(), StoreError> {
    sqlx::query("UPDATE encryption_pairs SET sealed_key = $1, sealed_under = $2 WHERE id = $3")
        .bind(&sealed.bytes)
        .bind(&sealed.under)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
